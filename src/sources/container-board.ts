import {applyEvent, isOfNetwork, type ContainerEvent} from '../domain/container-events.ts';
import {compareContainers, containerFromInspect, mergeList} from '../domain/container-facts.ts';
import type {Container} from '../domain/containers.ts';
import {
	afterEvent,
	afterInspection,
	judge,
	noRestarts,
	type RestartHistory,
} from '../domain/restart-history.ts';
import type {Clock} from '../io/io.ts';

/** All containers as far as they are known, brought together from lists, events and inspections in any order. */
export type ContainerBoard = {
	/** Ordered by project, service, number, name. */
	all(): readonly Container[];
	/** How far events are known now; a list or an inspection that was asked for before says nothing about later ones. */
	mark(): ReadonlyMap<string, number>;
	/** Takes a list that was asked for at `mark`; gives the ids that should be inspected. */
	takeList(listed: readonly Container[], mark: ReadonlyMap<string, number>): readonly string[];
	/** Takes an event; says whether it changed what is shown and whether the details should be read again. */
	takeEvent(event: ContainerEvent): {
		readonly isChanged: boolean;
		readonly needsInspection: boolean;
	};
	/** Takes an inspection that was asked for at `version`; an outdated one is left out. */
	takeInspection(value: unknown, id: string, version: number): Container | undefined;
	/** Notes when a container was killed for lack of memory, unless a later kill is known (wall-clock ms). */
	takeKill(id: string, atMs: number): void;
	/** Notes the digest of an image. */
	takeDigest(imageId: string, digest: string): void;
	version(id: string): number;
	/** Judges all restart windows anew; whether something changed by time alone. */
	judgeAll(): boolean;
};

/** Makes an empty board. `histories` outlives the board, so that a lost connection does not hide a crash loop. */
export function createContainerBoard(options: {
	readonly clock: Clock;
	readonly histories: Map<string, RestartHistory>;
	readonly isWanted: (container: Container) => boolean;
}): ContainerBoard {
	const {clock, histories, isWanted} = options;
	const containers = new Map<string, Container>();
	const versions = new Map<string, number>();

	const historyOf = (id: string) => histories.get(id) ?? noRestarts;

	const put = (container: Container) => {
		const [judged, history] = judge(container, historyOf(container.id), clock.monotonic());
		histories.set(container.id, history);
		containers.set(container.id, judged);
		return judged;
	};

	// The version stays: an inspection that is still on its way must not bring the container back.
	const forget = (id: string) => {
		histories.delete(id);
		return containers.delete(id);
	};

	return {
		all: () => [...containers.values()].sort(compareContainers),
		mark: () => new Map(versions),
		version: id => versions.get(id) ?? 0,
		takeList(listed, mark) {
			const isCurrent = (id: string) => versions.get(id) === mark.get(id);
			const wanted = listed.filter(isWanted);
			const ids = new Set(wanted.map(container => container.id));
			for (const id of containers.keys()) {
				if (!ids.has(id) && isCurrent(id)) {
					forget(id);
				}
			}

			for (const container of wanted) {
				if (isCurrent(container.id)) {
					put(mergeList(container, containers.get(container.id)));
				}
			}

			// Nothing is on its way any more that these versions would have to keep out.
			for (const id of versions.keys()) {
				if (!containers.has(id) && isCurrent(id)) {
					versions.delete(id);
				}
			}

			return wanted.map(container => container.id).filter(id => containers.has(id));
		},
		takeEvent(event) {
			const {id, action} = event;
			const before = containers.get(id);
			// A start or an end says itself that the networks changed.
			const isUp = before?.state === 'running' || before?.state === 'paused';
			if (isOfNetwork(event) && !isUp) return {isChanged: false, needsInspection: false};
			versions.set(id, (versions.get(id) ?? 0) + 1);
			const after = applyEvent(before, event, historyOf(id).wasKilled);
			if (!after) {
				return {isChanged: forget(id), needsInspection: false};
			}

			if (!isWanted(after)) {
				return {isChanged: false, needsInspection: false};
			}

			histories.set(id, afterEvent(historyOf(id), event, clock.monotonic()));
			put(after);
			return {isChanged: after !== before, needsInspection: action !== 'kill'};
		},
		takeInspection(value, id, version) {
			const before = containers.get(id);
			if (!before || (versions.get(id) ?? 0) !== version) {
				return undefined;
			}

			const now = {monotonic: clock.monotonic(), wall: clock.now()};
			const container = containerFromInspect(value, before);
			histories.set(id, afterInspection(historyOf(id), container, now));
			return put(container);
		},
		takeKill(id, atMs) {
			const container = containers.get(id);
			if (!container || (container.oomKilledAtMs ?? 0) >= atMs) return;
			containers.set(id, {...container, oomKilledAtMs: atMs});
		},
		takeDigest(imageId, digest) {
			for (const container of containers.values()) {
				if (container.imageId === imageId && container.digest !== digest) {
					containers.set(container.id, {...container, digest});
				}
			}
		},
		judgeAll() {
			const before = new Map(containers);
			for (const container of before.values()) {
				put(container);
			}

			return [...before.values()].some(({id, recentRestarts, isCrashLooping}) => {
				const after = containers.get(id);
				return after?.recentRestarts !== recentRestarts || after.isCrashLooping !== isCrashLooping;
			});
		},
	};
}
