import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import type {JsonValue} from '../../src/domain/plan.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {backupDatabase} from '../../src/operations/backup/backup-database.ts';
import type {Operation} from '../../src/operations/operation.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {verifyBackupWith} from '../../src/operations/verify/verify-backup.ts';
import {verifiers} from '../../src/operations/verify/verifiers.ts';
import {readCatalogue} from '../../src/sources/catalogue.ts';
import {
	makeFolders,
	performNow,
	recoverNow,
	removeFolders,
	type Performed,
	type PerformOptions,
} from '../support/perform.ts';
import {startPostgres, type PostgresServer} from '../support/postgres-server.ts';
import type {Figure} from './figures.ts';
import {flipBit, randomOf} from './mutations.ts';

const database = 'soak';
const faultShare = 0.01;
const writerCount = 4;
const mostBackups = 5;

/** What only the soak itself changes, so that it knows what must be there; and what the writers' transactions keep at 0. */
const proofSql = `SELECT (SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM own t)
	|| ' ' || (SELECT coalesce(sum(delta), 0) FROM noise)`;

async function write(server: PostgresServer, signal: AbortSignal): Promise<void> {
	const isOver = () => signal.aborted;
	while (!isOver()) {
		const session = await server.session({database}).catch(() => undefined);
		try {
			while (session && !isOver()) {
				await session.query('INSERT INTO noise (delta) VALUES (1), (-1)');
			}
		} catch {
			// Cut off by a restore: connect again.
		}
		await session?.end().catch(() => undefined);
	}
}

async function prepare(server: PostgresServer): Promise<void> {
	await server.psql(`CREATE DATABASE ${database}`);
	await server.psql(
		`CREATE TABLE own (id int PRIMARY KEY, value text);
		CREATE TABLE noise (id bigserial PRIMARY KEY, delta int);
		INSERT INTO own SELECT n, md5(n::text) FROM generate_series(1, 2000) n`,
		database,
	);
}

/** An operation that the soak carries out over and over, and the places at which it was seen to be able to fail. */
type Kind = {readonly operation: Operation; places: readonly string[]};

function kindOf<Request extends JsonValue>(operation: Operation<Request>): Kind {
	return {operation, places: []};
}

/**
 * Backs up, verifies, restores and cancels at random for so many minutes, with 1 % of all places failing and writers
 * running. Counts successes whose data differs, failures that changed something, and what was left over.
 */
