import {expect, test} from 'vitest';

import {
	blockBytesV1,
	blockBytesV2,
	groupPath,
	networkBytes,
	numberAfter,
	systemCpu,
} from '../../../src/domain/cgroup.ts';
import {applyEvent, parseEvent} from '../../../src/domain/container-events.ts';
import {
	containerFromList,
	exitCodeFromStatus,
	healthFromStatus,
} from '../../../src/domain/container-facts.ts';
import {compareApiVersions} from '../../../src/domain/docker-version.ts';
import {listeningPorts, passwordOfPgpass} from '../../../src/domain/listening.ts';
import {maskCommand, maskValue} from '../../../src/domain/mask.ts';
import {
	credentialsOfNeighbours,
	httpCandidates,
	placeOf,
	postgresCredentials,
	redisCredentials,
	serverKind,
	serviceFacts,
	targetId,
} from '../../../src/domain/recognise.ts';
import {usageOf} from '../../../src/domain/usage-sample.ts';
import {createContainerBoard} from '../../../src/sources/container-board.ts';
import {realClock} from '../../support/clock.ts';

const labels = (project: string, service: string) => ({
	'com.docker.compose.project': project,
	'com.docker.compose.service': service,
	'com.docker.compose.container-number': '1',
});

function listed(more: object = {}) {
	return containerFromList({
		Id: 'abc',
		Names: ['/other/alias', '/p_db_1'],
		Image: 'postgres:15',
		State: 'running',
		Status: 'Up 2 hours (healthy)',
		Labels: labels('p', 'db'),
		Ports: [
			{IP: '::', PrivatePort: 5432, PublicPort: 15432, Type: 'tcp'},
			{IP: '0.0.0.0', PrivatePort: 5432, PublicPort: 15432, Type: 'tcp'},
		],
		NetworkSettings: {Networks: {p_default: {IPAddress: '172.18.0.2'}}},
		...more,
	});
}

function facts(environment: string[], argv: string[] = ['postgres'], more: object = {}) {
	const [path = '', ...args] = argv;
	return serviceFacts({Path: path, Args: args, Config: {Env: environment}}, listed(more));
}

test('a list entry gives identity, health and distinct ports', () => {
	expect(listed()).toMatchObject({
		name: 'p_db_1',
		key: 'p/db/1',
		health: 'healthy',
		ports: [{containerPort: 5432, hostPort: 15432, hostAddress: '0.0.0.0'}],
	});
	expect(healthFromStatus('Up 3 seconds (health: starting)')).toBe('starting');
	expect(healthFromStatus('Up 3 seconds (Paused)')).toBe('none');
	expect(exitCodeFromStatus('Restarting (3) 2 seconds ago')).toBe(3);
	expect(exitCodeFromStatus('Up 2 hours')).toBeUndefined();
});

test('an end is a restart only where the policy says so and nobody asked for it', () => {
	const die = parseEvent({
		Type: 'container',
		Action: 'die',
		timeNano: 1e15,
		Actor: {ID: 'abc', Attributes: {exitCode: '3'}},
	});
	if (!die) {
		throw new Error('no event');
	}

	const always = {...listed(), restartPolicy: 'always'};
	expect(applyEvent(always, die, false)).toMatchObject({
		state: 'restarting',
		exitCode: 3,
		health: 'none',
	});
	expect(applyEvent(always, die, true)?.state).toBe('exited');
	expect(applyEvent(listed(), die, false)?.state).toBe('exited');
	expect(applyEvent(always, {...die, action: 'destroy'}, false)).toBeUndefined();
});

