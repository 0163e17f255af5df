import type {Client} from 'pg';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import type {JsonValue} from '../../src/domain/plan.ts';
import type {Operation} from '../../src/operations/operation.ts';
import {keptComment, sideNames} from '../../src/operations/postgres/side-names.ts';
import {newBackupId} from './database-backup.ts';
import {makeFolders, performNow, recoverNow, type Performed} from './perform.ts';
import type {PostgresServer} from './postgres-server.ts';

/** A database and the old one that a restore kept of it, on which a change of names is killed over and over. */
export type SwapRig = {
	/** Every place of an undisturbed run, as `failAt` names them. */
	places(): Promise<readonly string[]>;
	/** Every place of the recovery of a run that was killed there. */
	placesAfter(failAt: string): Promise<readonly string[]>;
	/** Kills a run there (and its recovery too), recovers, and says what is wrong with the world; nothing: all is well. */
	run(failAt: string, againAt?: string): Promise<string | undefined>;
};

const database = 'matrix';

/** What the world is like before a run, and what it must be like after it is done: `name content open` each. */
export type SwapWorlds = {readonly before: readonly string[]; readonly after: readonly string[]};

/** Makes the rig for an operation that is asked for with the name of a kept database. */
export async function createSwapRig<R extends JsonValue>(
	server: PostgresServer,
	operation: Operation<R>,
	worlds: SwapWorlds,
): Promise<SwapRig> {
	const options = {
		act: createAct(),
		io: createIo(),
		folders: await makeFolders(),
		targets: {postgres: [server.target()]},
	};
	const control = await server.session();
	/** By the numbers of the databases, which no change of names changes. */
	const contents = new Map<string, string>();
	const {kept} = sideNames(database, newBackupId());
	const id = newBackupId();
	const comment = keptComment({of: database, id, comment: 'ours'}, 0).replaceAll("'", "''");

	// Those of another rig on the same server.
	for (const name of await names()) await control.query(`DROP DATABASE "${name}" WITH (FORCE)`);

	/** Makes the database with this content where it is not there any more. */
	async function make(content: string): Promise<void> {
		const name = `matrix_${content}`;
		if (!(await names()).includes(name)) {
			await control.query(`CREATE DATABASE ${name}`);
			const session = await server.session({database: name});
			await session.query(`CREATE TABLE t AS SELECT '${content}' AS v`);
			const {rows} = await session.query<{oid: string}>(
				'SELECT oid FROM pg_database WHERE datname = current_database()',
			);
			await session.end();
			contents.set(rows[0]?.oid ?? '', content);
		}
	}

	async function names(): Promise<readonly string[]> {
		const {rows} = await control.query<{datname: string}>(
			"SELECT datname FROM pg_database WHERE datname ~ '^matrix' ORDER BY 1",
		);
		return rows.map(row => row.datname);
	}

	/** As the world is described: the database by its name, kept ones as `kept`, with what a client reads in them. */
	async function world(): Promise<readonly string[]> {
		const all: string[] = [];
		for (const name of await names()) {
			const shown = name === database ? name : 'kept';
			const client = await server.session({database: name}).catch(() => undefined);
			all.push(`${shown} ${client ? await contentOf(client) : 'closed'}`);
		}
		return all.toSorted();
	}

	async function contentOf(client: Client): Promise<string> {
		const {rows} = await client.query<{v: string}>('SELECT v FROM t');
		await client.end();
		return rows.map(({v}) => v).join(',');
	}

	/** Gives both their names again by what they are; making new ones for each case would cost most of the time. */
	async function reset(): Promise<void> {
		const {rows} = await control.query<{oid: string; datname: string}>(
			"SELECT oid, datname FROM pg_database WHERE datname ~ '^matrix'",
		);
		for (const {oid, datname} of rows) {
			await control.query(
				`ALTER DATABASE "${datname}" RENAME TO matrix_${contents.get(oid) ?? ''}`,
			);
		}
		await make('restored');
		await make('old');
		await control.query(`ALTER DATABASE matrix_restored RENAME TO ${database}`);
		await control.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS true`);
		await control.query(`ALTER DATABASE matrix_old RENAME TO ${kept}`);
		await control.query(`COMMENT ON DATABASE ${kept} IS '${comment}'`);
		await control.query(`ALTER DATABASE ${kept} ALLOW_CONNECTIONS false`);
	}

	async function judge(done: Performed): Promise<string | undefined> {
		const isNew = done.outcome === 'done' || done.outcome === 'warnings';
		const wanted = isNew ? worlds.after : worlds.before;
		const found = await world();
		if (found.join() !== wanted.join()) return `${done.outcome} with ${found.join()}`;
		const {rows} = await control.query<{count: string}>(
			"SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'opsc:%'",
		);
		return rows[0]?.count === '0' ? undefined : 'sessions of the run are left';
	}

	const die = async (failAt: string) => {
		await reset();
		return performNow(operation, {kept}, {...options, failAt});
	};
	return {
		async places() {
			await reset();
			return (await performNow(operation, {kept}, options)).places;
		},
		async placesAfter(failAt) {
			const died = await die(failAt);
			return (await recoverNow(operation, died, options)).places;
		},
		async run(failAt, againAt) {
			let done = await die(failAt);
			if (done.outcome !== 'crashed') return `did not die: ${JSON.stringify(done.end)}`;
			if (againAt !== undefined) {
				done = await recoverNow(operation, done, {...options, failAt: againAt});
			}
			if (done.outcome === 'crashed') done = await recoverNow(operation, done, options);
			return judge(done);
		},
	};
}
