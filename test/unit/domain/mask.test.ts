import {expect, test} from 'vitest';
import {maskArguments, maskCommand, maskText} from '../../../src/domain/mask.ts';
import {secret} from '../../../src/domain/secret.ts';

test.each([
	['redis-server --requirepass hunter2 --port 1', 'redis-server --requirepass ••• --port 1'],
	['redis-server requirepass hunter2', 'redis-server requirepass •••'],
	['/usr/bin/redis-cli -a hunter2 -p 6379 ping', '/usr/bin/redis-cli -a ••• -p 6379 ping'],
	['mysql -uroot -phunter2', 'mysql -uroot -p•••'],
	['curl -u me:hunter2 http://x', 'curl -u ••• http://x'],
	['app --password=hunter2 --port=1', 'app --password=••• --port=1'],
	['app --db-password hunter2', 'app --db-password •••'],
	['env PGPASSWORD=hunter2 psql', 'env PGPASSWORD=••• psql'],
	['app --api-key hunter2', 'app --api-key •••'],
	['app --token --verbose', 'app --token --verbose'],
	['app --password-file /run/x', 'app --password-file /run/x'],
	['psql postgresql://me:hunter2@db/app', 'psql postgresql://me:•••@db/app'],
	['psql postgresql://me:hun@ter2@db/app', 'psql postgresql://me:•••@db/app'],
	['wget http://x/?a=1&token=hunter2', 'wget http://x/?a=1&token=•••'],
	['ssh -p 22 host', 'ssh -p 22 host'],
	['postgres: author process', 'postgres: author process'],
	['node --max-old-space-size=4096 app.js', 'node --max-old-space-size=4096 app.js'],
])('%s', (command, masked) => {
	expect(maskArguments(command.split(' ')).join(' ')).toBe(masked);
});

test('headers and connection strings inside one argument', () => {
	expect(maskArguments(['curl', '-H', 'Authorization: Bearer hunter2abc'])).toEqual([
		'curl',
		'-H',
		'Authorization: •••',
	]);
	expect(maskArguments(['psql', 'host=db password=hunter2 user=me'])).toEqual([
		'psql',
		'host=db password=••• user=me',
	]);
	// A password may hold blanks, so the rest of the argument is hidden with it.
	expect(maskArguments(['sh', '-c', 'PGPASSWORD=hunter2 pg_dump x'])).toEqual([
		'sh',
		'-c',
		'PGPASSWORD=•••',
	]);
	expect(maskArguments(['sh', '-c', 'cd /x && redis-cli -a hunter2 ping'])).toEqual([
		'sh',
		'-c',
		'cd /x && redis-cli -a ••• ping',
	]);
	expect(maskArguments(['docker', 'exec', 'db', 'app --password hunter2'])).toEqual([
		'docker',
		'exec',
		'db',
		'app --password •••',
	]);
	expect(maskArguments([])).toEqual([]);
});

const jwt =
	'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

test.each([
	['cannot reach redis://:hunter2@cache:6379/0', 'cannot reach redis://:•••@cache:6379/0'],
	['"dsn": "postgres://me:hun@ter2@db/app"', '"dsn": "postgres://me:•••@db/app"'],
	['two amqp://a:hunter2@h,amqp://b:hunter2@i', 'two amqp://a:•••@h,amqp://b:•••@i'],
	['login failed password=hunter2 user=me', 'login failed password=••• user=me'],
	['{"user":"me","password":"hunt er2","a":1}', '{"user":"me","password":"•••","a":1}'],
	[String.raw`body {\"token\":\"hunter2\"} refused`, String.raw`body {\"token\":\"•••\"} refused`],
	["{'db_pass': 'hunter2', 'x': 2}", "{'db_pass': '•••', 'x': 2}"],
	['client_secret: hunter2, retry', 'client_secret: •••, retry'],
	['AWS_SECRET_ACCESS_KEY=hunter2/abc+d', 'AWS_SECRET_ACCESS_KEY=•••'],
	['GET /x?a=1&access_token=hunter2&b=2', 'GET /x?a=1&access_token=•••&b=2'],
	['sent Authorization: Bearer hunter2', 'sent Authorization: •••'],
	['{"Authorization": "Basic aHVudGVyMg=="}', '{"Authorization": "•••"}'],
	['upstream said bearer abcdefgh1234 is bad', 'upstream said bearer ••• is bad'],
	['Cookie: session=hunter2; other=hunter2', 'Cookie: •••'],
	[`rejected ${jwt} again`, 'rejected ••• again'],
	['key AKIAIOSFODNN7EXAMPLE denied', 'key ••• denied'],
	['-----BEGIN RSA PRIVATE KEY-----\nhunter2', '-----BEGIN RSA PRIVATE KEY-----•••'],
	['数据库密码：hunter2 错误', '数据库密码：••• 错误'],
])('a log line: %s', (line, masked) => {
	expect(maskText(line)).toBe(masked);
});