test('that a network let a container go is an event of that container, also where it is not known', () => {
	const event = parseEvent({
		Type: 'network',
		Action: 'disconnect',
		timeNano: 1e15,
		Actor: {ID: 'net', Attributes: {container: 'abc', name: 'p_default', type: 'bridge'}},
	});
	expect(event).toMatchObject({id: 'abc', action: 'disconnect'});
	expect(parseEvent({Type: 'network', Action: 'destroy', Actor: {ID: 'net'}})).toBeUndefined();
	const facts = {clock: realClock, histories: new Map(), isWanted: () => true};
	const board = createContainerBoard(facts);
	if (!event) throw new Error('no event');
	expect(board.takeEvent(event)).toEqual({isChanged: false, needsInspection: false});
	expect(board.all()).toEqual([]);
	board.takeList([{...listed(), id: 'abc'}], board.mark());
	expect(board.takeEvent(event)).toMatchObject({needsInspection: true});
	expect(board.all()).toHaveLength(1);
	board.takeEvent({...event, action: 'die'});
	expect(board.takeEvent(event)).toEqual({isChanged: false, needsInspection: false});
});

test('control group files of both versions are read', () => {
	expect(
		numberAfter('cache 1\ninactive_file 2\ntotal_inactive_file 3\n', 'total_inactive_file'),
	).toBe(3);
	expect(numberAfter('usage_usec 77\nuser_usec 1\n', 'usage_usec')).toBe(77);
	expect(numberAfter('cache 1\n', 'usage_usec')).toBeUndefined();
	expect(blockBytesV1('8:0 Read 4096\n8:0 Write 1\n8:16 Read 4\nTotal 4101\n')).toEqual({
		read: 4100,
		written: 1,
	});
	expect(blockBytesV2('8:0 rbytes=5 wbytes=6 rios=1\n8:16 rbytes=1 wbytes=1')).toEqual({
		read: 6,
		written: 7,
	});
	expect(networkBytes('a|b\n c |d\n lo: 9 0 0 0 0 0 0 0 9 0\neth0:5 0 0 0 0 0 0 0 7 0')).toEqual({
		received: 5,
		sent: 7,
	});
	expect(systemCpu('cpu  1 1 1 1 1 1 1 9 9\ncpu0 1\ncpu1 1\n')).toEqual({
		nanoseconds: 7e7,
		cpus: 2,
	});
	expect(groupPath('8:pids:/x\n4:cpu,cpuacct:/docker/a:b\n0::/y\n', 'cpuacct')).toBe('/docker/a:b');
});

test('rates need two samples and never go below zero', () => {
	const sample = {
		atMs: 0,
		cpuNanoseconds: 0,
		systemNanoseconds: 0,
		onlineCpus: 2,
		memoryUsedBytes: 1,
		receivedBytes: 100,
	};
	expect(usageOf(undefined, sample)).toEqual({memoryUsedBytes: 1});
	const later = {
		...sample,
		atMs: 2000,
		cpuNanoseconds: 1e9,
		systemNanoseconds: 4e9,
		receivedBytes: 300,
	};
	expect(usageOf(sample, later)).toMatchObject({
		cpuPercent: 50,
		networkReceivedBytesPerSecond: 100,
	});
	expect(usageOf(later, sample)).toEqual({memoryUsedBytes: 1});
});

test('servers are recognised, their helpers are not', () => {
	expect(serverKind(facts([]))).toBe('postgres');
	const kindOf = (image: string, argv: string[] = ['x']) =>
		serverKind(facts([], argv, {Image: image, Ports: []}));
	expect(kindOf('bitnami/postgresql:16')).toBe('postgres');
	expect(kindOf('valkey/valkey:8-alpine')).toBe('redis');
	expect(kindOf('mine:1', ['sh', '-c', 'exec redis-server --port 7'])).toBe('redis');
	expect(kindOf('oliver006/redis_exporter')).toBeUndefined();
	expect(kindOf('edoburu/pgbouncer')).toBeUndefined();
	expect(kindOf('nginx:1')).toBeUndefined();
	// A job that waits for the server, in the server's image; and a server that waits for itself.
	const waits = 'until pg_isready; do sleep 1; done';
	expect(kindOf('postgres:16', ['sh', '-c', waits])).toBeUndefined();
	expect(kindOf('postgres:16', ['sh', '-c', `postgres & ${waits}`])).toBe('postgres');
});

