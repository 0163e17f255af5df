import type {IncidentLine} from './event.ts';

/** Something that happened, with when and by whom. Times are wall-clock ms. */
export type Dated = {readonly atMs: number; readonly by: string};

/**
 * When an event happened and who did it. The console writes down what others did, and a walk also what was before the
 * incident was opened; then the event knows better than its line.
 */
export function datedOf({t, by, event}: IncidentLine): Dated {
	const written = {atMs: Date.parse(t), by};
	if (event.kind === 'evidence') return {...written, atMs: event.evidence.atMs};
	if (event.kind === 'operation') {
		const {operator, startedAtMs, endedAtMs = startedAtMs} = event.operation;
		return {atMs: endedAtMs, by: operator};
	}

	// It was so before the console could write it down.
	if (event.kind === 'alert-raised') {
		return {...written, atMs: Math.min(event.alert.sinceMs, written.atMs)};
	}

	if (event.kind === 'change') return {...written, atMs: event.happenedAtMs ?? written.atMs};
	const person = 'by' in event ? event.by : by;
	return {atMs: 'atMs' in event ? (event.atMs ?? written.atMs) : written.atMs, by: person};
}

/** The events in the order in which they happened, which need not be the one in which they were written down. */
export function inOrder(lines: readonly IncidentLine[]): readonly IncidentLine[] {
	return lines.toSorted((a, b) => datedOf(a).atMs - datedOf(b).atMs);
}
