import {clean} from '../../domain/clean.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {JsonValue} from '../../domain/plan.ts';
import {numberOf} from '../../domain/unknown.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {careDraft, carePlace, type CarePlace} from './care-plan.ts';
import {statementsOf} from './commands.ts';
import {untilEffect} from './effect.ts';
import {badRequest, flagOf, maybeText, requestOf, wholeNumber} from './restore-request.ts';
import {findServer, readIn} from './server.ts';
import {
	chooseSessions,
	parseSessions,
	protectedBecause,
	sessionsSql,
	type Session,
	type SessionFilter,
} from './session-list.ts';

const pidBounds = {least: 1, most: 2 ** 31 - 1};

/** Which query is cancelled. */
export type CancelRequest = {
	readonly target?: string;
	readonly pid: number;
	readonly withSuperusers: boolean;
};

/** Which sessions are ended. */
export type TerminateRequest = SessionFilter & {readonly target?: string};

async function sessionsNow(look: Look, place: CarePlace): Promise<readonly Session[]> {
	const [row] = await readIn(look, place.target, place.database, [sessionsSql]);
	return parseSessions(row?.['value']);
}

function gone(pid: number): ProblemError {
	return new ProblemError({code: 'session-gone', params: {pid}, retry: 'rarely'});
}

function refuseProtected(session: Session, withSuperusers: boolean): void {
	const why = protectedBecause(session, withSuperusers);
	if (why !== undefined) {
		const params = {pid: session.pid, why};
		throw new ProblemError({code: 'session-protected', params, retry: 'rarely'});
	}
}

// Number and start in the same statement: a number alone may belong to another session by then (SAFETY 3.11).
const cancelText = `SELECT pg_cancel_backend(pid) AS done FROM pg_catalog.pg_stat_activity
WHERE pid = $1 AND backend_start = $2::text::timestamptz`;

/** Cancels what one session is running; the session stays. */
export const cancelQuery: Operation<CancelRequest> = {
	id: 'cancel-query',
	title: {code: 'cancel-query-name'},
	parse(value) {
		const request = requestOf(value);
		return {
			...maybeText(request, 'target'),
			pid: wholeNumber(request, 'pid', pidBounds),
			withSuperusers: flagOf(request, 'withSuperusers', false),
		};
	},
	async plan(look, request) {
		const place = await carePlace(look, {...request, database: 'postgres'}, false);
		const session = (await sessionsNow(look, place)).find(({pid}) => pid === request.pid);
		if (session === undefined) {
			throw gone(request.pid);
		}
		refuseProtected(session, request.withSuperusers);
		const {pid, user, query, state} = session;
		const seconds = Math.round(session.stateSeconds);
		return {
			...careDraft(place, []),
			title: {code: 'cancel-query-title', params: {pid, user}},
			risk: 'disruptive',
			steps: [
				{
					id: 'cancel',
					title: {code: 'cancel-query-title', params: {pid, user}},
					commands: [
						{
							kind: 'sql',
							session: 'control',
							database: place.database,
							text: cancelText,
							values: [pid, session.startedAt],
						},
					],
					deadlineMs: 30_000,
				},
			],
			warnings: [
				{code: 'cancel-query-text', params: {query}},
				{code: 'cancel-query-since', params: {seconds, state}},
			],
			undo: {code: 'cancel-query-undo'},
		};
	},
	steps: {
		cancel: {
			async run(tools) {
				const before = await one(tools, tools.request.pid);
				const [command] = statementsOf(tools.step.commands);
				const [row] = command === undefined ? [] : await tools.sql(command);
				if (row?.['done'] !== true) {
					throw gone(tools.request.pid);
				}
				const isOver = (session: Session | undefined) =>
					session?.startedAt !== before?.startedAt ||
					session?.state !== 'active' ||
					session.changedAt !== before?.changedAt;
				const after = await untilEffect(tools.look, () => one(tools, tools.request.pid), isOver);
				const isEffective = isOver(after);
				tools.note({
					code: isEffective ? 'cancel-query-effect' : 'cancel-query-no-effect',
					params: {pid: tools.request.pid, state: after?.state ?? '-'},
				});
				if (!isEffective) {
					tools.warn({
						code: 'cancel-query-no-effect',
						params: {pid: tools.request.pid, state: after?.state ?? '-'},
					});
				}
			},
		},
	},
};

async function listNow<R extends JsonValue>({look, plan}: Tools<R>): Promise<readonly Session[]> {
	const {postgres} = plan.identity;
	const target = findServer(look, postgres?.target);
	const [row] = await readIn(look, target, postgres?.database ?? '', [sessionsSql]);
	return parseSessions(row?.['value']);
}

async function one<R extends JsonValue>(
	tools: Tools<R>,
	pid: number,
): Promise<Session | undefined> {
	return (await listNow(tools)).find(session => session.pid === pid);
}