test('credentials come from the container, its command line, or a neighbour', () => {
	expect(postgresCredentials(facts(['POSTGRES_USER=u', 'POSTGRES_PASSWORD=p']))).toEqual({
		user: 'u',
		database: 'u',
		password: 'p',
	});
	expect(postgresCredentials(facts(['POSTGRES_PASSWORD_FILE=/run/secrets/x']))).toMatchObject({
		fileVariable: 'POSTGRES_PASSWORD_FILE',
	});
	expect(
		redisCredentials(facts(['PASS=q'], ['sh', '-c', 'redis-server --requirepass "$PASS"']))
			.password,
	).toBe('q');
	expect(
		redisCredentials(facts([], ['redis-server', '--requirepass', 'w', '--port', '7000'])),
	).toEqual({password: 'w', port: 7000});
	const database = facts([]);
	const app = facts(['DATABASE_URL=postgresql+asyncpg://me:s%40x@db:5432/shop'], ['app'], {
		Labels: labels('p', 'app'),
	});
	const stranger = facts(['DATABASE_URL=postgres://me:no@db/shop'], ['app'], {
		Labels: labels('other', 'app'),
	});
	expect(credentialsOfNeighbours(database, 'postgres', [stranger, app, database])).toEqual({
		user: 'me',
		password: 's@x',
		database: 'shop',
	});
});

test('a port is reached where it is published, else by the address of the container', () => {
	const local = {publishedHost: '127.0.0.1', reachesNetworks: true};
	expect(placeOf(facts([]), 5432, local)).toEqual({host: '127.0.0.1', port: 15432});
	expect(placeOf(facts([]), 80, local)).toEqual({host: '172.18.0.2', port: 80});
	expect(placeOf(facts([]), 80, {...local, reachesNetworks: false})).toBeUndefined();
	expect(targetId(listed())).toBe('p/db');
});

test('the health check names the address that is tried first', () => {
	const inspection = {
		Config: {Healthcheck: {Test: ['CMD-SHELL', 'curl -f http://localhost:8000/live || exit 1']}},
	};
	expect(httpCandidates(serviceFacts(inspection, listed()))).toEqual([
		{scheme: 'http', port: 8000, paths: ['/live'], isSure: true},
	]);
});

test('secrets are masked by name, in addresses and in command lines', () => {
	expect(maskValue('DB_PASSWORD', 'x').isMasked).toBe(true);
	expect(maskValue('AUTHOR', 'x').isMasked).toBe(false);
	expect(maskValue('DATABASE_URL', 'postgres://u:p@h/d').value).toBe('postgres://u:•••@h/d');
	expect(maskCommand('redis-server --requirepass hunter2 --port 1')).toBe(
		'redis-server --requirepass ••• --port 1',
	);
	expect(maskCommand('x --password=hunter2')).toBe('x --password=•••');
	expect(maskCommand('redis-cli -a hunter2 ping')).toBe('redis-cli -a ••• ping');
	expect(maskCommand('password policy is strict')).toBe('password policy is strict');
});

test('what listens on this machine is read without connecting', () => {
	const text =
		'  sl\n   0: 0100007F:1538 00000000:0000 0A 0\n   1: 0100007F:18EB 0100007F:1538 01 0\n   2: 0200A8C0:0050 00000000:0000 0A';
	expect([...listeningPorts(text)]).toEqual([5432]);
	expect(
		passwordOfPgpass('#c\n*:5433:*:*:no\nlocalhost:*:*:me:a\\:b', {
			port: 5432,
			database: 'd',
			user: 'me',
		}),
	).toBe('a:b');
	expect(compareApiVersions('1.9', '1.41')).toBeLessThan(0);
});
