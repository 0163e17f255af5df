import {expect, test} from 'vitest';
import {badSetting, placeIn, reachedKind, settingIn} from '../../../src/domain/log-places.ts';
import {countSymptoms, isGoingOn, symptomOf} from '../../../src/domain/log-symptoms.ts';

test.each([
	[
		'psycopg2.OperationalError: connection to server at "db" (172.18.0.3), port 5432 failed: Connection refused',
		'connection-refused',
		'db:5432',
		'postgres',
	],
	['Error: connect ECONNREFUSED 172.18.0.4:6379', 'connection-refused', '172.18.0.4:6379', 'redis'],
	[
		'redis.exceptions.ConnectionError: Error 111 connecting to redis:6379. Connection refused.',
		'connection-refused',
		'redis:6379',
		'redis',
	],
	[
		"ConnectionRefusedError: [Errno 111] Connect call failed ('172.18.0.3', 5432)",
		'connection-refused',
		'172.18.0.3:5432',
		'postgres',
	],
	[
		'psycopg2.OperationalError: could not translate host name "dbx" to address: Name or service not known',
		'name-not-resolved',
		'dbx',
		'postgres',
	],
	['Error: getaddrinfo EAI_AGAIN cache', 'name-not-resolved', 'cache', 'other'],
	['dial tcp: lookup db on 127.0.0.11:53: no such host', 'name-not-resolved', 'db', 'other'],
	[
		'nginx: [emerg] host not found in upstream "app:8000" in /etc/nginx/nginx.conf:12',
		'name-not-resolved',
		'app:8000',
		'other',
	],
	[
		'2026/11/21 10:00:00 [error] 29#29: *5 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.1, server: , request: "GET /api HTTP/1.1", upstream: "http://172.18.0.5:8000/api", host: "x"',
		'upstream-failed',
		'172.18.0.5:8000',
		'other',
	],
] as const)('%j names where it could not connect to', (line, symptom, place, kind) => {
	expect(symptomOf(line)).toBe(symptom);
	const {host = '', port} = placeIn(line) ?? {};
	expect(port === undefined ? host : `${host}:${port}`).toBe(place);
	expect(reachedKind(line)).toBe(kind);
});

test.each([
	['FATAL:  password authentication failed for user "app"', 'authentication-failed'],
	[
		'redis.exceptions.AuthenticationError: WRONGPASS invalid username-password pair',
		'authentication-failed',
	],
	['NOAUTH Authentication required.', 'authentication-failed'],
	['FATAL:  sorry, too many clients already', 'too-many-clients'],
	['FATAL:  remaining connection slots are reserved for superuser', 'too-many-clients'],
	[
		'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
		'pool-exhausted',
	],
	["OOM command not allowed when used memory > 'maxmemory'.", 'redis-oom'],
	["READONLY You can't write against a read only replica.", 'redis-readonly'],
	[
		'MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.',
		'redis-misconf',
	],
	['OSError: [Errno 28] No space left on device', 'disk-full'],
	["PermissionError: [Errno 13] Permission denied: '/data/x'", 'permission-denied'],
	['OSError: [Errno 98] Address already in use', 'address-in-use'],
	["KeyError: 'DATABASE_URL'", 'setting-missing'],
	['Error: Missing required environment variable JWT_SECRET_NAME', 'setting-missing'],
	['ValueError: WORKER_PAUSE_SECONDS must be a number', 'setting-missing'],
	["ERROR worker: round 0 failed: 'POSTGRES_PASSWORD'", 'setting-missing'],
	['ERROR: user_id is required', undefined],
	["ModuleNotFoundError: No module named 'fastapi'", 'module-missing'],
	['FATAL:  database "shop" does not exist', 'database-missing'],
	['psycopg2.errors.UndefinedTable: relation "orders" does not exist', 'table-missing'],
	[
		'ssl.SSLCertVerificationError: certificate verify failed: certificate has expired',
		'tls-failed',
	],
	['[CRITICAL] WORKER TIMEOUT (pid:12)', 'timeout'],
	['[ERROR] Worker (pid:12) was sent SIGKILL! Perhaps out of memory?', 'out-of-memory'],
	['exec /app/start: exec format error', 'crash'],
	['Traceback (most recent call last):', undefined],
	['RuntimeError: model answered with NaN for match 16', 'traceback'],
	['psycopg2.OperationalError: server closed the connection unexpectedly', 'connection-lost'],
	['INFO:  timeout set to 30 s', undefined],
	['INFO: no such file or directory, will be made', undefined],
	['10.0.0.1 - - [21/Nov/2026:10:00:00 +0000] "GET /timeout HTTP/1.1" 200 5', undefined],
	['STATEMENT:  select * from timeout', undefined],
	['all is well', undefined],
] as const)('%j is %s', (line, symptom) => {
	expect(symptomOf(line)).toBe(symptom);
});

test('the most telling kind is a cause, not what every failure brings with it', () => {
	const count = (...lines: readonly string[]) =>
		countSymptoms(lines.map(text => ({text, symptom: symptomOf(text)})));
	const found = count(
		'RuntimeError: no',
		'Error: request timed out',
		'Error: request timed out',
		'Error: connect ECONNREFUSED 10.0.0.2:5432',
		'RuntimeError: no',
	);
	expect(found).toEqual({
		counts: {traceback: 2, timeout: 2, 'connection-refused': 1},
		kind: 'connection-refused',
		first: 'Error: connect ECONNREFUSED 10.0.0.2:5432',
	});
	expect(count('fine')).toEqual({counts: {}});
});

test('what is written still goes on as long as it comes as often as before', () => {
	const startedAtMs = 1_000_000;
	const goesOn = (times: readonly number[], passedMs: number) =>
		isGoingOn(
			times.map(time => startedAtMs + time),
			{nowMs: startedAtMs + (times.at(-1) ?? 0) + passedMs, startedAtMs},
		);
	// A burst while the others started.
	expect([10_000, 21_000].map(ms => goesOn([500, 1000, 1500], ms))).toEqual([true, false]);
	// Once in a minute.
	const slow = [600_000, 660_000, 720_000];
	expect([100_000, 200_000].map(ms => goesOn(slow, ms))).toEqual([true, false]);
	// Once, long after the start; once at the start.
	expect([100_000, 130_000].map(ms => goesOn([600_000], ms))).toEqual([true, false]);
	expect(goesOn([500], 25_000)).toBe(false);
	expect(goesOn([], 0)).toBe(false);
});

test('a line names the setting that is wrong', () => {
	expect(settingIn("KeyError: 'REDIS_PASSWORD'")).toBe('REDIS_PASSWORD');
	expect(settingIn('unrecognized configuration parameter "max_conections"')).toBe('max_conections');
	expect(settingIn('something else')).toBeUndefined();
	const variables = new Map([['PAUSE', 'half']]);
	const line = "ValueError: could not convert string to float: 'half'";
	expect(badSetting(line, variables)).toBe('PAUSE');
	expect(badSetting(line, new Map())).toBeUndefined();
});

test('a long hostile line is read in time', () => {
	for (const piece of [
		'a"',
		'x KeyError: ',
		'env var ',
		'A_B ',
		'host=',
		'relation "',
		'=1 2 3 ',
	]) {
		const line = piece.repeat(1000 / piece.length);
		expect([symptomOf(line), placeIn(line)]).toEqual([undefined, undefined]);
	}
});
