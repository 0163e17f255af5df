import {containerFromInspect, containerFromList} from '../../domain/container-facts.ts';
import type {Container} from '../../domain/containers.ts';
import {ProblemError} from '../../domain/problem.ts';
import {afterInspection, judge, noRestarts} from '../../domain/restart-history.ts';
import {listOf} from '../../domain/unknown.ts';
import type {Io} from '../../io/io.ts';
import type {LookFacts} from '../reader.ts';
import {getIfThere, getShared} from '../shared-get.ts';

/** The container of a walk. */
export type Subject = {
	readonly key: string;
	/** What the engine says about it now; both are absent where there is no such container any more. */
	readonly container?: Container;
	readonly inspection?: unknown;
};

/** The inspection of a container; undefined where it is gone. */
export function inspect(facts: Pick<LookFacts, 'io' | 'signal'>, id: string): Promise<unknown> {
	return getIfThere(facts, `/containers/${encodeURIComponent(id)}/json`);
}

/** Puts what an inspection says now over what was known, with the restarts that were seen. */
function judged({clock}: Io, inspection: unknown, before: Container | undefined): Container {
	const fresh = containerFromInspect(inspection, before);
	const now = {monotonic: clock.monotonic(), wall: clock.now()};
	const [alone] = judge(fresh, afterInspection(noRestarts, fresh, now), now.monotonic);
	return {
		...fresh,
		recentRestarts: Math.max(fresh.recentRestarts, alone.recentRestarts),
		isCrashLooping: fresh.isCrashLooping || alone.isCrashLooping,
	};
}

/**
 * Reads the container of the scope anew, also where it was replaced a moment ago. Rejects where the scope has none; a
 * container that is gone is no error but what there is to see.
 */
export async function subjectOf({
	io,
	containers,
	scope,
	signal,
}: Pick<LookFacts, 'io' | 'containers' | 'scope' | 'signal'>): Promise<Subject> {
	const key = scope.container;
	if (key === undefined) {
		const params = {subject: 'container'};
		throw new ProblemError({code: 'look-nothing-here', params, retry: 'rarely'});
	}

	const known = containers.find(container => container.key === key);
	const inspection = known && (await inspect({io, signal}, known.id));
	if (inspection !== undefined) {
		return {key, inspection, container: judged(io, inspection, known)};
	}

	const list = listOf(await getShared({io, signal}, '/containers/json?all=1'));
	const found = list.map(containerFromList).find(container => container.key === key);
	const anew = found && (await inspect({io, signal}, found.id));
	return anew === undefined ? {key} : {key, inspection: anew, container: judged(io, anew, known)};
}

/** What a container is called in a sentence: its service, else its name. */
export function callName({service, name}: Container): string {
	return service ?? name;
}

/** What another container is called from one: by its name, which is unique here, where it is not of the same project. */
export function callOther(own: Pick<Container, 'project'>, other: Container): string {
	return own.project === other.project ? callName(other) : other.name;
}

/** Seconds from a time until now, never negative; undefined where there is no time. */
export function secondsSince({clock}: Io, atMs: number | undefined): number | undefined {
	return atMs === undefined ? undefined : Math.max(0, (clock.now() - atMs) / 1000);
}

/** Whether the engine runs on this very machine, so that /proc and the addresses of containers are its own. */
export function isLocal({docker, host}: Io): boolean {
	return docker.address.startsWith('unix:') && host.platform() === 'linux';
}

const hourMs = 3_600_000;

/** Whether a container's lack of memory still matters: the engine remembers it for ever, also while it runs well again. */
export function isOomOfNow({oomKilled, state, startedAtMs}: Container, nowMs: number): boolean {
	return oomKilled && !(state === 'running' && nowMs - (startedAtMs ?? nowMs) > hourMs);
}