/** Sessions of everybody but opsconsole itself, whose number changes with what it looks at. */
async function countNow<R extends JsonValue>(tools: Tools<R>): Promise<number> {
	return (await listNow(tools)).filter(({isOwn}) => !isOwn).length;
}

// A session that was chosen for being idle is left alone if it has done something since.
const terminateText = `SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid))::int AS ended
FROM pg_catalog.pg_stat_activity a
JOIN pg_catalog.jsonb_to_recordset($1::text::jsonb) AS w(pid int, start timestamptz, changed timestamptz)
ON a.pid = w.pid AND a.backend_start = w.start AND (w.changed IS NULL OR a.state_change = w.changed)
WHERE a.pid <> pg_backend_pid()`;

/** Why no session is ended: none is meant, or those that are belong to superusers. */
function noneFits(all: readonly Session[], request: TerminateRequest): ProblemError {
	const guarded = chooseSessions(all, {...request, withSuperusers: true});
	if (guarded.length === 0) {
		return new ProblemError({code: 'sessions-none', params: {}, retry: 'rarely'});
	}
	const users = [...new Set(guarded.map(({user}) => user))].slice(0, 5).join(', ');
	const params = {count: guarded.length, users};
	return new ProblemError({code: 'sessions-superuser', params, retry: 'rarely'});
}

function minutes(request: Readonly<Record<string, unknown>>, name: string): number | undefined {
	return request[name] === undefined
		? undefined
		: wholeNumber(request, name, {least: 0, most: 525_600});
}

/** Ends sessions: named ones, or all that have been idle too long; each is shown before. */
export const terminateSessions: Operation<TerminateRequest> = {
	id: 'terminate-sessions',
	title: {code: 'terminate-name'},
	parse(value) {
		const request = requestOf(value);
		const pids: unknown = request['pids'] ?? [];
		if (!Array.isArray(pids)) {
			throw badRequest('pids');
		}
		const idleMinutes = minutes(request, 'idleMinutes');
		const idleInTransactionMinutes = minutes(request, 'idleInTransactionMinutes');
		return {
			...maybeText(request, 'target'),
			...maybeText(request, 'database'),
			...maybeText(request, 'user'),
			pids: pids.map((pid: unknown) => wholeNumber({pids: pid}, 'pids', pidBounds)),
			...(idleMinutes !== undefined && {idleMinutes}),
			...(idleInTransactionMinutes !== undefined && {idleInTransactionMinutes}),
			withSuperusers: flagOf(request, 'withSuperusers', false),
		};
	},
	async plan(look, request) {
		const place = await carePlace(
			look,
			{...(request.target !== undefined && {target: request.target}), database: 'postgres'},
			false,
		);
		const all = await sessionsNow(look, place);
		for (const pid of request.pids) {
			const named = all.find(session => session.pid === pid);
			if (named === undefined) {
				throw gone(pid);
			}
			refuseProtected(named, request.withSuperusers);
		}
		const chosen = chooseSessions(all, request);
		if (chosen.length === 0) {
			throw noneFits(all, request);
		}
		const isByState =
			request.idleMinutes !== undefined || request.idleInTransactionMinutes !== undefined;
		const wanted = chosen.map(({pid, startedAt, changedAt}) => ({
			pid,
			start: startedAt,
			...(isByState && {changed: changedAt}),
		}));
		return {
			...careDraft(place, []),
			title: {
				code: 'terminate-title',
				params: {count: chosen.length, server: clean(place.target.id, 80)},
			},
			risk: 'disruptive',
			steps: [
				{
					id: 'terminate',
					title: {code: 'terminate-step'},
					commands: [
						{
							kind: 'sql',
							session: 'control',
							database: place.database,
							text: terminateText,
							values: [JSON.stringify(wanted)],
						},
					],
					deadlineMs: 30_000,
				},
			],
			warnings: chosen.map(session => ({
				code: 'terminate-one',
				params: {
					pid: session.pid,
					user: session.user,
					database: session.database,
					application: session.application,
					client: session.client,
					state: session.state,
					seconds: Math.round(session.stateSeconds),
				},
			})),
			undo: {code: 'terminate-undo'},
		};
	},
	steps: {
		terminate: {
			async run(tools) {
				const before = await countNow(tools);
				const [command] = statementsOf(tools.step.commands);
				const [row] = command === undefined ? [] : await tools.sql(command);
				const ended = numberOf(row?.['ended']) ?? 0;
				const after = await untilEffect(
					tools.look,
					() => countNow(tools),
					count => count <= before - ended,
				);
				const code = after < before ? 'terminate-effect' : 'terminate-no-effect';
				const phrase = {code, params: {before, after, ended}} as const;
				tools.note(phrase);
				if (after >= before) {
					tools.warn(phrase);
				}
			},
		},
	},
};
