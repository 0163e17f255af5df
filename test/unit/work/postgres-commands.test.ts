import {describe, expect, it} from 'vitest';
import {postgresCommands, postgresRestores} from '../../../src/work/postgres-commands.ts';
import {operations} from '../../../src/operations/index.ts';

const command = (name: string) => postgresCommands.find(one => one.name === name);

describe('commands for PostgreSQL', () => {
	it('become requests that the operations take', () => {
		const parsed = [
			postgresRestores['database']?.(['latest'], {quiesce: 'app,worker', server: 'db'}),
			postgresRestores['table']?.(['latest', 'public.orders'], {}),
			postgresRestores['schema']?.(['latest'], {schema: 'audit'}),
			postgresRestores['swap-back']?.(['shop__o_12345678'], {}),
			postgresRestores['drop-kept']?.(['shop__o_12345678'], {}),
			command('import')?.parse(['/a/b.sql.gz'], {}),
			command('postgres')?.parse(['cancel', '12'], {}),
			command('postgres')?.parse(['terminate'], {idle: '30'}),
			command('postgres')?.parse(['analyze'], {database: 'shop'}),
			command('postgres')?.parse(['vacuum', 'users'], {}),
			command('postgres')?.parse(['reindex', 'users_pkey'], {}),
		];
		for (const one of parsed) {
			expect(operations[one?.operation ?? '']?.parse(one?.request), one?.operation).toBeTruthy();
		}
		expect(parsed[0]?.request).toMatchObject({
			backup: 'latest',
			target: 'db',
			quiesce: ['app', 'worker'],
		});
	});

	it('say what is missing', () => {
		expect(() => postgresRestores['database']?.([], {})).toThrow('id of a backup');
		expect(() => command('postgres')?.parse(['cancel', 'x'], {})).toThrow('whole number');
		expect(() => command('postgres')?.parse(['drop'], {})).toThrow('postgres knows cancel');
	});
});
