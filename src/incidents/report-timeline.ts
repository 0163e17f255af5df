import type {Language} from '../domain/settings.ts';
import {datedOf, inOrder} from './dated.ts';
import {heading, type Block} from './document.ts';
import type {IncidentLine} from './event.ts';
import type {IncidentReportFacts} from './report-facts.ts';
import {partOf} from './since.ts';
import {localTime, sayBlind, sayer, sayEvent, sayLookTitle, utcTime} from './say.ts';

/** Lines that one row tells: the looks of one node, the causes that one ranking excluded. */
type Group = {readonly key: string; readonly lines: readonly IncidentLine[]};

/** What a line is told together with; undefined where it stands alone. */
function keyOf({event}: IncidentLine): string | undefined {
	if (event.kind === 'evidence' && event.evidence.problem === undefined) {
		return JSON.stringify([event.kind, event.walk, event.runbook, event.node]);
	}

	if (event.kind !== 'walk-decided' || event.verdict !== 'excluded') return undefined;
	return JSON.stringify([event.kind, event.walk, event.runbook, event.node]);
}

function groupsOf(lines: readonly IncidentLine[]): readonly Group[] {
	const groups: Group[] = [];
	for (const [index, line] of lines.entries()) {
		const key = keyOf(line) ?? `alone ${index}`;
		const last = groups.at(-1);
		if (last?.key === key) groups[groups.length - 1] = {key, lines: [...last.lines, line]};
		else groups.push({key, lines: [line]});
	}

	return groups;
}

function sayGroup(language: Language, {lines}: Group): string {
	const say = sayer(language);
	const [first] = lines;
	if (first === undefined) return '';
	const {event} = first;
	if (event.kind === 'walk-decided' && event.verdict === 'excluded') {
		return say('event.excluded', {count: lines.length, runbook: event.runbook});
	}

	if (event.kind !== 'evidence' || sayBlind(language, event.evidence) !== undefined) {
		return sayEvent(language, event);
	}

	const looks = lines.flatMap(({event: one}) =>
		one.kind === 'evidence' ? [sayLookTitle(language, one.evidence.look)] : [],
	);
	const look = [...new Set(looks)].join(', ');
	const {runbook, node = ''} = event;
	return runbook === undefined
		? say('event.evidence', {look})
		: say('event.evidence-of', {look, runbook, node});
}

/** What happened in its order, in UTC and local time; what was looked at in one go is one row. */
export function timelineBlocks({incident, lines, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const heads = ['field.time-utc', 'field.time-local', 'field.by', 'field.what'].map(code =>
		say(code),
	);
	const rows = groupsOf(inOrder(partOf(lines, incident))).flatMap(group => {
		const [first] = group.lines;
		if (first === undefined) return [];
		const {atMs, by} = datedOf(first);
		return [[utcTime(atMs), localTime(atMs), by, sayGroup(language, group)]];
	});
	return [heading(say('report.timeline'), 3), {kind: 'table', heads, rows}];
}