export async function soakOperations(minutes: number, seed: number): Promise<readonly Figure[]> {
	const random = randomOf(seed);
	const server = await startPostgres({settings: {max_connections: 200, fsync: 'off'}});
	const ended = new AbortController();
	const counts = new Map<string, number>();
	const bad: string[] = [];
	try {
		const folders = await makeFolders();
		await prepare(server);
		const options: PerformOptions = {
			act: createAct(),
			io: createIo(),
			folders,
			targets: {postgres: [server.target({database})]},
		};
		const kinds = {
			backup: kindOf(backupDatabase),
			verify: kindOf(verifyBackupWith(verifiers)),
			restore: kindOf(restoreDatabase),
		};
		/** What each backup must hold, and whether it was damaged on purpose. */
		const known = new Map<string, {readonly proof: string; readonly isDamaged: boolean}>();
		const writers = Array.from({length: writerCount}, () => write(server, ended.signal));
		const proof = () => server.psql(proofSql, database);

		const act = async (kind: Kind, request: JsonValue): Promise<Performed | undefined> => {
			const failAt = kind.places.find(() => random() < faultShare);
			const cancel = new AbortController();
			const cancelAt = random() < 0.1 ? Math.floor(random() * kind.places.length) : -1;
			let passed = 0;
			const onPlace = () => {
				if (passed++ === cancelAt) cancel.abort(new Error('soak'));
				return Promise.resolve();
			};
			const more = {cancel: cancel.signal, onPlace};
			const faulty = {...options, ...more, ...(failAt !== undefined && {failAt})};
			let done = await performNow(kind.operation, request, faulty).catch(() => undefined);
			if (done && kind.places.length < done.places.length) kind.places = done.places;
			for (let again = 0; done?.outcome === 'crashed'; again++) {
				counts.set('crashed', (counts.get('crashed') ?? 0) + 1);
				const dies = again < 3 && random() < 0.2 ? done.places.at(-1) : undefined;
				const next = {...options, ...(dies !== undefined && {failAt: dies})};
				done = await recoverNow(kind.operation, done, next);
			}

			return done;
		};
		const isGood = (done: Performed | undefined) =>
			done?.outcome === 'done' || done?.outcome === 'warnings';

		const backUp = async (): Promise<string> => {
			await server.psql(
				`UPDATE own SET value = md5(value || id) WHERE id % 7 = ${Math.floor(random() * 7)}`,
				database,
			);
			const before = await proof();
			const done = await act(kinds.backup, {database});
			const {backups} = await readCatalogue(createIo(), folders.backups);
			const fresh = backups.find(({id}) => !known.has(id));
			if (isGood(done) !== (fresh !== undefined)) bad.push(`backup ${done?.outcome}: ${fresh?.id}`);
			if (fresh) known.set(fresh.id, {proof: before, isDamaged: false});
			for (const old of backups.slice(mostBackups)) {
				await rm(old.folder, {recursive: true});
				known.delete(old.id);
			}

			return done?.outcome ?? 'refused';
		};
		const anyBackup = (): string => {
			const ids = [...known.keys()];
			return ids[Math.floor(random() * ids.length)] ?? 'latest';
		};
		const verify = async (): Promise<string> => {
			const id = anyBackup();
			const {backups} = await readCatalogue(createIo(), folders.backups);
			const backup = backups.find(one => one.id === id);
			const facts = known.get(id);
			if (backup && facts && random() < 0.2) {
				await flipBit(join(backup.folder, 'dump.pgc'), random(), random());
				known.set(id, {...facts, isDamaged: true});
			}

			const done = await act(kinds.verify, {backup: id, level: 2});
			const isDamaged = known.get(id)?.isDamaged === true;
			if (isGood(done) && isDamaged) bad.push(`verify called the damaged ${id} good`);
			if (isDamaged && backup) {
				// It is taken away half of the time, so that restores meet damaged ones too.
				if (random() < 0.5) {
					await rm(backup.folder, {recursive: true});
					known.delete(id);
				}
			}

			return done?.outcome ?? 'refused';
		};
		const restore = async (): Promise<string> => {
			const id = anyBackup();
			const before = await proof();
			const done = await act(kinds.restore, {backup: id, database});
			const after = await proof();
			const facts = known.get(id);
			const wanted = isGood(done) ? facts?.proof : before;
			if (after !== wanted) bad.push(`restore ${done?.outcome}: ${after}, not ${wanted}`);
			if (isGood(done) && facts?.isDamaged === true) bad.push(`restored the damaged ${id}`);
			const names = (
				await server.psql(`SELECT datname FROM pg_database WHERE datname LIKE '${database}\\_\\_%'`)
			)
				.split('\n')
				.filter(name => name !== '');
			for (const name of names) {
				if (!name.includes('__o_')) bad.push(`restore ${done?.outcome} left ${name}`);
				await server.psql(`DROP DATABASE "${name}" WITH (FORCE)`);
			}

			return done?.outcome ?? 'refused';
		};
		const endMs = performance.now() + minutes * 60_000;
		let operations = 0;
		for (; performance.now() < endMs && bad.length < 20; operations++) {
			const choice = random();
			const [name, run] =
				known.size === 0 || choice < 0.3
					? (['backup', backUp] as const)
					: choice < 0.5
						? (['verify', verify] as const)
						: (['restore', restore] as const);
			const key = `${name} ${await run()}`;
			counts.set(key, (counts.get(key) ?? 0) + 1);
		}

		ended.abort();
		await Promise.all(writers);
		for (const one of bad) process.stderr.write(`operations-soak: ${one}\n`);
		const note = [
			`seed ${seed}`,
			...[...counts].sort().map(([name, count]) => `${name} ${count}`),
		].join(', ');
		return [
			{
				bench: 'operations-soak',
				what: `false successes and changed failures of ${operations} operations`,
				unit: '',
				program: 'opsconsole',
				value: bad.length,
				limit: 0,
				note,
			},
		];
	} finally {
		ended.abort();
		await server.remove();
		await removeFolders();
	}
}
