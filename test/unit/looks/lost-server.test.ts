import {describe, expect, onTestFinished, test} from 'vitest';
import type {Problem} from '../../../src/domain/problem.ts';
import {refOf} from '../../../src/domain/recognise.ts';
import {noTargets, type Targets} from '../../../src/domain/targets.ts';
import {createEyes} from '../../../src/engine/eyes.ts';
import type {LookId} from '../../../src/runbooks/looks/index.ts';
import type {Scope} from '../../../src/runbooks/scope.ts';
import {createAppStore} from '../../../src/store/store.ts';
import {partialIo} from '../../support/io.ts';
import {container, stateWith} from '../../support/state.ts';
import {fresh, postgresActivity, postgresTarget} from '../../support/values.ts';

const stopped: Problem = {code: 'discovery-stopped', params: {name: 'shop_db_1'}, retry: 'soon'};
const db = container('db', {state: 'exited'});
const lost: Targets = {
	...noTargets,
	missing: [
		{area: 'postgres', name: 'shop/db', problem: stopped, container: refOf(db)},
		{area: 'redis', name: 'shop/cache', problem: stopped, container: refOf(db)},
	],
};
const scope: Scope = {
	project: 'shop',
	container: 'shop/db/1',
	postgres: 'shop/db',
	redis: 'shop/cache',
};

type World = {status: string; networks: object};

/** Eyes on a stack whose database is lost; `world` is what the engine says of its container. */
function eyesOn(world: World) {
	const store = createAppStore(stateWith({containers: [db], targets: lost}), () => undefined);
	let asked = 0;
	const io = partialIo({
		docker: {
			address: 'unix:///nowhere',
			get() {
				asked += 1;
				return Promise.resolve({
					Id: db.id,
					Name: `/${db.name}`,
					State: {Status: world.status},
					Config: {
						Labels: {
							'com.docker.compose.project': 'shop',
							'com.docker.compose.service': 'db',
						},
					},
					HostConfig: {NetworkMode: 'shop_default'},
					NetworkSettings: {Networks: world.networks},
				});
			},
			stream: () => Promise.reject(new Error('no stream')),
			version: () => Promise.reject(new Error('no version')),
		},
		postgres: () => ({
			query: () => Promise.resolve([]),
			close: () => Promise.resolve(),
		}),
	});
	const eyes = createEyes({
		io,
		settings: store.state().settings,
		folders: {root: '/nowhere', runs: '/nowhere', backups: '/nowhere'},
		state: () => store.state(),
		onChange: listener => store.api.subscribe(listener),
		refresh: () => undefined,
	});
	const end = new AbortController();
	onTestFinished(() => {
		end.abort();
	});
	const look = async (id: LookId) => {
		const [evidence] = await eyes.look([id], scope, end.signal);
		if (evidence === undefined) throw new Error('no evidence');
		return evidence;
	};

	return {look, store, asked: () => asked};
}

describe('a server whose container is stopped', () => {
	test.each(['exited', 'paused', 'restarting'])('or %s does not answer', async status => {
		const {look} = eyesOn({status, networks: {}});
		for (const id of ['postgres.activity', 'redis.server'] as const) {
			const {values, lines, problem} = await look(id);
			expect(values).toEqual({answers: false, failure: 'unreachable'});
			expect(lines.join()).toContain('shop_db_1');
			expect(problem).toBeUndefined();
		}
	});

	test.each([
		...['postgres.sessions', 'postgres.locks', 'postgres.queries', 'postgres.storage'],
		...['postgres.settings', 'redis.latency', 'redis.keys', 'redis.settings'],
	] as LookId[])('leaves %s unknown', async id => {
		const {values, problem} = await eyesOn({status: 'exited', networks: {}}).look(id);
		expect(values).toEqual({});
		expect(problem).toEqual(stopped);
	});

	test('or in no network does not answer either', async () => {
		const {values} = await eyesOn({status: 'running', networks: {}}).look('postgres.activity');
		expect(values).toEqual({answers: false, failure: 'unreachable'});
	});
});

test('one that was started a moment ago is waited for, and then it is what is looked at', async () => {
	const networks = {shop_default: {IPAddress: '172.18.0.5'}};
	const {look, store, asked} = eyesOn({status: 'running', networks});
	const seen = look('postgres.activity');
	await expect.poll(asked).toBeGreaterThan(0);
	const nowMs = Date.now();
	const target = {...postgresTarget, id: 'shop/db'};
	store.send({type: 'targets-found', targets: {...noTargets, postgres: [target]}, nowMs});
	const reading = {...fresh(postgresActivity), atMs: nowMs + 60_000};
	const change = {source: 'postgres.activity', target: 'shop/db', reading} as const;
	store.send({type: 'readings-arrived', changes: [change], alerts: [], points: {}, nowMs});
	expect((await seen).values).toMatchObject({answers: true, failure: 'none'});
});
