import {expect, test} from 'vitest';
import type {ErrorsValue} from '../../../src/domain/errors.ts';
import {containerSamples} from '../../../src/domain/container-samples.ts';
import {parseDmesg} from '../../../src/domain/kernel-log.ts';
import {readErrorsSummary} from '../../../src/looks/stack/errors.ts';
import {knownMembers} from '../../../src/looks/stack/members.ts';
import {readStackServices} from '../../../src/looks/stack/services.ts';
import {readStackRequests} from '../../../src/looks/stack/requests.ts';
import {killsOf} from '../../../src/looks/service/kernel.ts';
import {namedSo} from '../../../src/looks/service/needs.ts';
import {callOther} from '../../../src/looks/service/subject.ts';
import {partialIo} from '../../support/io.ts';
import {lookFacts} from '../../support/look-facts.ts';
import {container, nowMs} from '../../support/state.ts';

function of(project: string, service: string, more: Parameters<typeof container>[1] = {}) {
	const key = `${project}/${service}/1`;
	const name = `${project}_${service}_1`;
	return container(service, {project, key, name, id: name.padEnd(64, '0'), ...more});
}

const app = of('staging', 'app');
const db = of('staging', 'db', {state: 'exited', exitCode: 1, restartPolicy: 'always'});
const otherApp = of('production', 'app', {health: 'unhealthy'});
const otherDb = of('production', 'db');
const plain = container('tool', {key: 'tool', name: 'tool'});
const {project: _project, service: _service, ...alone} = plain;
const containers = [app, db, otherApp, otherDb, alone];

test('the members of a stack are those of its project', () => {
	const keys = (scope: Parameters<typeof knownMembers>[0]['scope']) =>
		knownMembers({containers, scope}).map(({key}) => key);
	expect(keys({project: 'staging'})).toEqual(['staging/app/1', 'staging/db/1']);
	expect(keys({project: 'production', container: 'production/db/1'})).toEqual([
		'production/app/1',
		'production/db/1',
	]);
	expect(keys({container: 'tool'})).toEqual(['tool']);
	expect(keys({})).toHaveLength(5);
});

test('services are counted in their own project', async () => {
	const expected = (name: string) => ({
		name,
		isCritical: true,
		runtime: 'compose' as const,
		provenance: 'H1',
	});
	const read = async (project: string) => {
		const settings = {services: ['app', 'db'].map(expected)};
		const io = partialIo();
		const facts = lookFacts({io, scope: {project}, containers, settings});
		return (await readStackServices(facts)).values;
	};
	expect(await read('staging')).toMatchObject({down: 1, 'first-down': 'db', unhealthy: 0});
	expect(await read('production')).toMatchObject({down: 0, missing: 0, unhealthy: 1});
	// A project that has none of the expected services is another system.
	expect(await read('monitoring')).toMatchObject({down: 0, missing: 0});
});

test('one that is not critical and has no container is said, and nothing else', async () => {
	const expected = (name: string, isCritical: boolean) => ({
		...{name, isCritical, runtime: 'compose' as const, provenance: 'H1'},
	});
	const settings = {services: [expected('app', true), expected('loki', false)]};
	const scope = {project: 'production'};
	const facts = lookFacts({io: partialIo(), scope, containers: [app, otherApp], settings});
	const {values, lines} = await readStackServices(facts);
	expect(values).toMatchObject({expected: 1, running: 1, down: 0, missing: 0});
	expect(values).toMatchObject({'first-missing': undefined, 'missing-optional': 1});
	expect(lines).toContain('no container, not critical: loki');
});

test('a service whose container was removed is missing in its own project', async () => {
	const lost = [{project: 'staging', service: 'worker', key: 'staging/worker/1', wasThere: true}];
	const read = async (project: string) => {
		const facts = lookFacts({io: partialIo(), scope: {project}, containers});
		return (await readStackServices({...facts, lost})).values;
	};
	expect(await read('staging')).toMatchObject({
		...{missing: 1, 'first-missing': 'worker', down: 2, removed: 1},
	});
	expect(await read('production')).toMatchObject({missing: 0});
});

