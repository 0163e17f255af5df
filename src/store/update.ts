import {withSeen} from '../domain/lost-services.ts';
import type {Reading} from '../domain/reading.ts';
import {updateDialog} from './dialog-events.ts';
import {pasteIntoDialog} from './dialog-keys.ts';
import {pressKey} from './keys.ts';
import type {Event, ReadingChange, Update} from './events.ts';
import {updateIncidents} from './incident-keys.ts';
import {updateRunbooks} from './runbook-events.ts';
import type {Data, LastKnown, Readings, State} from './state.ts';

export type {Update};

/** Points kept of each sparkline: ten minutes at two seconds. */
export const historyLength = 300;

/** Lines kept of a live log tail, and their total length in UTF-16 units. */
export const tailLength = 5000;
export const tailUnits = 4_000_000;

/** The whole behaviour of the program. */
export function update(state: State, event: Event): Update {
	switch (event.type) {
		case 'readings-arrived':
			return only({
				...state,
				data: {
					...state.data,
					nowMs: event.nowMs,
					readings: withChanges(state.data.readings, event.changes),
					seenServices: seenIn(state.data.seenServices, event.changes),
					alerts: event.alerts,
					history: withPoints(state.data.history, event.points),
				},
			});
		case 'targets-found':
			return only({
				...state,
				data: withoutGone({
					...state.data,
					nowMs: event.nowMs,
					targets: event.targets,
					isDiscovered: true,
				}),
			});
		case 'settings-loaded':
			return only({...state, settings: event.settings});
		case 'key-pressed':
			return pressKey(state, event);
		case 'text-pasted':
			if (state.dialog) return only(pasteIntoDialog(state, state.dialog, event.text));
			return only(state.ui.isFilterOpen ? typed(state, event.text) : state);
		case 'resized':
			return only({...state, ui: {...state.ui, columns: event.columns, rows: event.rows}});
		case 'content-measured':
			return only({
				...state,
				ui: {
					...state.ui,
					contentRows: event.contentRows,
					pageRows: event.pageRows,
					scroll: Math.max(0, Math.min(state.ui.scroll, event.contentRows - event.pageRows)),
				},
			});
		case 'tail-arrived':
			return only(withTail(state, event));
		case 'operations-found': {
			const {denied: _before, ...rest} = state;
			const {ids: operations, denied} = event;
			return only({...rest, operations, ...(denied && {denied})});
		}

		case 'jobs-arrived':
		case 'jobs-failed':
		case 'job-plan-arrived':
		case 'planned':
		case 'plan-refused':
		case 'job-started':
		case 'action-failed':
		case 'backups-arrived':
		case 'ticked':
			return updateDialog(state, event);
		case 'runbooks-arrived':
		case 'diagnosed':
		case 'walk-moved':
		case 'check-arrived':
		case 'check-failed':
			return updateRunbooks(state, event);
		case 'incidents-arrived':
		case 'incident-reported':
			return updateIncidents(state, event);
	}
}

function only(state: State): Update {
	return {state, effects: []};
}

/** A paste into the filter line: one line, at most 200 characters. */
function typed(state: State, text: string): State {
	const line = text.split(/[\r\n]/, 1)[0] ?? '';
	const printable = Array.from(line).filter(
		character => character >= ' ' && character !== '\u007f',
	);
	return {
		...state,
		ui: {...state.ui, filter: (state.ui.filter + printable.join('')).slice(0, 200)},
	};
}

/** The services that were seen so far; one that cannot be asked for now has lost nothing. */
function seenIn(before: Data['seenServices'], changes: readonly ReadingChange[]) {
	return changes.reduce(
		(seen, {source, reading}) =>
			source === 'docker.containers' && reading.kind === 'fresh'
				? withSeen(seen, reading.value.containers)
				: seen,
		before,
	);
}

function withChanges(readings: Readings, changes: readonly ReadingChange[]): Readings {
	return changes.reduce<Readings>(
		(result, {source, target, reading}) => ({
			...result,
			[source]: {...result[source], [target]: reading},
		}),
		readings,
	);
}

function withPoints(
	history: Data['history'],
	points: Readonly<Record<string, number>>,
): Data['history'] {
	const names = Object.keys(points);
	if (names.length === 0) return history;
	const result = {...history};
	for (const name of names) {
		const point = points[name];
		if (point !== undefined) {
			result[name] = [...(history[name] ?? []), point].slice(-historyLength);
		}
	}

	return result;
}

/** How long the last figures of a server that is missing are kept. */
export const lastKnownMs = 86_400_000;

/** The last figures of what is missing now: those that were shown until now, or those that were kept before. */
function lastKnownOf<T>(
	before: LastKnown<T>,
	readings: Readonly<Record<string, Reading<T>>>,
	names: readonly string[],
	nowMs: number,
): LastKnown<T> {
	const entries = names.flatMap(name => {
		const reading = readings[name];
		const isRead = reading?.kind === 'fresh' || reading?.kind === 'stale';
		const known = isRead ? {value: reading.value, atMs: reading.atMs} : before[name];
		return known && nowMs - known.atMs < lastKnownMs ? [[name, known] as const] : [];
	});
	return Object.fromEntries(entries);
}

/** Forgets the readings of targets that are no longer watched; of servers that are missing the last ones stay. */
function withoutGone(data: Data): Data {
	const keep = <T>(readings: Readonly<Record<string, T>>, targets: readonly {id: string}[]) =>
		Object.fromEntries(
			Object.entries(readings).filter(([id]) => targets.some(target => target.id === id)),
		);
	const {readings, targets, lastKnown, nowMs} = data;
	const missing = (area: 'postgres' | 'redis') =>
		targets.missing.filter(item => item.area === area).map(({name}) => name);
	return {
		...data,
		lastKnown: {
			postgres: lastKnownOf(
				lastKnown.postgres,
				readings['postgres.activity'],
				missing('postgres'),
				nowMs,
			),
			redis: lastKnownOf(lastKnown.redis, readings['redis.server'], missing('redis'), nowMs),
		},
		readings: {
			...readings,
			'postgres.activity': keep(readings['postgres.activity'], targets.postgres),
			'postgres.storage': keep(readings['postgres.storage'], targets.postgres),
			'redis.server': keep(readings['redis.server'], targets.redis),
			'redis.keys': keep(readings['redis.keys'], targets.redis),
			'http.endpoint': keep(readings['http.endpoint'], targets.endpoints),
			'backups.set': keep(readings['backups.set'], targets.backups),
		},
	};
}

function withTail(state: State, event: Extract<Event, {type: 'tail-arrived'}>): State {
	const {tail} = state;
	const {key, lines, isStart = false, problem} = event;
	if (tail?.key !== key) return state;
	const all = isStart ? lines : [...tail.lines, ...lines];
	let kept = all.slice(-tailLength);
	let units = kept.reduce((sum, line) => sum + line.text.length, 0);
	while (units > tailUnits) {
		units -= kept[0]?.text.length ?? 0;
		kept = kept.slice(1);
	}

	const dropped = (isStart ? 0 : tail.dropped) + all.length - kept.length;
	const {problem: _before, ...rest} = tail;
	return {
		...state,
		tail: {...rest, lines: kept, dropped, ...(problem === undefined ? {} : {problem})},
	};
}
