import {expect, test} from 'vitest';
import {connectionsOf, environmentFaults, variablesOf} from '../../../src/domain/connections.ts';

const found = (...lines: readonly string[]) =>
	connectionsOf(variablesOf(lines)).map(
		({variable, kind, host, port, user, password}) =>
			`${variable} ${kind} ${host}:${port} ${user ?? '-'} ${password ?? '-'}`,
	);

test('connections come from URLs, libpq texts and host variables with their family', () => {
	expect(found('DATABASE_URL=postgresql+asyncpg://app:s%40c@db/shop')).toEqual([
		'DATABASE_URL postgres db:5432 app s@c',
	]);
	expect(found('DSN=host=db port=5433 user=app password=x dbname=shop')).toEqual([
		'DSN postgres db:5433 app x',
	]);
	expect(found('DB_HOST=db', 'DB_PORT=6432', 'DB_USER=app', 'DB_PASSWORD=x')).toEqual([
		'DB_HOST postgres db:6432 app x',
	]);
	expect(found('PGHOST=db', 'PGPASSWORD=x')).toEqual(['PGHOST postgres db:5432 - x']);
	expect(found('REDIS_HOST=cache', 'CELERY_BROKER_URL=redis://:x@cache:6379/1')).toEqual([
		'CELERY_BROKER_URL redis cache:6379 - x',
	]);
	expect(found('API_URL=http://api:8000/v1', 'HOST=0.0.0.0', 'PGHOST=/run/postgresql')).toEqual([
		'API_URL http api:8000 - -',
	]);
});

test('faults of an environment are named, not shown', () => {
	const variables = variablesOf([
		'A=',
		'B="quoted"',
		'C=blank ',
		'D=changeme',
		'E=${DB_PASSWORD}',
		'F=postgres://app:pa/ss@db:5432:x/shop',
		'G=postgres://app:x@a:1,b:2/shop',
		'H=fine',
		'I=carriage\r',
	]);
	expect(environmentFaults(variables)).toEqual({
		empty: ['A'],
		placeholders: ['D', 'E'],
		malformed: ['B', 'C', 'F', 'I'],
	});
});
