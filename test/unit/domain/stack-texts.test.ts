import {readFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {certificateOfPem, trustProblem} from '../../../src/domain/certificate-file.ts';
import {composeError} from '../../../src/domain/compose-error.ts';
import {endpointFailure, healthWords} from '../../../src/domain/endpoint-failure.ts';
import {summariseRequests} from '../../../src/domain/request-summary.ts';
import {changesOf, countChanges} from '../../../src/domain/stack-changes.ts';
import {tcpListeners} from '../../../src/domain/tcp-listeners.ts';
import {isWorker, queueOf, sideKeys} from '../../../src/domain/work-queues.ts';
import {certificate} from '../../support/certificate.ts';

test('a certificate file says when it ends', async () => {
	const files = await certificate({name: 'shop.example', days: 30});
	try {
		const read = certificateOfPem(await readFile(files.certificate, 'utf8'));
		const days = ((read?.notAfterMs ?? 0) - Date.now()) / 86_400_000;
		expect(Math.round(days)).toBe(30);
		expect(read?.text).toContain('shop.example');
	} finally {
		await files.remove();
	}

	for (const text of ['', '-----BEGIN CERTIFICATE-----\nMIIB!\n-----END CERTIFICATE-----']) {
		expect(certificateOfPem(text)).toBeUndefined();
	}

	expect(
		certificateOfPem(`-----BEGIN CERTIFICATE-----\n${btoa('0\x82')}\n-----END CERTIFICATE-----`),
	).toBeUndefined();
});

test.each([
	['CERT_HAS_EXPIRED', 'expired'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'chain'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'name'],
	["Hostname/IP does not match certificate's altnames", 'name'],
	['CERT_NOT_YET_VALID', 'other'],
] as const)('%s is a problem of %s', (error, problem) => {
	expect(trustProblem(error)).toBe(problem);
});

test.each([
	[
		'ERROR: yaml.scanner.ScannerError: mapping values are not allowed here\n  in "./compose.yaml", line 4, column 11',
		{kind: 'syntax', line: 4},
	],
	['yaml: line 7: did not find expected key', {kind: 'syntax', line: 7}],
	[
		"ERROR: The Compose file './compose.yaml' is invalid because:\nUnsupported config option for services.app: 'imge'",
		{kind: 'content'},
	],
	[
		"validating /srv/compose.yaml: services.app additional properties 'imge' not allowed",
		{kind: 'content'},
	],
	['service "app" refers to undefined network back: invalid compose project', {kind: 'content'}],
	[
		'env file /srv/app.env not found: stat /srv/app.env: no such file or directory',
		{kind: 'missing-file'},
	],
	["ERROR: Couldn't find env file: /srv/app.env", {kind: 'missing-file'}],
	[
		'error while interpolating services.db.environment.PASSWORD: required variable DB_PASSWORD is missing a value: set it',
		{kind: 'variable'},
	],
	[
		'time="2026-11-21" level=warning msg="The \\"X\\" variable is not set. Defaulting to a blank string."\nsomething new',
		{kind: 'other', text: 'something new'},
	],
] as const)('Compose says %j', (stderr, expected) => {
	expect(composeError(stderr)).toMatchObject(expected);
});

test('failures of an address have a kind', () => {
	const codes = [
		'ECONNREFUSED',
		'timeout',
		'HTTP 503',
		'ENOTFOUND',
		'ECONNRESET',
		'EPROTO',
		'EHOSTUNREACH',
		'?',
	];
	expect([undefined, ...codes].map(endpointFailure)).toEqual([
		'none',
		'refused',
		'timeout',
		'status',
		'name',
		'reset',
		'tls',
		'unreachable',
		'other',
	]);
});

test('a health answer says which of its parts is bad', () => {
	expect(
		healthWords(
			'{"status":"degraded","debug":false,"checks":{"database":{"status":"error","ms":3},"redis":"ok"}}',
		),
	).toEqual({says: 'degraded', failedPart: 'checks.database', failedParts: ['checks.database']});
	expect(healthWords('{"status":"healthy","database":"connected"}')).toEqual({
		says: 'healthy',
		failedParts: [],
	});
	expect(healthWords('{"database":false,"maintenance":false}').failedPart).toBe('database');
	expect(healthWords('<html>')).toEqual({failedParts: []});
});

test('requests are counted by what they tell', () => {
	const access = (line: string, status: number) =>
		`10.0.0.1 - - [21/Nov/2026:10:00:00 +0000] "${line} HTTP/1.1" ${status} 5`;
	const found = summariseRequests([
		{
			service: 'nginx',
			lines: [
				access('GET /api/users/17/orders', 502),
				access('GET /api/users/18/orders', 500),
				access('GET /logo.png', 404),
				access('GET /', 200),
				'2026/11/21 10:00:00 [error] 29#29: *5 upstream timed out (110: Connection timed out) while reading response header from upstream, upstream: "http://10.0.0.5:8000/api"',
			],
		},
		{
			service: 'app',
			lines: [
				access('GET /api/users/18/orders', 500),
				access('OPTIONS /api/login', 400),
				'2026/11/21 19:47:51 [error] 7#7: *1588 app could not be resolved (3: Host not found), client: 172.26.0.3',
				'WARNING: CORS origin https://shop.example not allowed',
			],
		},
	]);
	expect(found).toMatchObject({
		requests: 6,
		serverErrors: 3,
		badGateway: 1,
		notFound: 1,
		preflightsRefused: 1,
		cors: 1,
		corsOrigin: 'https://shop.example',
		topPath: ['GET /api/users/<n>/orders', 3],
		topNotFound: ['/logo.png', 1],
		upstreamTimeouts: 1,
		upstreamRefused: 0,
		upstreamUnresolved: 1,
		upstream: 'app',
	});
	expect(found.topService?.[0]).toMatch(/app|nginx/);
});

test('changes say why a container was made anew', () => {
	const hourMs = 3_600_000;
	const nowMs = 100 * hourMs;
	const facts = {
		containers: [
			{name: 'app', createdAtMs: nowMs - hourMs, image: 'app:2', imageAtMs: nowMs - 1.5 * hourMs},
			{name: 'db', createdAtMs: nowMs - 50 * hourMs, image: 'postgres:15'},
			{name: 'web', createdAtMs: nowMs - 3 * hourMs, image: 'nginx'},
		],
		files: [
			{path: '/srv/compose.yaml', modifiedAtMs: nowMs - 3.2 * hourMs},
			{path: '/srv/.env', modifiedAtMs: nowMs - 0.5 * hourMs},
		],
		commits: [{atMs: nowMs - 4 * hourMs, text: 'abc Faster'}],
	};
	expect(changesOf(facts).map(({kind, what}) => `${kind} ${what}`)).toEqual([
		'configuration /srv/.env',
		'image app: app:2',
		'configuration web: /srv/compose.yaml',
		'configuration /srv/compose.yaml',
		'commit abc Faster',
		'container db',
	]);
	expect(countChanges(facts, nowMs)).toEqual({
		containers: 2,
		images: 1,
		files: 2,
		commits: 1,
		isUnapplied: true,
	});
	expect(countChanges({containers: [], files: facts.files, commits: []}, nowMs).isUnapplied).toBe(
		false,
	);
});

test('listening sockets are read with how far they listen', () => {
	const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0 100
   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 0 100
   2: 0100007F:0050 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 778 1 0 100
   0: 00000000000000000000000001000000:18EB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 9 1`;
	expect(tcpListeners(text)).toEqual([
		{port: 8000, isLocalOnly: true, inode: 12_345},
		{port: 80, isLocalOnly: false, inode: 777},
		{port: 6379, isLocalOnly: true, inode: 9},
	]);
});

test('queues and workers are known by their names', () => {
	expect(
		[
			'celery',
			'mails',
			'rq:queue:high',
			'bull:mail:wait',
			'bull:mail:active',
			'queue:predictions',
			'users:recent',
			'x',
		].map(key => queueOf(key, false)?.kind),
	).toEqual(['celery', 'list', 'rq', 'bull', undefined, 'list', undefined, undefined]);
	expect(queueOf('x', true)?.kind).toBe('celery');
	expect(sideKeys({kind: 'rq', name: 'high', key: 'rq:queue:high'})).toEqual({
		taken: ['ZCARD', 'rq:wip:high'],
		failed: ['ZCARD', 'rq:failed:high'],
	});
	const worker = (service: string, command = '') => isWorker({service, name: 'x', command});
	expect([worker('worker'), worker('celery-beat'), worker('app'), worker('network')]).toEqual([
		true,
		true,
		false,
		false,
	]);
	expect(worker('tasks', 'celery -A shop worker -l info')).toBe(true);
});
