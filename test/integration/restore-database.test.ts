import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import type {Look} from '../../src/operations/operation.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {makeBackup} from '../support/database-backup.ts';
import {makeFolders, performNow, removeFolders, type Performed} from '../support/perform.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());

describe.skipIf(postgres.missing !== undefined)(
	titleWith(postgres, 'restore of a database'),
	() => {
		let server: PostgresServer;
		let folders: Look['folders'];
		const act = createAct();

		beforeAll(async () => {
			server = await startPostgres({
				settings: {max_prepared_transactions: 5, wal_level: 'logical'},
			});
		});
		afterAll(() => server.remove());
		afterEach(removeFolders);

		const options = () => ({act, folders, targets: {postgres: [server.target()]}});
		const restore = (request: Record<string, string | boolean>) =>
			performNow(restoreDatabase, {...request}, options());
		const databases = () =>
			server.psql(
				"SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'",
			);
		const problemOf = ({end}: Performed) => end?.problem?.code;

		beforeEach(async () => {
			folders = await makeFolders();
		});

		it('puts back what was deleted, dropped and added', async () => {
			await server.psql('CREATE DATABASE shop');
			await server.psql(
				'CREATE TABLE users (id serial PRIMARY KEY, name text); INSERT INTO users (name) SELECT md5(i::text) FROM generate_series(1, 100) i; CREATE TABLE "odd ""table" (t text); INSERT INTO "odd ""table" VALUES (\'x\')',
				'shop',
			);
			const {id} = await makeBackup(server, folders, {database: 'shop'});
			await server.psql(
				'DELETE FROM users WHERE id > 50; DROP TABLE "odd ""table"; CREATE TABLE extra ()',
				'shop',
			);
			const done = await restore({backup: id});
			expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
			expect(await server.psql('SELECT count(*), max(id) FROM users', 'shop')).toBe('100|100');
			expect(await server.psql('SELECT * FROM "odd ""table"', 'shop')).toBe('x');
		});
	},
);
