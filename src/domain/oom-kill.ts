import type {Container} from './containers.ts';

/** For how long a container that works again is told of as killed for lack of memory, after its last kill; in ms. */
export const oomHoldMs = 15 * 60_000;

/** A kill for lack of memory that is known of a container. */
export type OomKill = {
	/** When it was (wall-clock ms), where anybody knows; of several, the last one. */
	readonly atMs?: number;
	/** When it stops to count; absent where it counts for as long as the container is down. */
	readonly untilMs?: number;
	/** The container works again. */
	readonly isOver?: true;
};

/** Ended well, or by an order to stop (HUP, INT, TERM): then it is not the lack of memory that keeps it down. */
const wantedExits: ReadonlySet<number> = new Set([0, 129, 130, 143]);

const upStates: ReadonlySet<Container['state']> = new Set(['running', 'paused', 'removing']);

type Facts = Pick<Container, 'state' | 'oomKilled' | 'isCrashLooping'> &
	Partial<Pick<Container, 'exitCode' | 'oomKilledAtMs' | 'startedAtMs' | 'finishedAtMs'>>;

/**
 * The last kill of a container for lack of memory. The engine's mark may stay for as long as the container runs, so the
 * mark alone says nothing about now: a kill counts while the container is down or restarting because of it, and where it
 * runs again, or ended otherwise since, for `oomHoldMs` from the kill on. Undefined where no kill is known.
 */
export function oomKillOf(container: Facts): OomKill | undefined {
	const {state, exitCode, oomKilled, oomKilledAtMs, startedAtMs, finishedAtMs} = container;
	if (!oomKilled && oomKilledAtMs === undefined) return undefined;
	const isUp = upStates.has(state);
	// Who did not see it knows the start that followed it within moments, or the end itself.
	const atMs = oomKilledAtMs ?? (isUp ? startedAtMs : finishedAtMs);
	if (atMs === undefined) return {};
	const isDownByIt = oomKilled && !isUp && (exitCode === undefined || !wantedExits.has(exitCode));
	if (isDownByIt) return {atMs};
	// Of a loop the next kill is only moments away.
	return {atMs, untilMs: atMs + oomHoldMs, ...(!container.isCrashLooping && {isOver: true})};
}

/** The kill that still counts at a moment (wall-clock ms). */
export function standingOomKill(container: Facts, nowMs: number): OomKill | undefined {
	const kill = oomKillOf(container);
	return kill?.untilMs !== undefined && nowMs >= kill.untilMs ? undefined : kill;
}
