import {Socket} from 'node:net';
import {clean} from '../domain/clean.ts';
import {ProblemError} from '../domain/problem.ts';
import type {PostgresTarget} from '../domain/targets.ts';
import {passwordOf, sendCancel, tlsOf} from './postgres-access.ts';

/** Rows of a result as objects. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

/** One open session on a server. It never emits errors on its own; a broken one says so by `isUsable`. */
export type Connection = {
	query(sql: string, values: readonly unknown[]): Promise<Rows>;
	isUsable(): boolean;
	/** max_connections of the server. */
	readonly limit: number;
	/** Asks the server to end the running statement; resolves when the request is delivered or given up. */
	cancel(): Promise<void>;
	/** Drops the socket at once. */
	destroy(): void;
	/** Says goodbye, then drops the socket. */
	end(): Promise<void>;
};

/**
 * How a session is kept harmless. `session`: by settings of the whole session, given at its start. `transaction`:
 * each statement in a read-only transaction of its own, for poolers that refuse or lose such settings; settings of
 * the session must not be used there, since the pooler hands the server connection to others.
 */
export type Guard = 'session' | 'transaction';

/** Longest a statement may run on the server, in ms. */
export const statementTimeoutMs = 3000;

// jit=off: a plan of a monitoring query is never worth compiling. search_path: nobody's functions shadow the catalog.
const settings = {
	default_transaction_read_only: 'on',
	statement_timeout: String(statementTimeoutMs),
	lock_timeout: '1000',
	idle_in_transaction_session_timeout: '5000',
	search_path: 'pg_catalog',
	jit: 'off',
};

const startupOptions = Object.entries(settings)
	.map(([name, value]) => `-c ${name}=${value}`)
	.join(' ');

const beginReadOnly = [
	'BEGIN READ ONLY',
	...Object.entries(settings)
		.filter(([name]) => !name.startsWith('default_'))
		.map(([name, value]) => `SET LOCAL ${name} = '${value}'`),
].join('; ');

// The oldest server whose views are known here.
const oldestVersion = 120_000;

async function sessionFacts(client: {query(sql: string): Promise<{rows: unknown[]}>}) {
	const {rows} = await client.query(
		`SELECT /* opsconsole */ current_setting('default_transaction_read_only') = 'on'
			AND current_setting('statement_timeout') <> '0' AS "isGuarded",
			current_setting('max_connections')::int AS "limit",
			current_setting('server_version_num')::int AS "versionNumber",
			current_setting('server_version') AS "version"`,
	);
	const row: unknown = rows[0];
	const isRow = typeof row === 'object' && row !== null;
	if (isRow && 'versionNumber' in row && Number(row.versionNumber) < oldestVersion) {
		const version = 'version' in row ? clean(String(row.version), 40) : '';
		throw new ProblemError({code: 'postgres-too-old', params: {version}, retry: 'rarely'});
	}
	return {
		isGuarded: isRow && 'isGuarded' in row && row.isGuarded === true,
		limit: isRow && 'limit' in row && typeof row.limit === 'number' ? row.limit : 0,
	};
}

/**
 * Opens a session: read-only, with `application_name=opsconsole` and a statement timeout. Rejects with the driver's
 * error, or with the signal's reason; the socket is destroyed then. Resolves with undefined where the server does
 * not take the settings of `session`, so that `transaction` must be used.
 */
export async function openConnection(
	target: PostgresTarget,
	guard: Guard,
	signal: AbortSignal,
): Promise<Connection | undefined> {
	// Loaded at the first connection, so that the first frame does not wait for it.
	const [{Client}, ssl] = await Promise.all([import('pg'), tlsOf(target)]);
	signal.throwIfAborted();
	const socket = new Socket();
	const client = new Client({
		host: target.host,
		port: target.port,
		user: target.user,
		database: target.database,
		password: () => passwordOf(target),
		ssl,
		application_name: 'opsconsole',
		keepAlive: true,
		stream: () => socket,
		...(guard === 'session' && {options: startupOptions}),
	});
	let isUsable = true;
	// An idle connection that breaks emits an error; it is noticed at the next query, nothing else must happen.
	client.on('error', () => {
		isUsable = false;
	});
	client.on('end', () => {
		isUsable = false;
	});
	const destroy = () => {
		isUsable = false;
		socket.destroy();
	};
	const aborted = Promise.withResolvers<never>();
	const abort = () => {
		destroy();
		aborted.reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
	};
	signal.addEventListener('abort', abort, {once: true});
	try {
		const opening = client.connect().then(() => sessionFacts(client));
		const facts = await Promise.race([opening, aborted.promise]);
		if (guard === 'session' && !facts.isGuarded) {
			destroy();
			return undefined;
		}
		return {
			query: queryOf(client, guard),
			isUsable: () => isUsable,
			limit: facts.limit,
			async cancel() {
				const processId: unknown = Reflect.get(client, 'processID');
				const key: unknown = Reflect.get(client, 'secretKey');
				if (typeof processId === 'number' && typeof key === 'number') {
					await sendCancel(target, processId, key);
				}
			},
			destroy,
			async end() {
				const timer = setTimeout(destroy, 500);
				await client.end().catch(() => undefined);
				clearTimeout(timer);
				destroy();
			},
		};
	} catch (error) {
		destroy();
		throw error;
	} finally {
		signal.removeEventListener('abort', abort);
		aborted.promise.catch(() => undefined);
	}
}

type Driver = {
	query(
		statement: string | {name?: string; text: string; values: unknown[]},
	): Promise<{rows: Record<string, unknown>[]}>;
};

function queryOf(client: Driver, guard: Guard): Connection['query'] {
	if (guard === 'transaction') {
		return async (sql, values) => {
			await client.query(beginReadOnly);
			try {
				const {rows} = await client.query({text: sql, values: [...values]});
				await client.query('COMMIT');
				return rows;
			} catch (error) {
				// Where the connection itself is gone this fails too, and the first error says why.
				await client.query('ROLLBACK').catch(() => undefined);
				throw error;
			}
		};
	}
	const names = new Map<string, string>();
	return async (sql, values) => {
		// Prepared once for each session: planning a view of the statistics costs more than reading it.
		const name = names.get(sql) ?? `opsconsole_${names.size}`;
		names.set(sql, name);
		return (await client.query({name, text: sql, values: [...values]})).rows;
	};
}
