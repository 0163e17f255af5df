import {execFile} from 'node:child_process';
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {gzipSync} from 'node:zlib';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {ProblemError} from '../../src/domain/problem.ts';
import {backupDatabase} from '../../src/operations/backup/backup-database.ts';
import {importDump} from '../../src/operations/postgres/import-dump.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {restoreTable} from '../../src/operations/postgres/restore-table.ts';
import {docker} from '../lab/docker.ts';
import {
	makeFolders,
	performNow,
	planNow,
	removeFolders,
	type PerformOptions,
} from '../support/perform.ts';
import {startPostgresContainer, type PostgresContainer} from '../support/postgres-container.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const run = promisify(execFile);
const engine = await requireComponent('docker', prepareEngine);

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'restore into a container'), () => {
	let server: PostgresContainer;
	let options: PerformOptions;
	let folder: string;
	const act = createAct();
	const io = createIo();

	beforeAll(async () => {
		server = await startPostgresContainer({dataBytes: 4 * 2 ** 30});
		options = {
			act,
			io,
			folders: await makeFolders(),
			targets: {postgres: [server.target]},
			containers: [server.container],
		};
		folder = await mkdtemp(join(tmpdir(), 'opsct-dump-'));
		await server.psql(
			[
				'CREATE ROLE app_rw',
				'CREATE TABLE users (id serial PRIMARY KEY, name text)',
				"INSERT INTO users (name) SELECT E'n\\\\t' || i FROM generate_series(1, 500) i",
				'ALTER TABLE users OWNER TO app_rw',
				"CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $x$SELECT 'a\\\\b'$x$",
			].join('; '),
		);
	});
	afterAll(async () => {
		await server.remove();
		await removeFolders();
		await rm(folder, {recursive: true, force: true});
	});

	const own = async () =>
		(await docker(['ps', '--all', '--quiet', '--filter', 'label=opsconsole.op'])).trim();
	const refusal = async (file: string) => {
		const error: unknown = await planNow(importDump, {file}, options).catch(
			(caught: unknown) => caught,
		);
		return error instanceof ProblemError ? error.problem.code : error;
	};

	it('restores what the backup operation made, with a password and beside the server', async () => {
		const backup = await performNow(backupDatabase, {}, options);
		expect(backup.end?.outcome).toBe('done');
		await server.psql('DELETE FROM users WHERE id > 100');
		const done = await performNow(restoreDatabase, {backup: 'latest'}, options);
		expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(await server.psql('SELECT count(*) FROM users')).toBe('500');
		expect(JSON.stringify([done.plan, done.lines])).not.toContain(server.target.password?.reveal());
		expect(await readdir(options.folders?.scratch ?? '')).toEqual([]);
	});

	it('restores by the programs inside the container where nothing can be mounted into others', async () => {
		const far = {...options, io: {...io, docker: {...io.docker, address: 'tcp://far:2375'}}};
		await server.psql('DELETE FROM users WHERE id > 100');
		const request = {backup: 'latest', table: 'public.users'};
		const beside = await performNow(restoreTable, request, far);
		expect(beside.end).toEqual({outcome: 'done', exitStatus: 0});
		const kinds = beside.plan.steps.flatMap(({commands}) => commands.map(({kind}) => kind));
		expect([kinds.includes('exec'), kinds.includes('sidecar')]).toEqual([true, false]);
		const schema = `restored_${beside.plan.id.slice(-8)}`;
		expect(await server.psql(`SELECT count(*), max(name) FROM ${schema}.users`)).toMatch(/^500\|n/);
		expect(await server.psql('SELECT count(*) FROM users')).toBe('100');
		const whole = await performNow(restoreDatabase, {backup: 'latest'}, far);
		expect(whole.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(await server.psql('SELECT count(*) FROM users')).toBe('500');
		expect(await readdir(options.folders?.scratch ?? '')).toEqual([]);
	});

	it('imports a whole dump from elsewhere, and nothing that is cut, foreign or dangerous', async () => {
		const dump = async (...args: string[]) => {
			const {stdout} = await run(
				'docker',
				['exec', server.id, 'pg_dump', '-h', '127.0.0.1', '-U', 'postgres', ...args, 'shop'],
				{encoding: 'buffer', maxBuffer: 2 ** 26},
			);
			return stdout;
		};
		const plain = await dump();
		const file = join(folder, 'old.sql.gz');
		await writeFile(file, gzipSync(plain));
		const done = await performNow(importDump, {file, database: 'old shop'}, options);
		expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
		const restored = await performNow(
			restoreDatabase,
			{backup: done.plan.id, isForeignAccepted: true, properties: 'live', database: 'again'},
			options,
		);
		expect(restored.end?.problem).toBeUndefined();
		expect(await server.psql('SELECT count(*) FROM users', 'again')).toBe('500');
		expect(
			await server.psql("SELECT tableowner FROM pg_tables WHERE tablename = 'users'", 'again'),
		).toBe('app_rw');
		expect(await server.psql('SELECT f()', 'again')).toBe(String.raw`a\\b`);

		const custom = join(folder, 'old.pgc');
		await writeFile(custom, await dump('-Fc'));
		const archive = await performNow(importDump, {file: custom}, options);
		expect(archive.end?.outcome).toBe('done');
		const whole = await readFile(custom);
		await writeFile(custom, whole.subarray(0, Math.floor(whole.length * 0.8)));
		const cut = await performNow(importDump, {file: custom}, options);
		expect([cut.outcome, cut.end?.problem?.code]).toEqual(['undone', 'import-failed']);

		const fake = join(folder, 'fake.sql');
		await writeFile(fake, 'hello');
		expect(await refusal(fake)).toBe('import-unknown');
		await writeFile(fake, '');
		expect(await refusal(fake)).toBe('import-empty');
		await writeFile(
			fake,
			plain.toString().replace('SET statement_timeout', '\\! touch /tmp/x\nSET statement_timeout'),
		);
		expect(await refusal(fake)).toBe('import-commands');
		await writeFile(fake, gzipSync(plain).subarray(0, 400));
		expect(await refusal(fake)).toBe('import-broken-gzip');
		expect(await own()).toBe('');
	});
});
