import type {ErrorsValue} from '../domain/errors.ts';
import type {LogTarget} from '../domain/targets.ts';
import type {Io} from '../io/io.ts';
import {createFollowers} from './logs/followers.ts';
import {createIntake} from './logs/intake.ts';
import {createWake} from './logs/wake.ts';
import type {LiveList, StreamedSource} from './source.ts';

/** Least time between two values, and the one after which a new kind of error is shown. */
const emitMs = 500;
const emitNewMs = 50;
/** While only counts of lines grow (a little less than the tick, which comes a little early at times), and while rates only fade. */
const emitLinesMs = 1900;
const emitFadeMs = 10_000;
const flushMs = 90;
/** While nothing is open and nothing changed: as often as lines are counted; what comes meanwhile wakes it. */
const quietMs = 2000;
/** So long after the start nothing waits for a tick: what was there before is wanted at once. */
const firstMs = 2000;

type Emitted = {
	atMs: number;
	changes: number;
	linesRead: number;
	followed: string;
	isQuiet: boolean;
};

/** Whether a value is due, by what changed since the last one. */
function isDue(last: Emitted, now: Emitted, hasNewGroup: boolean): boolean {
	const passedMs = now.atMs - last.atMs;
	if (hasNewGroup) return passedMs >= emitNewMs;
	if (now.changes !== last.changes || now.followed !== last.followed) return passedMs >= emitMs;
	if (now.linesRead !== last.linesRead) return passedMs >= emitLinesMs;
	return !last.isQuiet && passedMs >= emitFadeMs;
}

function isQuiet(value: ErrorsValue): boolean {
	return (
		value.errorsPerMinute === 0 &&
		(value.requestsPerSecond ?? 0) === 0 &&
		value.groups.every(group => group.history.every(count => count === 0))
	);
}

/**
 * An open error waits for its quiet time, a new group for the least time between two values, other changes for that of
 * theirs, all else for the tick of all sources.
 */
function pauseMs(
	{
		isIdle,
		hasNewGroup,
		isPending,
	}: Readonly<Record<'isIdle' | 'hasNewGroup' | 'isPending', boolean>>,
	{startMs, nowMs}: {readonly startMs: number; readonly nowMs: number},
): number {
	const isSoon = hasNewGroup || !isIdle || nowMs - startMs < firstMs;
	if (isSoon) return flushMs;
	const everyMs = isPending ? emitMs : quietMs;
	return everyMs - (nowMs % everyMs);
}

/** Follows all logs and hands on values until the signal ends it. */
async function followErrors(
	io: Io,
	targets: LiveList<LogTarget>,
	emit: (value: ErrorsValue) => void,
	signal: AbortSignal,
): Promise<void> {
	const own = new AbortController();
	const both = AbortSignal.any([signal, own.signal]);
	const wake = createWake(both);
	let hasNewGroup = false;
	let isIdle = false;
	const intake = createIntake(
		io.clock,
		() => {
			hasNewGroup = true;
			wake.wake();
		},
		() => {
			// Only a loop that sleeps for long needs to be told of an error.
			if (isIdle) wake.wake();
		},
	);
	let followed: string | undefined;
	const followers = createFollowers(io, intake, both, () => {
		followed = undefined;
		wake.wake();
	});
	targets.onChange(() => followers.update(targets.current()), both);
	followers.update(targets.current());
	const startMs = io.clock.monotonic();
	let last: Emitted = {atMs: -Infinity, changes: -1, linesRead: 0, followed: '', isQuiet: true};
	try {
		for (;;) {
			intake.flush();
			followed ??= JSON.stringify(followers.states());
			const now: Emitted = {
				atMs: io.clock.monotonic(),
				changes: intake.book.changes(),
				linesRead: intake.book.linesRead(),
				followed,
				isQuiet: false,
			};
			if (isDue(last, now, hasNewGroup)) {
				const value = intake.book.snapshot(io.clock.now(), followers.states());
				last = {...now, isQuiet: isQuiet(value)};
				hasNewGroup = false;
				emit(value);
			}

			isIdle = !intake.hasTrouble();
			const isPending = now.changes !== last.changes || now.followed !== last.followed;
			const times = {startMs, nowMs: io.clock.monotonic()};
			await wake.wait(pauseMs({isIdle, hasNewGroup, isPending}, times));
		}
	} finally {
		own.abort();
	}
}

/**
 * The errors of all logs, grouped: container logs through the engine, files through rotations, journald. Emits at most
 * every 500 ms and only after a change, a new kind of error within a second. A log that cannot be read is said in
 * `followed` and tried again; the source itself never fails.
 */
export const recentErrors: StreamedSource<'logs.errors', LiveList<LogTarget>> = {
	id: 'logs.errors',
	kind: 'streamed',
	follow: followErrors,
};
