import {Socket} from 'node:net';
import type {Client} from 'pg';

import {clean} from '../domain/clean.ts';
import {maskText} from '../domain/mask.ts';
import {ProblemError} from '../domain/problem.ts';
import type {PostgresTarget} from '../domain/targets.ts';
import type {PostgresSession, Rows} from './act.ts';
import {actProblem, reasonOf, unlessAborted} from './act-problem.ts';
import {passwordOf, sendCancel, tlsOf} from './postgres-access.ts';
import {noAnswerProblem, postgresAddress, postgresProblem} from './postgres-errors.ts';

/** Longest for a session to be ready, in ms. */
const connectMs = 10_000;
/** How long a cancelled statement may take to end before its session is dropped, in ms. */
const cancelMs = 5000;
/** Longest name that PostgreSQL keeps, in bytes (NAMEDATALEN - 1). */
const maxNameBytes = 63;

/**
 * What a role or database may have set that must not end or change an operation. search_path: nobody's functions shadow
 * those of the catalog, so every other name in a statement must have its schema.
 */
const settings = {
	statement_timeout: '0',
	lock_timeout: '0',
	idle_in_transaction_session_timeout: '0',
	default_transaction_read_only: 'off',
	search_path: 'pg_catalog,pg_temp',
};

// From the start on, since a role's own timeout may be too short for any statement. A pooler refuses this, rightly: what
// is held for an operation (locks, a snapshot) must be held by the server itself.
const startupOptions = Object.entries(settings)
	.map(([name, value]) => `-c ${name}=${value}`)
	.join(' ');

/** Those that only newer servers have (14 and 17). */
const prepare = `SELECT /* opsconsole */ set_config(name, '0', false) FROM pg_settings
	WHERE name IN ('idle_session_timeout', 'transaction_timeout')`;

/** `opsc:<operation>`, by which the session is found in pg_stat_activity; cut to what the server keeps. */
function applicationName(operation: string): string {
	const name = Buffer.from(`opsc:${operation}`);
	return name
		.subarray(0, maxNameBytes)
		.toString('utf8')
		.replace(/\uFFFD+$/, '');
}

/** A server's refusal of a statement with its SQLSTATE; everything else as the reading side names it. */
function problemOf(error: unknown, target: PostgresTarget): ProblemError {
	const {problem} = postgresProblem(error, {target, seconds: connectMs / 1000});
	const state: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
	const isStatement = typeof state === 'string' && /^[0-9A-Z]{5}$/.test(state);
	if (!isStatement) return new ProblemError(problem);
	const cause =
		problem.params['cause'] ?? (error instanceof Error ? clean(error.message, 300) : '');
	const params = {
		...problem.params,
		address: postgresAddress(target),
		database: clean(target.database, 100),
		state,
		cause: maskText(String(cause)),
	};
	if (state === '57014') return actProblem('act-postgres-cancelled', params);
	const isGeneral = ['postgres-statement', 'postgres-locked'].includes(problem.code);
	return isGeneral
		? actProblem('act-postgres-statement', params)
		: new ProblemError({...problem, params});
}

/** Opens a session that may write; rejects with a ProblemError within 10 s. */
export async function openPostgresSession(
	server: PostgresTarget,
	database: string,
	operation: string,
): Promise<PostgresSession> {
	const target = {...server, database};
	// A NUL would end the name inside the start message, and what follows would be read as settings.
	if (database.includes('\0')) throw actProblem('act-postgres-name', {database});
	const [{Client: Driver}, ssl] = await Promise.all([import('pg'), tlsOf(target)]);
	const socket = new Socket();
	const client = new Driver({
		host: target.host,
		port: target.port,
		user: target.user,
		database,
		password: () => passwordOf(target),
		ssl,
		application_name: applicationName(operation),
		options: startupOptions,
		keepAlive: true,
		stream: () => socket,
	});
	const state = {isOpen: true};
	const closed = () => {
		state.isOpen = false;
	};
	client.on('error', closed);
	client.on('end', closed);
	const limit = AbortSignal.timeout(connectMs);
	try {
		await unlessAborted(
			client.connect().then(() => client.query(prepare)),
			limit,
		);
	} catch (error) {
		socket.destroy();
		throw limit.aborted
			? new ProblemError(noAnswerProblem({target, seconds: connectMs / 1000}))
			: problemOf(error, target);
	}

	return sessionOf({client, socket, target, state});
}

type Open = {
	readonly client: Client;
	readonly socket: Socket;
	readonly target: PostgresTarget;
	readonly state: {isOpen: boolean};
};

function sessionOf({client, socket, target, state}: Open): PostgresSession {
	let tail: Promise<unknown> = Promise.resolve();
	let current: Promise<unknown> | undefined;

	const drop = () => {
		state.isOpen = false;
		socket.destroy();
	};

	/** Ends what runs and drops the session, so that nothing is done after the caller was told. */
	const abandon = async (running: Promise<unknown>) => {
		const processId: unknown = Reflect.get(client, 'processID');
		const key: unknown = Reflect.get(client, 'secretKey');
		if (typeof processId === 'number' && typeof key === 'number') {
			await sendCancel(target, processId, key);
		}

		await unlessAborted(running, AbortSignal.timeout(cancelMs)).catch(() => undefined);
		drop();
	};

	const run = async (
		sql: string,
		values: readonly unknown[],
		signal: AbortSignal,
	): Promise<Rows> => {
		signal.throwIfAborted();
		if (!state.isOpen) {
			const params = {address: postgresAddress(target), database: target.database};
			throw actProblem('act-postgres-closed', params);
		}

		// The extended protocol takes one statement only, whatever stands in the text.
		const query = {text: sql, values: [...values], queryMode: 'extended'};
		const running = client.query<Record<string, unknown>>(query);
		current = running;
		try {
			return (await unlessAborted(running, signal)).rows;
		} catch (error) {
			if (signal.aborted) {
				await abandon(running);
				throw reasonOf(signal);
			}

			throw problemOf(error, target);
		} finally {
			current = undefined;
		}
	};

	return {
		query(sql, values, signal) {
			const before = tail;
			const result = unlessAborted(before, signal).then(() => run(sql, values, signal));
			tail = Promise.all([before, result.catch(() => undefined)]);
			return result;
		},
		isOpen: () => state.isOpen,
		async close() {
			// A statement that runs would go on after its session was dropped.
			if (current) await abandon(current);
			state.isOpen = false;
			const timer = setTimeout(() => socket.destroy(), 2000);
			await client.end().catch(() => undefined);
			clearTimeout(timer);
			socket.destroy();
		},
	};
}
