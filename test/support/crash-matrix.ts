import {readdir} from 'node:fs/promises';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import type {Look} from '../../src/operations/operation.ts';
import {restoreDatabase} from '../../src/operations/postgres/restore-database.ts';
import {makeBackup} from './database-backup.ts';
import {makeFolders, performNow, recoverNow, type Performed} from './perform.ts';
import type {PostgresServer} from './postgres-server.ts';

/** One way to die: the place of the run, and the place at which its recoveries die too, three times in a row. */
export type CrashCase = {readonly failAt: string; readonly againAt?: string};

/** What a case left, in words; absent where everything is as it must be. */
export type CrashResult = CrashCase & {readonly ended: string; readonly bad?: string};

/** A tiny database with a backup, on which a restore is killed over and over. */
export type CrashRig = {
	/** Every place of an undisturbed restore, as `failAt` names them. */
	places(): Promise<readonly string[]>;
	/** Every place of the recovery of a restore that was killed there. */
	placesAfter(failAt: string): Promise<readonly string[]>;
	/** Kills a restore there, recovers (again where that is killed too), and compares the world. */
	run(one: CrashCase): Promise<CrashResult>;
};

const database = 'crash';
const state = `SELECT coalesce((SELECT string_agg(id || note, ',' ORDER BY id) FROM t), '-')`;
const oldState = '1old,2old';
const newState = '1new,2new,3new';

/** Makes the rig on a server of the test's own. */
export async function createCrashRig(server: PostgresServer): Promise<CrashRig> {
	const folders: Look['folders'] = await makeFolders();
	const act = createAct();
	// One for all cases: each would keep a connection of its own until the server is full.
	const options = {act, folders, io: createIo(), targets: {postgres: [server.target()]}};
	const control = await server.session();
	await control.query(`CREATE DATABASE ${database}`);
	await server.psql('CREATE TABLE t (id int PRIMARY KEY, note text)', database);
	await server.psql("INSERT INTO t SELECT i, 'new' FROM generate_series(1, 3) i", database);
	const {id} = await makeBackup(server, folders, {database});
	await server.psql("DELETE FROM t WHERE id = 3; UPDATE t SET note = 'old'", database);
	const request = {backup: id};

	async function others(): Promise<readonly string[]> {
		const {rows} = await control.query<{datname: string}>(
			"SELECT datname FROM pg_database WHERE datname LIKE '%\\_\\_%' ORDER BY 1",
		);
		return rows.map(({datname}) => datname);
	}

	/** Back to the old state for the next case. */
	async function reset(): Promise<void> {
		for (const name of await others()) {
			if (!name.includes('__o_')) {
				await control.query(`DROP DATABASE "${name}" WITH (FORCE)`);
				continue;
			}
			await control.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
			await control.query(`ALTER DATABASE "${name}" RENAME TO ${database}`);
			await control.query(`COMMENT ON DATABASE ${database} IS NULL`);
		}
		await control.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS true`);
	}

	/** What is wrong with the world, seen by a client of the database and by the catalog. */
	async function look(done: Performed): Promise<string | undefined> {
		const isNew = done.outcome === 'done' || done.outcome === 'warnings';
		const client = await server.session({database}).catch((error: unknown) => String(error));
		if (typeof client === 'string') return `not reachable: ${client}`;
		const {rows} = await client.query<{coalesce: string}>(state);
		await client.end();
		const found = rows[0]?.coalesce;
		if (found !== (isNew ? newState : oldState)) return `${done.outcome} with ${found ?? ''}`;
		const left = (await others()).filter(name => !name.includes('__o_'));
		if (left.length > 0) return `left over: ${left.join(', ')}`;
		const kept = (await others()).length;
		if (kept !== (isNew ? 1 : 0)) return `${kept} kept databases after ${done.outcome}`;
		const scratch = await readdir(folders.scratch);
		if (scratch.length > 0) return `left over: ${scratch.join(', ')}`;
		const own = await control.query<{count: string}>(
			"SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'opsc:%'",
		);
		return own.rows[0]?.count === '0' ? undefined : 'sessions of the run are left';
	}

	return {
		async places() {
			const done = await performNow(restoreDatabase, request, options);
			await reset();
			return done.places;
		},
		async placesAfter(failAt) {
			const died = await performNow(restoreDatabase, request, {...options, failAt});
			const {places} = await recoverNow(restoreDatabase, died, options);
			await reset();
			return places;
		},
		async run({failAt, againAt}) {
			const ids = {failAt, ...(againAt !== undefined && {againAt})};
			let done = await performNow(restoreDatabase, request, {...options, failAt});
			if (done.outcome !== 'crashed') {
				return {...ids, ended: done.outcome, bad: `did not die: ${JSON.stringify(done.end)}`};
			}
			if (againAt !== undefined) {
				// Up to three times in a row, as long as it comes to that place again.
				for (let kills = 0; kills < 3 && done.outcome === 'crashed'; kills++) {
					done = await recoverNow(restoreDatabase, done, {...options, failAt: againAt});
				}
			}
			if (done.outcome === 'crashed') done = await recoverNow(restoreDatabase, done, options);
			const bad = await look(done).finally(reset);
			return {...ids, ended: done.outcome, ...(bad !== undefined && {bad})};
		},
	};
}

/** For each place, some ways (spread evenly) in which its recovery is killed too. */
export async function crashCases(
	rig: CrashRig,
	places: readonly string[],
	each: number,
): Promise<readonly CrashCase[]> {
	const cases: CrashCase[] = [];
	for (const failAt of places) {
		const after = await rig.placesAfter(failAt);
		for (let index = 0; index < Math.min(each, after.length); index++) {
			const againAt = after[Math.floor(((index + 0.5) * after.length) / each)];
			if (againAt !== undefined) cases.push({failAt, againAt});
		}
	}
	return cases;
}
