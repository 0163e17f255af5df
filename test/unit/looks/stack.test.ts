import {expect, test} from 'vitest';
import type {ErrorGroup, ErrorsValue} from '../../../src/domain/errors.ts';
import {endpointOf} from '../../../src/looks/endpoint/target.ts';
import {repositoryOf} from '../../../src/looks/service/image.ts';
import {holderIn} from '../../../src/looks/service/ports.ts';
import {paceOf} from '../../../src/looks/stack/error-rate.ts';
import {aboutOf, readErrorsSummary} from '../../../src/looks/stack/errors.ts';
import {commitsIn} from '../../../src/looks/stack/git-log.ts';
import {stackServices} from '../../../src/looks/stack/services.ts';
import {partialIo} from '../../support/io.ts';
import {lookFacts} from '../../support/look-facts.ts';
import {container, nowMs} from '../../support/state.ts';

test('the services of a stack are counted by what is wrong with them', () => {
	const expected = (name: string, isCritical = true) => ({
		name,
		isCritical,
		runtime: 'compose' as const,
		provenance: 'H1',
	});
	const found = stackServices(
		[
			container('app'),
			container('db', {state: 'exited', exitCode: 1}),
			container('migrate', {state: 'exited', exitCode: 0, restartPolicy: 'no'}),
			container('cache', {health: 'unhealthy', recentRestarts: 1}),
			container('web', {state: 'restarting', isCrashLooping: true, oomKilled: true}),
			container('mail', {state: 'paused', oomKilled: true}),
			container('jobs', {oomKilled: true}),
		],
		[expected('app'), expected('search'), expected('prometheus', false)],
		nowMs,
	);
	expect(found).toEqual({
		expected: 7,
		running: ['app', 'cache', 'jobs'],
		down: ['db', 'web', 'mail'],
		missing: ['search'],
		missingOptional: ['prometheus'],
		unhealthy: ['cache'],
		starting: [],
		crashLooping: ['web'],
		oomKilled: ['web', 'mail'],
		paused: ['mail'],
		restarted: ['cache'],
	});
});

function group(example: string, more: Partial<ErrorGroup> = {}): ErrorGroup {
	return {
		id: example,
		signature: example,
		example,
		details: [],
		severity: 'error',
		count: 4,
		perMinute: 2,
		firstAtMs: Date.now() - 60_000,
		lastAtMs: Date.now(),
		services: ['app'],
		history: [...Array.from({length: 28}, () => 0), 1, 3],
		...more,
	};
}

test('an error is about what it names', () => {
	const about = (example: string) => aboutOf(group(example));
	expect([
		about('connection to server at "db" (10.0.0.2), port 5432 failed: Connection refused'),
		about('Error 111 connecting to redis:6379. Connection refused.'),
		about('connect ECONNREFUSED 10.0.0.4:8080'),
		about('No space left on device'),
		about("KeyError: 'SECRET_NAME'"),
		about('ValueError: no such thing'),
		about('it did not work'),
	]).toEqual(['database', 'redis', 'network', 'disk', 'configuration', 'code', 'other']);
});

const postgresTarget = {
	id: 'db',
	origin: 'container',
	host: '10.0.0.2',
	port: 5432,
	database: 'shop',
	user: 'shop',
	tls: 'off',
} as const;

test('the program whose login is refused is no server, though the server logs it oftener', async () => {
	const refusal = 'FATAL:  password authentication failed for user "postgres"';
	const value: ErrorsValue = {
		groups: [
			group(refusal, {services: ['db'], history: [...Array.from({length: 28}, () => 0), 9, 9]}),
			group('request /predictions failed', {
				details: [`psycopg2.OperationalError: connection to server at "db", port 5432: ${refusal}`],
			}),
		],
		errorsPerMinute: 9,
		linesRead: 10,
		linesSkipped: 0,
		groupsDropped: 0,
		followed: [],
	};
	const [db, app] = [container('db'), container('app')];
	const ref = {containerId: db.id, containerName: db.name, project: 'shop', service: 'db'};
	const facts = lookFacts({
		io: partialIo(),
		scope: {project: 'shop'},
		containers: [db, app],
		targets: {postgres: [{...postgresTarget, container: ref}]},
		readings: {'logs.errors': value},
	});
	const {values} = await readErrorsSummary(facts);
	expect(values).toMatchObject({'top-service': 'db', 'refused-by-database': 'app'});
});

