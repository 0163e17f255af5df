import {randomBytes} from 'node:crypto';
import type {Client} from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Container} from '../../src/domain/containers.ts';
import {ProblemError} from '../../src/domain/problem.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {keptDatabases} from '../../src/operations/postgres/kept-databases.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {sideNames} from '../../src/operations/postgres/side-names.ts';
import {docker} from '../lab/docker.ts';
import {ensureBusybox} from '../lab/images.ts';
import {label, runId} from '../lab/run-id.ts';
import {startStorm} from '../support/client-storm.ts';
import {makeBackup} from '../support/database-backup.ts';
import {
	makeFolders,
	performNow,
	planNow,
	recoverNow,
	removeFolders,
	type PerformOptions,
} from '../support/perform.ts';
import {lacksPostgres} from '../support/postgres-binaries.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {container} from '../support/state.ts';

const postgres = await requireComponent('PostgreSQL', () => lacksPostgres());

describe.skipIf(postgres.missing !== undefined)(titleWith(postgres, 'a busy server'), () => {
	let server: PostgresServer;
	let options: PerformOptions;
	const io = createIo();
	beforeAll(async () => {
		// Fewer places than clients and restore need together: superusers' ones may be taken too.
		server = await startPostgres({settings: {max_connections: 205}});
		options = {
			act: createAct(),
			io,
			folders: await makeFolders(),
			targets: {postgres: [server.target()]},
		};
		await server.psql('CREATE ROLE app LOGIN');
		await server.psql('CREATE DATABASE shop');
		await server.psql(
			"CREATE TABLE a (v text); CREATE TABLE b (v text); INSERT INTO a VALUES ('new'); INSERT INTO b SELECT * FROM a; GRANT SELECT ON a, b TO app",
			'shop',
		);
	});
	afterAll(async () => {
		await server.remove();
		await removeFolders();
	});

	it('with 200 clients that come again at once, superusers too: all old or all new for each', async () => {
		const folders = options.folders ?? (await makeFolders());
		const {id} = await makeBackup(server, folders, {database: 'shop'});
		await server.psql("UPDATE a SET v = 'old'; UPDATE b SET v = 'old'", 'shop');
		const storm = await startStorm({
			connection: {host: server.folder, port: server.port, database: 'shop'},
			users: ['postgres', 'app'],
			count: 200,
			sql: "SELECT (SELECT string_agg(v, ',') FROM a) || '+' || (SELECT string_agg(v, ',') FROM b) AS answer",
		});
		const done = await performNow(restoreDatabase, {backup: id}, options);
		await storm.served();
		const {seen, changes} = await storm.stop();
		expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
		expect([...seen].toSorted()).toEqual(['new+new', 'old+old']);
		expect([...changes]).toEqual(['old+old>new+new']);

		// Without space for two copies nothing is dropped; what could be is named.
		const statfs: typeof io.files.statfs = async path => ({
			...(await io.files.statfs(path)),
			blocksAvailable: 10,
		});
		const full = {...options, io: {...io, files: {...io.files, statfs}}};
		const {kept} = sideNames('shop', done.plan.id);
		const refused: unknown = await planNow(restoreDatabase, {backup: id}, full).catch(
			(error: unknown) => error,
		);
		const problem = refused instanceof ProblemError ? refused.problem : undefined;
		expect(problem?.code).toBe('restore-no-space');
		expect(problem?.params['kept']).toContain(`${kept} (`);
	});

	it('with no place left for a look at the result: it is waited for', async () => {
		const folders = options.folders ?? (await makeFolders());
		await server.psql('CREATE DATABASE full_one');
		const {id} = await makeBackup(server, folders, {database: 'full_one'});
		let taken: Client[] = [];
		let waits = 0;
		const clock = {
			...io.clock,
			async sleep(ms: number, signal: AbortSignal) {
				if (ms === 250 && ++waits === 2) await Promise.all(taken.splice(0).map(one => one.end()));
				await io.clock.sleep(ms, signal);
			},
		};
		const done = await performNow(
			restoreDatabase,
			{backup: id},
			{
				...options,
				io: {...io, clock},
				onPlace: async (step, place) => {
					if (step !== 'open' || place !== 'begun') return;
					const tries = Array.from({length: 210}, () => server.session().catch(() => undefined));
					taken = (await Promise.all(tries)).flatMap(client => client ?? []);
				},
			},
		);
		expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(waits).toBeGreaterThan(1);
	});
});

const engine = await requireComponent('a Docker engine', prepareEngine);
const isMissing = postgres.missing !== undefined || engine.missing !== undefined;