test('a service that runs in another project does not stand for one that is stopped', () => {
	const stopped = of('staging', 'worker', {state: 'exited', exitCode: 0, restartPolicy: 'no'});
	const running = of('production', 'worker');
	const engine = {version: '28', apiVersion: '1.48', name: 'x', operatingSystem: 'y'};
	const services = [
		{name: 'worker', isCritical: true, runtime: 'compose' as const, provenance: 'H1'},
	];
	const down = containerSamples('e', {engine, containers: [stopped, running]}, {services})
		.filter(({metric}) => metric === 'container.down')
		.map(({subject, value}) => [subject, value]);
	expect(down).toEqual([
		['staging_worker_1', 1],
		['production_worker_1', 0],
	]);
});

test('errors of another project are none here, also where everything else is the same', async () => {
	const value: ErrorsValue = {
		groups: [
			{
				id: '1',
				signature: 'pool exhausted',
				example: 'pool exhausted',
				details: [],
				severity: 'error',
				count: 900,
				perMinute: 80,
				firstAtMs: nowMs,
				lastAtMs: nowMs,
				project: 'production',
				services: ['app'],
				history: [80],
			},
		],
		errorsPerMinute: 80,
		serverErrorPercent: 30,
		projects: [{project: 'production', errorsPerMinute: 80, serverErrorPercent: 30}],
		linesRead: 1,
		linesSkipped: 0,
		groupsDropped: 0,
		followed: [],
	};
	const read = async (scope: Parameters<typeof lookFacts>[0]['scope'] & object) =>
		readErrorsSummary(
			lookFacts({io: partialIo(), scope, containers, readings: {'logs.errors': value}}),
		);
	const scope = {project: 'staging', container: 'staging/db/1', postgres: 'staging/db'};
	const {values, lines} = await read(scope);
	expect(values).toMatchObject({'errors-per-minute': 0, kinds: 0, 'top-kind': 'none'});
	expect(values['server-errors']).toBeUndefined();
	expect(lines).toEqual([]);
	expect((await read({container: 'tool'})).values).toMatchObject({'errors-per-minute': 0});
	const own = await read({project: 'production', container: 'production/db/1'});
	expect(own.values).toMatchObject({'errors-per-minute': 80, 'top-service': 'app'});
});

test('only the logs of the project are read for its requests', async () => {
	const paths: string[] = [];
	const io = partialIo({
		docker: {
			...partialIo().docker,
			stream: (path: string) => {
				paths.push(path);
				return Promise.reject(new Error('none'));
			},
		},
	});
	await readStackRequests(lookFacts({io, scope: {project: 'production'}, containers}));
	expect(paths.map(path => path.split('/')[2])).toEqual([otherApp.id, otherDb.id]);
});

test('a name means the service of the same project alone', () => {
	expect(namedSo(containers, 'db', 'production')).toEqual([otherDb]);
	expect(namedSo([app, otherDb], 'db', 'staging')).toEqual([]);
	expect(namedSo(containers, 'production_db_1', 'staging')).toEqual([otherDb]);
	expect([callOther(app, db), callOther(app, otherDb)]).toEqual(['db', 'production_db_1']);
});

test('a kill counts for the container that the kernel names, never for another', () => {
	const [own, foreign] = ['a'.repeat(64), 'b'.repeat(64)] as const;
	const kill = (id: string, pid: number) =>
		[
			`[ 100.0] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=docker-${id}.scope,mems_allowed=0,oom_memcg=/docker/${id},task_memcg=/docker/${id},task=postgres,pid=${pid},uid=70`,
			`[ 100.1] Memory cgroup out of memory: Killed process ${pid} (postgres) total-vm:1kB, anon-rss:1kB`,
		].join('\n');
	const nameless = '[ 101.0] Out of memory: Killed process 9 (postgres) total-vm:1kB';
	const found = (text: string) => {
		const {own: kills, count} = killsOf(parseDmesg(text, nowMs - 102_000), own, nowMs);
		return [count, kills.length];
	};
	expect(found(kill(foreign, 7))).toEqual([0, 0]);
	expect(found(`${kill(foreign, 7)}\n${kill(own, 8)}`)).toEqual([1, 1]);
	// Where the kernel does not say, it is unknown and no evidence.
	expect(found(nameless)).toEqual([undefined, 0]);
	// The number of a process that was killed before says nothing of the next one.
	expect(found(`${kill(own, 9)}\n${nameless}`)).toEqual([1, 1]);
});
