import type {AlertFacts} from '../domain/alert-facts.ts';
import {datedOf} from './dated.ts';
import type {IncidentEvent, IncidentLine} from './event.ts';

type Opened = IncidentEvent & {readonly kind: 'opened'};

/** Since when there is trouble. `isSinceLatest`: it was so when it was first looked at, and began then at the latest. */
export type Since = {readonly sinceMs: number; readonly isSinceLatest?: true};

/** What began longer before the opening than this is another matter, in ms. */
const longestBeforeMs = 30 * 60_000;

/** An alert notices trouble at its next look only: who walked may have seen it that much earlier, in ms. */
const noticedWithinMs = 60_000;

/** What is overdue for days says nothing of when this trouble began. */
const troubleAreas: readonly string[] = [
	...['container', 'endpoint', 'postgres', 'redis', 'errors', 'host'],
];

/** Whether an alert that an incident was not opened for says since when there is trouble: it was seen to begin. */
function tellsSince({metric, level, isSinceLatest}: AlertFacts): boolean {
	const [area = ''] = metric.split('.');
	const isBad = level === 'warn' || level === 'crit';
	return isBad && troubleAreas.includes(area) && isSinceLatest !== true;
}

function sinceOfAlert({sinceMs, isSinceLatest}: AlertFacts): Since {
	return {sinceMs, ...(isSinceLatest && {isSinceLatest})};
}

/** The first of what was looked at, where nothing else says since when: whoever looked had a reason to. */
function sinceOfLooks(lines: readonly IncidentLine[]): readonly Since[] {
	return lines
		.filter(({event}) => event.kind === 'evidence')
		.map(line => ({sinceMs: datedOf(line).atMs, isSinceLatest: true}));
}

/**
 * Since when there is trouble: what a person said, or the first of its alerts; without them the first look. What stood when
 * the console started, or is not known, says it only where the incident was opened for it; what is not known, only where no
 * other alert says it.
 */
export function sinceOf(
	{sinceMs: said, from}: Opened,
	openedMs: number,
	lines: readonly IncidentLine[],
): Since {
	const isNear = ({sinceMs}: Since) => sinceMs >= openedMs - longestBeforeMs;
	const origin = from.kind === 'alert' ? from.alert : undefined;
	const raised = lines.flatMap(({event}) =>
		event.kind === 'alert-raised' && tellsSince(event.alert) ? [sinceOfAlert(event.alert)] : [],
	);
	const known = [
		...(said === undefined ? [] : [{sinceMs: said}]),
		...(origin && origin.level !== 'unknown' ? [sinceOfAlert(origin)] : []),
		...raised.filter(isNear),
	];
	const others = origin ? [sinceOfAlert(origin)] : sinceOfLooks(lines).filter(isNear);
	const all: readonly Since[] = known.length > 0 ? known : others;
	return [{sinceMs: openedMs}, ...all].reduce((first, one) =>
		one.sinceMs < first.sinceMs ? one : first,
	);
}

/** Whether a line tells what happened before there was trouble: a step of a walk, a look, an operation. */
function isBefore(line: IncidentLine, sinceMs: number): boolean {
	const {event} = line;
	if (event.kind === 'operation') return event.operation.startedAtMs < sinceMs;
	const isSeen = event.kind === 'evidence' || 'walk' in event;
	return isSeen && datedOf(line).atMs < sinceMs - noticedWithinMs;
}

/** The lines that are a part of an incident: of a walk that joined it and of operations, only from its begin on. */
export function partOf(
	lines: readonly IncidentLine[],
	{sinceMs}: Pick<Since, 'sinceMs'>,
): readonly IncidentLine[] {
	return lines.filter(line => !isBefore(line, sinceMs));
}

/** The same, with the begin of every walk that went on in it. */
export function partWithWalks(
	lines: readonly IncidentLine[],
	{sinceMs}: Pick<Since, 'sinceMs'>,
): readonly IncidentLine[] {
	const walks = new Set(
		partOf(lines, {sinceMs}).flatMap(({event}) => ('walk' in event ? [event.walk] : [])),
	);
	return lines.filter(
		line =>
			!isBefore(line, sinceMs) ||
			(line.event.kind === 'walk-started' && walks.has(line.event.walk)),
	);
}
