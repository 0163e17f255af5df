import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import {promisify} from 'node:util';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {crashCases, createCrashRig, type CrashCase} from '../support/crash-matrix.ts';
import {makeBackup} from '../support/database-backup.ts';
import {makeFolders, performNow, removeFolders} from '../support/perform.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import {percentile, type Figure} from './figures.ts';

const run = promisify(execFile);
const program = 'opsconsole';
/** pgbench's scale of a database of about 1 GB. */
const gigabyteScale = 67;
const database = 'bench';

/** Inserts over and over, connecting again when cut; gives the longest gap between two that succeeded, in ms. */
async function busyClient(server: PostgresServer, signal: AbortSignal): Promise<number> {
	const isOver = () => signal.aborted;
	let longestMs = 0;
	let lastMs = performance.now();
	while (!isOver()) {
		const session = await server.session({database}).catch(() => undefined);
		try {
			while (session && !isOver()) {
				await session.query('INSERT INTO pgbench_history (tid, bid, aid) VALUES (1, 1, 1)');
				longestMs = Math.max(longestMs, performance.now() - lastMs);
				lastMs = performance.now();
			}
		} catch {
			// Cut off by the swap: connect again at once.
		}
		await session?.end().catch(() => undefined);
	}
	return longestMs;
}

async function fillBench(server: PostgresServer, scale: number): Promise<void> {
	await server.psql(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
	await server.psql(`CREATE DATABASE ${database}`);
	await run(join(server.programs, 'pgbench'), ['-i', '-q', '-s', String(scale), database], {
		env: {PGHOST: server.folder, PGPORT: String(server.port), PGUSER: 'postgres'},
	});
}

/** A restore of 1 GB from end to end, and how long twenty busy clients are cut off by the swap. */
export async function measureRestore(runs: number): Promise<readonly Figure[]> {
	const server = await startPostgres({settings: {max_connections: 200, max_wal_size: '4GB'}});
	try {
		const folders = await makeFolders();
		const options = {
			act: createAct(),
			io: createIo(),
			folders,
			targets: {postgres: [server.target()]},
		};
		await fillBench(server, gigabyteScale);
		const large = await makeBackup(server, folders, {database});
		const startedAt = performance.now();
		const done = await performNow(restoreDatabase, {backup: large.id}, options);
		const seconds = (performance.now() - startedAt) / 1000;
		if (done.outcome !== 'done') throw new Error(JSON.stringify(done.end));
		await dropKept(server);
		await fillBench(server, 1);
		const small = await makeBackup(server, folders, {database});
		const gaps: number[] = [];
		for (let round = 0; round < runs; round++) {
			const ended = new AbortController();
			const clients = Array.from({length: 20}, () => busyClient(server, ended.signal));
			const {outcome} = await performNow(restoreDatabase, {backup: small.id}, options);
			ended.abort();
			gaps.push(...(await Promise.all(clients)));
			if (outcome !== 'done') throw new Error(`a restore with busy clients ended ${outcome}`);
			await dropKept(server);
		}
		const bench = 'restore';
		const sizeMb = Math.round(large.facts.sizeBytes / 1e6);
		return [
			{
				bench,
				what: `${sizeMb} MB end to end`,
				unit: 's',
				program,
				value: seconds,
				limit: 60,
			},
			{
				bench,
				what: `longest gap of a client, p95 of ${gaps.length}`,
				unit: 'ms',
				program,
				value: percentile(gaps, 0.95),
				limit: 500,
			},
			{
				bench,
				what: 'longest gap of a client, most',
				unit: 'ms',
				program,
				value: Math.max(...gaps),
				limit: 2000,
			},
		];
	} finally {
		await server.remove();
		await removeFolders();
	}
}

async function dropKept(server: PostgresServer): Promise<void> {
	const names = await server.psql("SELECT datname FROM pg_database WHERE datname ~ '__o_'");
	for (const name of names.split('\n').filter(one => one !== '')) {
		await server.psql(`DROP DATABASE "${name}" WITH (FORCE)`);
	}
}

/** Kills a restore at every place, and its recovery at three; counts what is not as it must be afterwards. */
export async function measureCrashes(): Promise<readonly Figure[]> {
	const server = await startPostgres();
	try {
		const rig = await createCrashRig(server);
		const places = await rig.places();
		const nested = await crashCases(
			rig,
			places.filter((_, index) => index % 2 === 0),
			3,
		);
		const cases: readonly CrashCase[] = [...places.map(failAt => ({failAt})), ...nested];
		let bad = 0;
		for (const one of cases) {
			const result = await rig.run(one);
			if (result.bad === undefined) continue;
			bad++;
			process.stderr.write(`${JSON.stringify(result)}\n`);
		}
		const bench = 'crash';
		return [
			{
				bench,
				what: `bad of ${cases.length} kills of a restore`,
				unit: '',
				program,
				value: bad,
				limit: 0,
			},
		];
	} finally {
		await server.remove();
		await removeFolders();
	}
}