describe.skipIf(isMissing)(titleWith(engine, 'services that write to the database'), () => {
	let server: PostgresServer;
	let options: PerformOptions;
	let backup: string;
	const project = `opsct-${randomBytes(4).toString('hex')}`;
	const act = createAct();
	const io = createIo();
	const services = new Map<string, Container>();

	async function startService(service: string, command: string): Promise<void> {
		const image = await ensureBusybox();
		const name = `${project}_${service}_1`;
		const id = await docker([
			...['run', '--detach', '--name', name, '--network', 'none', '--stop-signal', 'KILL'],
			...['--label', `${label}=${runId()}`, '--label', `com.docker.compose.project=${project}`],
			...['--label', `com.docker.compose.service=${service}`, image, 'sh', '-c', command],
		]);
		const facts = {id, name, key: `${project}/${service}/1`, project, image, imageId: image};
		services.set(service, container(service, facts));
	}

	const ask = (service: string, format: string) =>
		docker(['inspect', '--format', format, services.get(service)?.id ?? '']);
	const running = () =>
		Promise.all(['app', 'worker', 'cache'].map(name => ask(name, '{{.State.Running}}')));
	const contents =
		"SELECT string_agg(t::text, ',' ORDER BY id), (SELECT oid FROM pg_database WHERE datname = 'stock') FROM t";

	beforeAll(async () => {
		server = await startPostgres();
		await startService('app', 'sleep 86400');
		await startService('worker', 'sleep 86400');
		await startService('cache', 'sleep 86400');
		const folders = await makeFolders();
		options = {
			act,
			io,
			folders,
			targets: {postgres: [server.target()]},
			containers: [...services.values()],
		};
		await server.psql('CREATE DATABASE stock');
		await server.psql('CREATE TABLE t (id int, v text)', 'stock');
		await server.psql("INSERT INTO t SELECT i, 'new' FROM generate_series(1, 50) i", 'stock');
		({id: backup} = await makeBackup(server, folders, {database: 'stock'}));
		await server.psql("DELETE FROM t WHERE id > 30; UPDATE t SET v = 'old'", 'stock');
	});
	afterAll(async () => {
		const ids = [...services.values()].map(({id}) => id);
		if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids]);
		await server.remove();
		await removeFolders();
	});

	const restore = (more: Partial<PerformOptions> = {}, quiesce = ['app', 'worker']) =>
		performNow(restoreDatabase, {backup, quiesce}, {...options, ...more});

	it.each(['quiesce:mid1', 'clear:effect'])(
		'run again where the restore dies at %s',
		async failAt => {
			const before = await server.psql(contents, 'stock');
			const died = await restore({failAt});
			expect(await running()).toContain('false');
			const recovered = await recoverNow(restoreDatabase, died, options);
			expect([recovered.outcome, await running()]).toEqual(['undone', ['true', 'true', 'true']]);
			expect(await server.psql(contents, 'stock')).toBe(before);
		},
	);

	it('are stopped before the gate and started after it, and nothing else is', async () => {
		const cache = await ask('cache', '{{.State.StartedAt}}');
		const states: string[][] = [];
		const done = await restore({
			onPlace: async (step, place) => {
				const isSeen =
					(step === 'gate' && place === 'begun') || (step === 'swap' && place === 'after');
				if (isSeen) states.push(await running());
			},
		});
		expect(done.end).toEqual({outcome: 'done', exitStatus: 0});
		expect(states).toEqual([
			['false', 'false', 'true'],
			['false', 'false', 'true'],
		]);
		expect(await running()).toEqual(['true', 'true', 'true']);
		expect(await ask('cache', '{{.State.StartedAt}}')).toBe(cache);
		expect(await server.psql("SELECT count(*) FROM t WHERE v = 'new'", 'stock')).toBe('50');
	});

	it('are started where it dies right after the swap', async () => {
		const died = await restore({failAt: 'swap:effect'});
		expect(await running()).toEqual(['false', 'false', 'true']);
		const recovered = await recoverNow(restoreDatabase, died, options);
		expect([recovered.outcome, await running()]).toEqual(['done', ['true', 'true', 'true']]);
	});

	it('get the old data back where one of them is ill over the new', async () => {
		const kept = await keptDatabases(io, server.target(), new AbortController().signal);
		for (const {name} of kept) await server.psql(`DROP DATABASE ${name}`);
		await server.psql("UPDATE t SET v = 'mine'; COMMENT ON DATABASE stock IS 'ours'", 'stock');
		const before = await server.psql(contents, 'stock');
		const name = services.get('app')?.id ?? '';
		await docker(['rm', '--force', name]);
		// Ends when it is started for the second time: over the restored data.
		await startService(
			'app',
			'echo >> /starts; [ $(wc -l < /starts) != 2 ] || exit 3; sleep 86400',
		);
		const done = await restore({containers: [...services.values()]});
		expect(done.end).toMatchObject({
			outcome: 'undone',
			exitStatus: 1,
			problem: {code: 'restore-swapped-back', params: {names: `${project}_app_1`}},
		});
		expect(await server.psql(contents, 'stock')).toBe(before);
		expect(await running()).toEqual(['true', 'true', 'true']);
		const left =
			"SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname ~ '^stock'";
		expect(await server.psql(left)).toBe('stock|ours');
	});

	it('are not guessed where two projects have one of the name', async () => {
		const other = container('app', {project: 'other', name: 'other_app_1', id: 'f'.repeat(64)});
		const containers = [...services.values(), other];
		await expect(restore({containers})).rejects.toMatchObject({
			problem: {code: 'restore-which-service', params: {service: 'app'}},
		});
	});
});
