import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createPostgres} from '../../src/io/postgres.ts';
import {postgresActivity} from '../../src/sources/postgres-activity.ts';
import {realClock} from '../support/clock.ts';
import {lacksPgbouncer, startPgbouncer} from '../support/pgbouncer.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {partialIo} from '../support/io.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';

describe.skipIf(lacksPgbouncer() ?? (await lacksPostgres()))('PostgreSQL behind pgbouncer', () => {
	let server: PostgresServer;

	beforeAll(async () => {
		server = await startPostgres();
		await server.psql('CREATE TABLE kept (id int)');
	});

	afterAll(async () => {
		await server.remove();
	});

	it.each([
		['refuses the settings of the session', {}],
		['silently drops the settings of the session', {ignore_startup_parameters: 'options'}],
	])(
		'is read in transactions where the pooler %s, and nothing rubs off on others',
		async (_, settings) => {
			const pooler = await startPgbouncer(server, settings);
			const target = server.target({port: pooler.port});
			const postgres = createPostgres({clock: realClock});
			const ask = async (sql: string) => {
				const [row] = await postgres(target).query(sql, [], AbortSignal.timeout(10_000));
				return Object.values(row ?? {})[0];
			};
			const value = await postgresActivity
				.open(partialIo({postgres}), target)
				.read(AbortSignal.timeout(10_000));
			expect(value.database).toBe('postgres');
			expect(await ask('SHOW transaction_read_only')).toBe('on');
			expect(await ask('SHOW statement_timeout')).toBe('3s');
			await expect(ask('INSERT INTO public.kept VALUES (1)')).rejects.toMatchObject({
				problem: {params: {state: '25006'}},
			});
			expect(await ask('SELECT 1 AS n')).toBe(1);

			const others = {...target, id: 'others'};
			const plain = createPostgres({clock: realClock});
			const [row] = await plain(others).query(
				`SELECT current_setting('default_transaction_read_only') AS value`,
				[],
				AbortSignal.timeout(10_000),
			);
			expect(row?.['value']).toBe('off');
			await Promise.all([postgres(target).close(), plain(others).close()]);
			await pooler.remove();
		},
	);
});