test('the summary names the most frequent error of the stack alone', async () => {
	const value: ErrorsValue = {
		groups: [
			// The same service of another project writes far more.
			group('deadlock detected', {history: [5], perMinute: 900, project: 'else'}),
			group('connect ECONNREFUSED 10.0.0.4:8080', {history: [900], project: 'else'}),
			// With several projects nobody knows whose a log of the host is.
			group('segfault', {history: [50]}),
			group('connect ECONNREFUSED 10.0.0.4:8080', {project: 'shop'}),
			group('seldom', {history: [1], firstAtMs: Date.now() - 3_600_000, project: 'shop'}),
			group('old', {history: [...[9], ...Array.from({length: 20}, () => 0)], project: 'shop'}),
		],
		errorsPerMinute: 190,
		serverErrorPercent: 60,
		projects: [
			{project: 'else', errorsPerMinute: 181, serverErrorPercent: 90, requestsPerSecond: 4},
			{project: 'shop', errorsPerMinute: 1, serverErrorPercent: 2, requestsPerSecond: 3},
		],
		linesRead: 10,
		linesSkipped: 0,
		groupsDropped: 0,
		followed: [
			{target: 'shop/app/1', project: 'shop', service: 'app', isFollowing: false},
			{target: 'else/app/1', project: 'else', service: 'app', isFollowing: false},
		],
	};
	const {values, lines} = await readErrorsSummary(
		lookFacts({
			io: partialIo(),
			scope: {project: 'shop'},
			containers: [container('app'), container('app', {project: 'else', key: 'else/app/1'})],
			readings: {'logs.errors': value},
		}),
	);
	expect(values).toMatchObject({
		// The average is 1; the most frequent alone comes twice a minute now.
		'errors-per-minute': 2,
		'server-errors': 2,
		'requests-per-second': 3,
		kinds: 2,
		'new-kinds': 1,
		top: 'connect ECONNREFUSED 10.0.0.4:8080',
		'top-service': 'app',
		'top-count': 4,
		'is-top-new': true,
		'top-kind': 'network',
		'no-room-rate': 0,
		noisiest: 'app',
		'noisiest-percent': 100,
		'unread-logs': 1,
	});
	expect(lines?.[0]).toBe('4× app: connect ECONNREFUSED 10.0.0.4:8080');
});

test('the pace of a flood is told by the lines that could be read', () => {
	const nowMs = 1_000_000;
	const lines = (count: number, everyMs: number, isError = true) =>
		Array.from({length: count}, (_, index) => ({atMs: nowMs - index * everyMs, isError})).reverse();
	// The minute is whole.
	expect(paceOf(lines(30, 1000), {nowMs, most: 100})).toBe(30);
	expect(paceOf(lines(100, 1000), {nowMs, most: 100})).toBe(60);
	// Only the last two seconds of it could be read.
	expect(paceOf(lines(100, 20), {nowMs, most: 100})).toBeCloseTo((100 / 1980) * 60_000);
	expect(paceOf(lines(100, 20, false), {nowMs, most: 100})).toBe(0);
	expect(paceOf([], {nowMs, most: 100})).toBe(0);
});

test('texts of programs are read', () => {
	expect(commitsIn('1700000000\tab12\tServe\tfaster\nbroken')).toEqual([
		{atMs: 1_700_000_000_000, text: 'ab12 Serve faster'},
	]);
	expect(
		holderIn(
			'LISTEN 0 511 127.0.0.1:80 0.0.0.0:* users:(("nginx",pid=7,fd=6),("nginx",pid=8,fd=6))',
		),
	).toEqual({name: 'nginx', pid: 7});
	expect(holderIn('LISTEN 0 511 127.0.0.1:80 0.0.0.0:*')).toBeUndefined();
	expect(['host:5000/shop/web:1.2', 'nginx', 'a/b@sha256:00'].map(repositoryOf)).toEqual([
		'host:5000/shop/web',
		'nginx',
		'a/b',
	]);
});

test('an endpoint of a container that does not run is known to be stopped', () => {
	const facts = (more: Partial<Parameters<typeof lookFacts>[0]>) =>
		lookFacts({io: partialIo(), scope: {endpoint: 'shop/app'}, ...more});
	expect(endpointOf(facts({containers: [container('app', {state: 'exited'})]}))).toEqual({
		stopped: 'shop_app_1',
	});
	expect(() => endpointOf(facts({}))).toThrow('look-nothing-here');
});
