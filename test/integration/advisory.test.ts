import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Plan} from '../../src/domain/plan.ts';
import type {PostgresTarget} from '../../src/domain/targets.ts';
import {createAct} from '../../src/io/create-act.ts';
import {holdInServer} from '../../src/work/advisory.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());
const phrase = {code: 'step-check'} as const;

function planWith(id: string, mode: 'exclusive' | 'shared', target?: string): Plan {
	return {
		version: 1,
		operation: 'backup-database',
		id,
		request: {},
		title: phrase,
		identity: {
			environment: {kind: 'test', name: 't'},
			hostname: 'h',
			machine: '',
			postgres: {
				...(target !== undefined && {target}),
				systemIdentifier: '7300',
				database: 'shop',
				oid: 1,
				versionNumber: 150_000,
			},
		},
		risk: 'safe',
		steps: [],
		locks: [{resource: 'pg:7300:shop', mode}],
		space: [],
		outages: [],
		deletes: [],
		warnings: [],
		undo: phrase,
	};
}

describe.skipIf(postgres.missing !== undefined)(titleWith(postgres, 'locks in the server'), () => {
	let server: PostgresServer;
	let targets: {readonly postgres: readonly PostgresTarget[]};
	const act = createAct();
	const hold = (plan: Plan) =>
		holdInServer(
			plan,
			act,
			{targets: {redis: [], endpoints: [], logs: [], backups: [], missing: [], ...targets}},
			'li',
		);

	beforeAll(async () => {
		server = await startPostgres();
		targets = {postgres: [server.target()]};
	});

	afterAll(async () => server.remove());

	test('keep a worker on another host away and say who is at it', async () => {
		const letGo = await hold(planWith('first', 'exclusive'));
		const host = expect.stringContaining('127.0.0.1') as string;
		const busy = {code: 'road-busy', params: {who: 'li', host, id: 'first'}};
		await expect(hold(planWith('second', 'exclusive'))).rejects.toMatchObject({problem: busy});
		await expect(hold(planWith('third', 'shared'))).rejects.toMatchObject({problem: busy});
		await letGo();
		const shared = [await hold(planWith('a', 'shared')), await hold(planWith('b', 'shared'))];
		await expect(hold(planWith('c', 'exclusive'))).rejects.toMatchObject({
			problem: {code: 'road-busy'},
		});
		for (const end of shared) await end();
		await (
			await hold(planWith('d', 'exclusive'))
		)();
	});

	test('a plan goes to the server it names, and to none where that is not clear', async () => {
		const [one] = targets.postgres;
		if (!one) throw new Error('no target');
		targets = {postgres: [one, {...one, id: 'other', port: 1}]};
		await expect(hold(planWith('e', 'exclusive'))).rejects.toMatchObject({
			problem: {code: 'road-no-server'},
		});
		await (
			await hold(planWith('f', 'exclusive', one.id))
		)();
	});
});