test.each([
	'FATAL: password authentication failed for user "app"',
	'the token expired 5 minutes ago',
	'GET https://example.com/health 502',
	'connection to server at "db" (172.18.0.4), port 5432 failed: Connection refused',
	'payment 12 for user 7 refused: gateway timeout after 900 ms',
	'password authentication failed for user "app"',
	'TokenError: signature has expired',
	'Unexpected token < in JSON at position 0',
	'used total_tokens: 4096, max_tokens=512',
	'duplicate key value violates unique constraint "users_pkey"',
	'DETAIL:  Key (id)=(42) already exists.',
	'Basic authentication is off, bearer authentication is on',
	'bypass=1 compass: north',
	'GET http://10.0.0.7:8080/users/me@example.org 500',
	"KeyError: 'token'",
])('no secret: %s', line => {
	expect(maskText(line)).toBe(line);
});

test('a line of the greatest length is masked in the time of its length', () => {
	for (const part of ['a', 'a.', 'pass', 'pass=', '://', '://a:', 'eyJ', 'bearer ', 'key"']) {
		expect(maskText(`${part.repeat(16_384 / part.length)} password=hunter2`)).not.toContain(
			'hunter2',
		);
	}
});

test('a command in one text keeps its blanks and quotes', () => {
	expect(maskCommand('app  --password "hunt er2"  -v')).toBe('app  --password •••  -v');
	expect(maskCommand("sh -c 'redis-cli -a hunter2 ping'")).not.toContain('hunter2');
	expect(maskCommand('mysql -phunter2 app')).toBe('mysql -p••• app');
});

const canary = 'Hunter2-canary';

test.each([
	`DATABASE_URL=postgres://app:${canary}@db:5432/app`,
	`could not connect to postgresql+psycopg2://app:p@ss${canary}@db/app: refused`,
	`redis.exceptions.AuthenticationError: redis://:${canary}@redis:6379/0`,
	`starting with password=${canary} and host=db`,
	`{"level":"error","password":"${canary}","user":"app"}`,
	`{'user': 'app', 'db_password': '${canary}'}`,
	`Authorization: Bearer ${canary}`,
	`"authorization": "Basic ${canary}"`,
	`x-api-key: ${canary}`,
	`Set-Cookie: session=${canary}; Path=/`,
	`STATEMENT:  ALTER ROLE app PASSWORD '${canary}'`,
	`GET /login?token=${canary} 500`,
	`PGPASSWORD=${canary} pg_dump failed`,
	`api_key=${canary}`,
])('hides the secret of: %s', line => {
	expect(maskText(line)).not.toContain(canary);
	expect(maskText(line)).toContain('•••');
});

test('hides a password that is known here, wherever it stands', () => {
	const bare = '7f3a9c0e11d2b4';
	expect(maskText(`tried ${bare} twice`)).toContain(bare);
	secret(bare);
	expect(maskText(`tried ${bare} twice`)).toBe('tried ••• twice');
});

test('does not take a common word for a password', () => {
	secret('postgres');
	expect(maskText('role "postgres" does not exist')).toBe('role "postgres" does not exist');
});
