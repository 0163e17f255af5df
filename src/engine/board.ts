import type {ExpectedService, Settings} from '../domain/settings.ts';
import type {Sample} from '../domain/metrics.ts';
import {type Reading, valueOf} from '../domain/reading.ts';
import {samplesOf} from '../domain/samples.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import {evaluate, noThresholdState} from '../domain/thresholds.ts';
import type {Clock} from '../io/io.ts';
import type {Event, ReadingChange} from '../store/events.ts';

/** How long the readings of one tick are gathered before they change the screen together, in ms. */
const gatherMs = 120;

/** How long a first value, a failure or a bad turn waits for others of its kind, in ms. */
const urgentMs = 15;

/** Longest wait of a calm figure for the next tick, in ms. */
const calmMs = 2000;

/** Sources with a rhythm of their own, whose figures may wait for the next tick instead of making a frame of their own. */
const calmSources: ReadonlySet<SourceId> = new Set([
	'http.endpoint',
	'logs.errors',
	'postgres.storage',
	'backups.set',
	'schedule.runs',
	'checks.runs',
]);

/** Gathers readings, judges them by the thresholds and hands them on in one event. */
export type Board = {
	put<Id extends SourceId>(source: Id, target: string, reading: Reading<SourceValues[Id]>): void;
	/** Forgets a target that is no longer watched. */
	drop(source: SourceId, target: string): void;
	/** Hands on what was gathered, now. */
	flush(): void;
	/** Hands on what was gathered and never anything again. */
	close(): void;
};

/**
 * Makes a board that sends its events to `send`. Containers are handed on in the same turn of the event loop; first
 * values, failures and bad turns at once; figures of one tick together; calm figures with the next tick.
 */
export function createBoard(facts: {
	readonly clock: Clock;
	readonly settings: () => Settings;
	readonly send: (event: Event) => void;
}): Board {
	const {clock, settings, send} = facts;
	const latest = new Map<string, ReadingChange>();
	const samples = createSampleBook(latest);
	let changes: ReadingChange[] = [];
	let thresholds = noThresholdState;
	let timer: NodeJS.Timeout | undefined;
	let dueAt = Number.POSITIVE_INFINITY;
	let isClosed = false;

	function flush(): void {
		clearTimeout(timer);
		timer = undefined;
		dueAt = Number.POSITIVE_INFINITY;
		if (changes.length === 0 || isClosed) return;
		const arrived = changes;
		changes = [];
		const times = {nowMs: clock.now(), monotonicMs: clock.monotonic()};
		const {rules, services} = settings();
		const judged = evaluate(thresholds, rules, samples.all(services), times);
		thresholds = judged.state;
		send({
			type: 'readings-arrived',
			changes: arrived,
			alerts: judged.alerts,
			points: Object.fromEntries(arrived.flatMap(pointsOf)),
			nowMs: times.nowMs,
		});
	}

	function flushWithin(ms: number): void {
		const due = clock.monotonic() + ms;
		if (due >= dueAt || isClosed) return;
		dueAt = due;
		clearTimeout(timer);
		timer = setTimeout(flush, ms);
	}

	/** How long a change may wait. */
	function patience(change: ReadingChange, before: ReadingChange | undefined): number {
		if (change.source === 'docker.containers') return 0;
		if (before?.reading.kind !== change.reading.kind || isBadTurn(change, before)) return urgentMs;
		if (!calmSources.has(change.source)) return gatherMs;
		const tickMs = settings().refreshMs;
		return Math.min(calmMs, tickMs - (clock.monotonic() % tickMs)) + gatherMs;
	}

	return {
		put(source, target, reading) {
			const key = `${source}@${target}`;
			const change = changeOf(source, target, reading);
			const before = latest.get(key);
			latest.set(key, change);
			samples.forget(key, source);
			changes.push(change);
			flushWithin(patience(change, before));
		},
		drop(source, target) {
			const key = `${source}@${target}`;
			latest.delete(key);
			samples.forget(key, source);
			// What was gathered of it must not come back after its target has gone.
			changes = changes.filter(change => change.source !== source || change.target !== target);
		},
		flush,
		close() {
			flush();
			isClosed = true;
		},
	};
}

/** Whether a calm source says something that the operator should see at once: an address that fell, an error of a new kind. */
function isBadTurn(change: ReadingChange, before: ReadingChange | undefined): boolean {
	const {source, reading} = change;
	if (reading.kind !== 'fresh' || before?.reading.kind !== 'fresh') return false;
	if (source === 'http.endpoint' && before.source === source) {
		return reading.value.isUp !== before.reading.value.isUp;
	}

	if (source === 'logs.errors' && before.source === source) {
		const known = new Set(before.reading.value.groups.map(group => group.signature));
		return reading.value.groups.some(group => !known.has(group.signature));
	}

	return false;
}

function changeOf<Id extends SourceId>(
	source: Id,
	target: string,
	reading: Reading<SourceValues[Id]>,
): ReadingChange {
	// The union of all sources is made from this very shape; the compiler cannot follow the type parameter into it.
	return {source, target, reading} as unknown as ReadingChange;
}

/** The samples of everything that is watched, made anew only where a reading changed. */
function createSampleBook(latest: ReadonlyMap<string, ReadingChange>) {
	const made = new Map<string, readonly Sample[]>();
	let judgedServices: readonly ExpectedService[] | undefined;

	/** A source that failed has no value, which is not ok. */
	function make(change: ReadingChange, services: readonly ExpectedService[]): readonly Sample[] {
		const containers = [...latest.values()].find(other => other.source === 'docker.containers');
		const context = {
			services,
			...withContainers(
				containers?.source === 'docker.containers' ? containers.reading : undefined,
			),
		};
		const value = change.reading.kind === 'fresh' ? valueOf<unknown>(change.reading) : undefined;
		return samplesOf(change.source, change.target, value as never, context);
	}

	return {
		forget(key: string, source: SourceId): void {
			made.delete(key);
			// Usage is told by the names of the containers.
			if (source === 'docker.containers') made.clear();
		},
		all(services: readonly ExpectedService[]): readonly Sample[] {
			if (services !== judgedServices) made.clear();
			judgedServices = services;
			const all: Sample[] = [];
			for (const [key, change] of latest) {
				const samples = made.get(key) ?? make(change, services);
				made.set(key, samples);
				for (const sample of samples) all.push(sample);
			}

			return all;
		},
	};
}

function withContainers(reading: Reading<SourceValues['docker.containers']> | undefined) {
	const containers = valueOf(reading);
	return containers ? {containers} : {};
}

/** The figures of a reading that have a sparkline. */
function pointsOf({
	source,
	target,
	reading,
}: ReadingChange): readonly (readonly [name: string, value: number])[] {
	if (reading.kind !== 'fresh') return [];
	if (source === 'host.load') {
		const {cpu, memory} = reading.value;
		return [
			...(cpu.busyPercent === undefined ? [] : [[`host.cpu@${target}`, cpu.busyPercent] as const]),
			...(memory ? [[`host.memory@${target}`, memory.usedPercent] as const] : []),
		];
	}

	if (source === 'postgres.activity') {
		return [[`postgres.connections@${target}`, reading.value.connections.used]];
	}

	if (source === 'redis.server') {
		return [[`redis.memory@${target}`, reading.value.memory.usedBytes]];
	}

	return [];
}
