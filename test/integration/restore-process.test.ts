import {existsSync} from 'node:fs';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {listOf, objectOf, textOf} from '../../src/domain/unknown.ts';
import {keptComment, sideNames} from '../../src/operations/postgres/side-names.ts';
import {makeBackup, newBackupId} from '../support/database-backup.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {makePlace, type Place} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {waitFor} from '../support/wait.ts';

const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());
const flock = await requireComponent(
	'flock and /proc',
	() => existsSync('/usr/bin/flock') && existsSync('/proc/self/fd'),
);
const isMissing = postgres.missing !== undefined || flock.missing !== undefined;

describe.skipIf(isMissing)(titleWith(postgres, 'the program restores'), () => {
	let server: PostgresServer;
	let place: Place;
	let state: string;
	beforeAll(async () => {
		server = await startPostgres();
		place = await makePlace();
		state = join(place.folder, 'state');
		const {host, port, user} = server.target();
		const lines = [
			'environment: {kind: test, name: t}',
			'docker: {enabled: false}',
			'discovery: {enabled: false}',
			`postgres: [{id: main, host: "${host}", port: ${port}, user: "${user}", database: shop}]`,
		];
		await place.write('opsconsole.yaml', lines.join('\n'));
		await server.psql('CREATE DATABASE shop');
		await server.psql("CREATE TABLE t AS SELECT 'new' AS v", 'shop');
	});
	/** The entries of the maintenance flag. */
	const workers = async () => {
		const text = await readFile(join(state, 'maintenance.json'), 'utf8').catch(() => '{}');
		return listOf(objectOf(JSON.parse(text))['operations']).map(objectOf);
	};
	const endWorkers = async () => {
		for (const {pid} of await workers()) process.kill(Number(pid), 'SIGKILL');
	};
	afterAll(async () => {
		// One that hangs on purpose, where its test failed before it ended it.
		await endWorkers().catch(() => undefined);
		await server.remove();
		await place.remove();
	});

	const environment = (failpoint?: string) => ({
		OPSCONSOLE_STATE: state,
		...(failpoint !== undefined && {OPSCONSOLE_FAILPOINT: failpoint}),
	});
	const run = async (words: readonly string[], failpoint?: string) => {
		const {status, stdout} = await place.run([...words, '--json'], environment(failpoint));
		const document: unknown = JSON.parse(stdout === '' ? 'null' : stdout);
		return {status, document};
	};
	/** The run that was killed, as the command says it. */
	const killed = {status: 4, document: {outcome: 'manual'}};
	const recover = async () => {
		const {status, document} = await run(['recover']);
		const [first] = listOf(objectOf(document)['recovered']).map(objectOf);
		return [status, textOf(objectOf(first?.['job'])['outcome'])];
	};

	it('with the gate closed, and the console calls it a restore and no fault', async () => {
		const backups = join(state, 'backups');
		await mkdir(join(backups, 'verify'), {recursive: true, mode: 0o700});
		const {id} = await makeBackup(server, {backups}, {database: 'shop'});
		const marker = {version: 1, id, createdAt: '2026-11-20T00:00:00.000Z'};
		await writeFile(join(backups, '.opsconsole'), JSON.stringify(marker), {mode: 0o600});
		await server.psql("UPDATE t SET v = 'old'", 'shop');
		const restoring = run(
			['restore', 'database', id, '--confirm', 't/shop', '--no-health'],
			'clear:begun:hang',
		);
		const closed = "SELECT count(*) FROM pg_database WHERE datname = 'shop' AND NOT datallowconn";
		await waitFor(async () => (await server.psql(closed)) === '1' || undefined, {what: 'the gate'});
		const during = await place.status([], environment());
		const [entry] = await workers();
		await endWorkers();
		expect(entry).toMatchObject({operation: 'restore-database'});
		expect(during.document).toMatchObject({
			postgres: [
				{
					id: 'main',
					level: 'unknown',
					problem: {code: 'postgres-restoring'},
					storage: {problem: {code: 'postgres-restoring'}},
				},
			],
		});
		const {alerts, problems} = objectOf(during.document);
		expect(listOf(alerts).filter(alert => objectOf(alert)['target'] === 'main')).toEqual([]);
		const codes = listOf(problems).map(problem => textOf(objectOf(problem)['code']));
		expect(new Set(codes)).toEqual(new Set(['postgres-restoring']));
		expect(await restoring).toMatchObject(killed);
		expect(await recover()).toEqual([0, 'undone']);
		expect(await server.psql('SELECT v FROM t', 'shop')).toBe('old');
	});

	it('and what follows it, by workers that are killed in the middle', async () => {
		const id = newBackupId();
		const {kept} = sideNames('stock', id);
		const comment = keptComment({of: 'stock', id}, 0).replaceAll("'", "''");
		await server.psql('CREATE DATABASE stock');
		await server.psql("CREATE TABLE t AS SELECT 'restored' AS v", 'stock');
		await server.psql(`CREATE DATABASE ${kept}`);
		await server.psql("CREATE TABLE t AS SELECT 'before' AS v", kept);
		await server.psql(`COMMENT ON DATABASE ${kept} IS '${comment}'`);
		await server.psql(`ALTER DATABASE ${kept} ALLOW_CONNECTIONS false`);
		const back = ['restore', 'swap-back', kept, '--confirm', 't/stock'];
		const content = () => server.psql('SELECT v FROM t', 'stock');

		expect(await run(back, 'swap:effect')).toMatchObject(killed);
		expect([await recover(), await content()]).toEqual([[0, 'done'], 'before']);

		const [now = ''] = (
			await server.psql("SELECT datname FROM pg_database WHERE datname ~ '^stock__o_'")
		).split('\n');
		const drop = ['restore', 'drop-kept', now, '--confirm', `t/${now}`];
		expect(await run(drop, 'drop:mid1')).toMatchObject(killed);
		expect(await recover()).toEqual([0, 'done']);
		expect(await server.psql("SELECT datname FROM pg_database WHERE datname ~ '^stock'")).toBe(
			'stock',
		);
	});
});
