import {ProblemError} from '../domain/problem.ts';
import type {PostgresTarget} from '../domain/targets.ts';
import type {Clock, PostgresClient} from './io.ts';
import {openConnection, type Connection, type Guard, type Rows} from './postgres-connection.ts';
import {noAnswerProblem, postgresProblem, slowProblem} from './postgres-errors.ts';

/** Longest for a connection to be ready, in ms. */
const connectDeadlineMs = 3000;
/** Longest for a result: the server's own limit and some time for the way. */
const queryDeadlineMs = 3500;
/** How long a cancelled statement may take to end before its connection is given up. */
const cancelGraceMs = 300;

/**
 * A refused login is not tried again for this long, in ms: several questions that come together must not become several
 * failed logins, for which servers lock accounts.
 */
const refusedMs = 3000;

type Phase = 'queued' | 'connecting' | 'running';

/** Settles with the promise, or rejects with the signal's reason; the promise may settle later unheard. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	signal.throwIfAborted();
	const aborted = Promise.withResolvers<never>();
	const abort = () => aborted.reject(toError(signal.reason));
	signal.addEventListener('abort', abort, {once: true});
	try {
		return await Promise.race([promise, aborted.promise]);
	} finally {
		signal.removeEventListener('abort', abort);
		promise.catch(() => undefined);
	}
}

function toError(reason: unknown): Error {
	return reason instanceof Error ? reason : new Error('aborted');
}

const deadlinePassed = new DOMException(
	'the deadline of the PostgreSQL client passed',
	'TimeoutError',
);

/** Runs something with a signal that also fires after a time; the timer never outlives it. */
async function withDeadline<T>(
	clock: Clock,
	ms: number,
	outer: AbortSignal,
	run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const deadline = new AbortController();
	const done = new AbortController();
	clock.sleep(ms, done.signal).then(
		() => deadline.abort(deadlinePassed),
		() => undefined,
	);
	try {
		return await run(AbortSignal.any([outer, deadline.signal]));
	} finally {
		done.abort();
	}
}

function isTimeout(error: unknown): boolean {
	return error instanceof DOMException && error.name === 'TimeoutError';
}

function createClient(target: PostgresTarget, clock: Clock): PostgresClient {
	let connection: Connection | undefined;
	let guard: Guard = 'session';
	let limit: number | undefined;
	let tail: Promise<void> = Promise.resolve();
	let refused: {readonly problem: ProblemError; readonly atMs: number} | undefined;
	const closing = new AbortController();

	async function open(signal: AbortSignal): Promise<Connection> {
		try {
			const opened = await openConnection(target, guard, signal);
			if (opened) {
				return opened;
			}
		} catch (error) {
			// A pooler refuses unknown startup parameters with a protocol violation.
			const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
			if (guard === 'transaction' || code !== '08P01') {
				throw error;
			}
		}
		guard = 'transaction';
		const opened = await openConnection(target, guard, signal);
		if (!opened) {
			throw new Error('the server took no connection');
		}
		return opened;
	}

	async function give(sql: string, values: readonly unknown[], signal: AbortSignal): Promise<Rows> {
		const current = connection;
		if (!current) {
			throw new Error('no connection');
		}
		const running = current.query(sql, values);
		try {
			return await unlessAborted(running, signal);
		} catch (error) {
			if (signal.aborted) {
				await abandon(current, running);
			}
			throw error;
		}
	}

	// The connection is kept only where the statement was really ended by the request: else a late cancel would
	// hit the next statement, and an answer nobody waits for would hold up the queue.
	async function abandon(current: Connection, running: Promise<Rows>): Promise<void> {
		const ended = running.then(
			() => false,
			(error: unknown) => error instanceof Error && Reflect.get(error, 'code') === '57014',
		);
		const grace = new AbortController();
		const tooLate = clock.sleep(cancelGraceMs, grace.signal).then(
			() => false,
			() => false,
		);
		const wasCancelled = await Promise.race([
			Promise.all([ended, current.cancel()]).then(([wasEnded]) => wasEnded),
			tooLate,
		]);
		grace.abort();
		if (!wasCancelled) {
			current.destroy();
		}
	}

	async function run(
		sql: string,
		values: readonly unknown[],
		signal: AbortSignal,
		enter: (phase: Phase) => void,
	): Promise<Rows> {
		if (!connection?.isUsable()) {
			if (refused && clock.monotonic() - refused.atMs < refusedMs) throw refused.problem;
			enter('connecting');
			connection?.destroy();
			connection = undefined;
			connection = await withDeadline(clock, connectDeadlineMs, signal, open);
			limit = connection.limit;
		}
		enter('running');
		return withDeadline(clock, queryDeadlineMs, signal, inner => give(sql, values, inner));
	}

	return {
		async query(sql, values, outer) {
			const startedAt = clock.monotonic();
			const signal = AbortSignal.any([outer, closing.signal]);
			let phase: Phase = 'queued';
			const before = tail;
			const turn = Promise.withResolvers<undefined>();
			tail = before.then(() => turn.promise);
			try {
				await unlessAborted(before, signal);
				return await run(sql, values, signal, next => {
					phase = next;
				});
			} catch (error) {
				const seconds = Math.max(1, Math.round((clock.monotonic() - startedAt) / 1000));
				const place = {target, limit, seconds};
				if (isTimeout(error)) {
					const isConnecting = phaseIs(phase, 'connecting');
					throw new ProblemError(isConnecting ? noAnswerProblem(place) : slowProblem(place), {
						cause: error,
					});
				}
				// Whoever stopped it for another reason gets that reason back.
				if (signal.aborted) throw toError(signal.reason);
				const problem = postgresProblem(error, place);
				if (phaseIs(phase, 'connecting') && problem.problem.retry === 'rarely') {
					refused = {problem, atMs: clock.monotonic()};
				}

				throw problem;
			} finally {
				turn.resolve(undefined);
			}
		},
		async close() {
			closing.abort(new Error('the PostgreSQL client was closed'));
			await tail;
			await connection?.end();
			connection = undefined;
		},
	};
}

// Read through a function, since the compiler does not see that a callback changes the variable.
function phaseIs(phase: Phase, wanted: Phase): boolean {
	return phase === wanted;
}

function isSameTarget(one: PostgresTarget, other: PostgresTarget): boolean {
	const access = (target: PostgresTarget) =>
		JSON.stringify([
			target.host,
			target.port,
			target.database,
			target.user,
			target.password?.reveal(),
			target.tls,
			target.caFile,
		]);
	return access(one) === access(other);
}

/**
 * Gives each target its one client: read-only, one connection, one statement in flight, others queue. The client of
 * a target id stays the same until its address or credentials change or it is closed. Nothing connects before the
 * first query; a broken connection is opened again by the next query. Rejections are ProblemErrors, except where
 * the caller's own signal fired for another reason than a timeout.
 */
export function createPostgres({
	clock,
}: {
	readonly clock: Clock;
}): (target: PostgresTarget) => PostgresClient {
	const clients = new Map<string, {target: PostgresTarget; client: PostgresClient}>();
	return target => {
		const known = clients.get(target.id);
		if (known && isSameTarget(known.target, target)) {
			return known.client;
		}
		void known?.client.close();
		const made = createClient(target, clock);
		const client: PostgresClient = {
			query: (sql, values, signal) => made.query(sql, values, signal),
			async close() {
				if (clients.get(target.id)?.client === client) {
					clients.delete(target.id);
				}
				await made.close();
			},
		};
		clients.set(target.id, {target, client});
		return client;
	};
}
