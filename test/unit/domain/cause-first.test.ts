import {expect, test} from 'vitest';
import {causeFirst} from '../../../src/domain/cause-first.ts';

test.each([
	['GET /api/orders/17 → 502', '502 /api/orders/17 GET'],
	[
		'connect() failed (111: Connection refused) while connecting to upstream, client: 172.18.0.1, server: , request: "GET /api/x HTTP/1.1", upstream: "http://172.18.0.5:8000/api/x", host: "localhost"',
		/^Connection refused: 172\.18\.0\.5:8000\/api\/x connect\(\) failed/,
	],
	[
		'connection to server at "db" (172.18.0.3), port 5432 failed: Connection refused',
		/^Connection refused: connection to server at "db"/,
	],
	[
		'psycopg2.OperationalError: connection to server at "db", port 5432 failed: timeout expired',
		/^timeout expired: OperationalError: connection to server/,
	],
	['数据库连接失败，请检查主机和端口是否正确：密码错误', /^密码错误: 数据库连接失败/],
	['app.errors.PaymentError: card declined', 'PaymentError: card declined'],
	['2026-11-21 10:00:00,123 orders stuck', 'orders stuck'],
	[
		'worker: round 32 failed: Error -2 connecting to redis:6379. Name or service not known.',
		/^Error -2 connecting to redis:6379\. Name or service not known\.: worker: round 32/,
	],
	['the database system is shutting down', 'database system is shutting down'],
	['no space left on device', 'no space left on device'],
	['ValueError: bad', 'ValueError: bad'],
])('%s', (message, wanted) => {
	if (typeof wanted === 'string') expect(causeFirst(message)).toBe(wanted);
	else expect(causeFirst(message)).toMatch(wanted);
});

test('of a trace the exception is said, not that there was one', () => {
	const details = [
		'Traceback (most recent call last):',
		'  File "/app/main.py", line 42, in handle',
		'redis.exceptions.ConnectionError: Error 111 connecting to redis:6379',
	];
	expect(causeFirst('Exception in ASGI application', details)).toBe(
		'ConnectionError: Error 111 connecting to redis:6379',
	);
});
