import {existsSync} from 'node:fs';
import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import type {JsonValue} from '../../src/domain/plan.ts';
import {ProblemError} from '../../src/domain/problem.ts';
import {
	reindexConcurrently,
	unusedIndexAdvice,
} from '../../src/operations/postgres/indexes-care.ts';
import {pitrReadiness} from '../../src/operations/postgres/pitr-readiness.ts';
import {restoreTable} from '../../src/operations/postgres/restore-table.ts';
import {cancelQuery, terminateSessions} from '../../src/operations/postgres/sessions.ts';
import {analyzeDatabase, vacuumTable} from '../../src/operations/postgres/tables-care.ts';
import type {Operation} from '../../src/operations/operation.ts';
import {makeBackup} from '../support/database-backup.ts';
import {
	lookNow,
	makeFolders,
	performNow,
	planNow,
	removeFolders,
	type PerformOptions,
	type Performed,
} from '../support/perform.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {makePlace} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {waitFor} from '../support/wait.ts';

const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());

describe.skipIf(postgres.missing !== undefined)(titleWith(postgres, 'work on PostgreSQL'), () => {
	let server: PostgresServer;
	let options: PerformOptions;
	let archive: string;
	const act = createAct();
	const io = createIo();

	beforeAll(async () => {
		archive = await mkdtemp(join(tmpdir(), 'opsct-wal-'));
		// The server runs as another user.
		await chmod(archive, 0o777);
		server = await startPostgres({
			settings: {archive_mode: 'on', archive_command: `cp %p ${archive}/%f`},
		});
		options = {act, io, folders: await makeFolders(), targets: {postgres: [server.target()]}};
		await server.psql('CREATE DATABASE shop');
		await server.psql('CREATE ROLE app LOGIN');
		await server.psql(
			[
				"CREATE TYPE mood AS ENUM ('good', 'bad')",
				'CREATE TABLE users (id int PRIMARY KEY, name text, mood mood)',
				"INSERT INTO users SELECT i, 'n' || i, 'good' FROM generate_series(1, 2000) i",
				'CREATE TABLE orders (id int, user_id int REFERENCES users)',
				'INSERT INTO orders SELECT i, i FROM generate_series(1, 20) i',
				'CREATE INDEX orders_id ON orders (id)',
			].join('; '),
			'shop',
		);
	});
	afterAll(async () => {
		await server.remove();
		await removeFolders();
		await rm(archive, {recursive: true, force: true});
	});

	const notes = ({lines}: Performed) =>
		lines.flatMap(line => (line.st === 'note' || line.st === 'warn' ? [line.d] : []));
	const run = <R extends JsonValue>(operation: Operation<R>, request: JsonValue) =>
		performNow(operation, request, options);
	const refusal = async <R extends JsonValue>(operation: Operation<R>, request: JsonValue) => {
		const error: unknown = await planNow(operation, request, options).catch(
			(caught: unknown) => caught,
		);
		return error instanceof ProblemError ? error.problem.code : error;
	};

	it('puts one table of a backup beside the live one and touches nothing else', async () => {
		const {id} = await makeBackup(server, options.folders ?? (await makeFolders()), {
			database: 'shop',
		});
		await server.psql('DELETE FROM orders WHERE id > 5', 'shop');
		const done = await run(restoreTable, {backup: id, table: 'public.orders'});
		expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
		const schema = `restored_${done.plan.id.slice(-8)}`;
		expect(await server.psql(`SELECT count(*) FROM ${schema}.orders`, 'shop')).toBe('20');
		expect(await server.psql('SELECT count(*) FROM orders', 'shop')).toBe('5');
		const copy = notes(done).find(({code}) => code === 'restore-table-copy');
		await server.psql(String(copy?.params?.['sql']), 'shop');
		expect(await server.psql('SELECT count(*) FROM orders', 'shop')).toBe('20');
		expect(await server.psql("SELECT count(*) FROM pg_database WHERE datname ~ '__'")).toBe('0');

		const whole = await run(restoreTable, {backup: id, schema: 'public'});
		const side = `restored_${whole.plan.id.slice(-8)}`;
		expect(await server.psql(`SELECT count(*) FROM ${side}.users`, 'shop')).toBe('2000');
		expect(await refusal(restoreTable, {backup: id, table: 'public.nothing'})).toBe(
			'restore-table-unknown',
		);
	});

	it('takes a table back out where it dies before everything is there', async () => {
		const folders = options.folders ?? (await makeFolders());
		const {id} = await makeBackup(server, folders, {database: 'shop'});
		const cancel = new AbortController();
		const done = await performNow(
			restoreTable,
			{backup: id, table: 'public.orders'},
			{
				...options,
				cancel: cancel.signal,
				onPlace: (step, place) => {
					if (step === 'dump' && place === 'after') cancel.abort(new Error('test'));
					return Promise.resolve();
				},
			},
		);
		expect(done.outcome).toBe('cancelled');
		const schema = `restored_${done.plan.id.slice(-8)}`;
		expect(
			await server.psql(`SELECT count(*) FROM pg_namespace WHERE nspname = '${schema}'`, 'shop'),
		).toBe('0');
		expect(await server.psql("SELECT count(*) FROM pg_database WHERE datname ~ '__'")).toBe('0');
	});

	const pidOf = (application: string) =>
		server.psql(`SELECT pid FROM pg_stat_activity WHERE application_name = '${application}'`);

	it('cancels a query of exactly the session that was shown', async () => {
		const session = await server.session({application: 'slow', user: 'app', database: 'shop'});
		const running = session.query('SELECT pg_sleep(60)').catch((error: unknown) => String(error));
		const pid = Number(
			await waitFor(
				() =>
					server.psql(
						"SELECT pid FROM pg_stat_activity WHERE application_name = 'slow' AND state = 'active'",
					),
				{what: 'the slow query'},
			),
		);
		const done = await run(cancelQuery, {pid});
		expect(done.end?.outcome).toBe('done');
		expect(await running).toContain('canceling statement due to user request');
		expect(notes(done)[0]?.code).toBe('cancel-query-effect');
		await session.end();
		expect(await refusal(cancelQuery, {pid})).toBe('session-gone');
		const own = await server.session({application: 'boss'});
		expect(await refusal(cancelQuery, {pid: Number(await pidOf('boss'))})).toBe(
			'session-protected',
		);
		await own.end();
	});

	it('ends idle transactions, shows each before, and says what came of it', async () => {
		const idle = await server.session({application: 'forgot', user: 'app', database: 'shop'});
		await idle.query('BEGIN; SELECT 1');
		const busy = await server.session({application: 'fine', user: 'app', database: 'shop'});
		const done = await run(terminateSessions, {idleInTransactionMinutes: 0, database: 'shop'});
		expect(done.plan.warnings.map(({params}) => params?.['application'])).toEqual(['forgot']);
		expect(notes(done)[0]).toMatchObject({code: 'terminate-effect', params: {ended: 1}});
		expect(await pidOf('forgot')).toBe('');
		expect(await pidOf('fine')).not.toBe('');
		await busy.end();
		expect(await refusal(terminateSessions, {idleMinutes: 60, user: 'app'})).toBe('sessions-none');
		const boss = await server.session({application: 'boss', database: 'shop'});
		await boss.query('SELECT 1');
		expect(await refusal(terminateSessions, {idleMinutes: 0, user: 'postgres'})).toBe(
			'sessions-superuser',
		);
		await boss.end();
	});

	it('leaves a session alone that did something after it was shown', async () => {
		const session = await server.session({application: 'woke', user: 'app', database: 'shop'});
		await session.query('SELECT 1');
		const done = await performNow(
			terminateSessions,
			{idleMinutes: 0, user: 'app'},
			{
				...options,
				onPlace: async (step, place) => {
					if (step === 'terminate' && place === 'before') await session.query('SELECT 2');
				},
			},
		);
		expect(notes(done)[0]?.code).toBe('terminate-no-effect');
		expect((await session.query('SELECT 3 AS three')).rows).toEqual([{three: 3}]);
		await session.end();
	});

	it('analyses, vacuums and builds an index anew', async () => {
		expect((await run(analyzeDatabase, {database: 'shop'})).end?.outcome).toBe('done');
		await server.psql('UPDATE users SET name = name', 'shop');
		const vacuum = await waitFor(
			() => run(vacuumTable, {database: 'shop', minDeadPercent: 1}).catch(() => undefined),
			{what: 'dead rows in the statistics'},
		);
		expect(notes(vacuum)[0]).toMatchObject({code: 'vacuum-effect'});
		const reindex = await run(reindexConcurrently, {database: 'shop', index: 'orders_id'});
		expect(reindex.end?.outcome).toBe('done');
		expect(await refusal(reindexConcurrently, {database: 'shop', index: 'nothing'})).toBe(
			'care-no-relation',
		);
		const look = await lookNow(options);
		const advice = await unusedIndexAdvice(look, server.target(), 'shop');
		expect(advice.map(({params}) => params?.['sql'] ?? params?.['index'])).toEqual([
			'public.orders_id',
			'DROP INDEX CONCURRENTLY "public"."orders_id"',
		]);
	});

	it('removes the unfinished index of a failed try', async () => {
		await server.psql('CREATE TABLE doubled AS SELECT 1 AS id FROM generate_series(1, 2)', 'shop');
		const session = await server.session({database: 'shop'});
		await session.query('CREATE INDEX doubled_id ON doubled (id)');
		await session
			.query('CREATE UNIQUE INDEX CONCURRENTLY doubled_id_ccnew ON doubled (id)')
			.catch(() => undefined);
		await session.end();
		const done = await run(reindexConcurrently, {database: 'shop', index: 'doubled_id'});
		expect(notes(done)[0]).toMatchObject({
			code: 'reindex-cleaned',
			params: {name: 'doubled_id_ccnew'},
		});
		expect(await server.psql('SELECT count(*) FROM pg_index WHERE NOT indisvalid', 'shop')).toBe(
			'0',
		);
	});

	it('tells whether a point in time can be reached, and where a segment is missing', async () => {
		for (let count = 0; count < 4; count++) {
			await server.psql('SELECT pg_switch_wal() FROM pg_create_restore_point(md5(random()::text))');
		}
		const look = await lookNow(options);
		const read = () => pitrReadiness(look, server.target());
		const whole = await waitFor(
			async () => {
				const waiting = await server.psql(
					"SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'",
				);
				const seen = await read();
				return waiting === '0' && seen.isReady ? seen : undefined;
			},
			{what: 'an archive without gaps'},
		);
		expect(whole.lines.map(({code}) => code)).toEqual([
			'pitr-on',
			'pitr-whole',
			'pitr-recipe-base',
			'pitr-recipe-target',
			'pitr-recipe-export',
		]);
		const last = String(whole.lines[1]?.params?.['last']);
		const next =
			last.slice(0, 16) +
			(Number.parseInt(last.slice(16), 16) + 5).toString(16).toUpperCase().padStart(8, '0');
		const {host, port, user, database} = server.target();
		const place = await makePlace();
		const lines = [
			'environment: {kind: test, name: t}',
			'docker: {enabled: false}',
			'discovery: {enabled: false}',
			`postgres: [{id: main, host: "${host}", port: ${port}, user: "${user}", database: "${database}"}]`,
		];
		await place.write('opsconsole.yaml', lines.join('\n'));
		const time = '2026-01-02 03:04:05+08';
		const command = ['postgres', 'pitr', '--json', '--to-time', time];
		const state = join(place.folder, 'state');
		const ask = async () => {
			const {status, stdout} = await place.run(command, {OPSCONSOLE_STATE: state});
			const document: unknown = JSON.parse(stdout);
			return {status, document};
		};
		const ready = await ask();
		expect(ready).toMatchObject({status: 0, document: {server: 'main', isReady: true, time}});
		expect(JSON.stringify(ready.document)).toContain(`recovery_target_time = '${time}'`);
		await writeFile(join(archive, next), '');
		expect(await ask()).toMatchObject({status: 1, document: {isReady: false}});
		expect(existsSync(state)).toBe(false);
		await place.remove();
		const gap = await read();
		expect(gap.isReady).toBe(false);
		expect(gap.lines.find(({code}) => code === 'pitr-gap')?.params?.['count']).toBe(4);
	});
});
