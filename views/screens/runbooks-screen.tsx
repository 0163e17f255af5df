import {useLook, type Look} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {formatAge, formatDateTime} from '../../src/domain/format.ts';
import {missedAfterMs} from '../../src/runbooks/checklist.ts';
import {waitsForPerson} from '../../src/runbooks/walk.ts';
import {runbookRows, selectedRunbook, type RunbookRow} from '../../src/store/runbook-state.ts';
import type {State} from '../../src/store/state.ts';
import {ListScreen} from '../parts/list-screen.tsx';
import {wrapped} from '../parts/reading-lines.ts';
import {sayRunbook, subjectText} from '../parts/runbook-lines.ts';
import {cell, type Line, lineWidth, selectedLine, type Style, span} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';

const reads = (state: State): readonly unknown[] => [state.runbook, secondOf(state.data)];

const belowRows = 6;

/** Whether a checklist was not gone through in time; one that never was is not late. */
function isMissed({runbook: {lastChecks}, data: {nowMs}}: State, row: RunbookRow): boolean {
	if (row.kind !== 'runbook' || row.runbook.kind !== 'checklist') return false;
	const atMs = lastChecks?.[row.runbook.id];
	const limitMs = missedAfterMs(row.runbook);
	return atMs !== undefined && limitMs !== undefined && nowMs - atMs > limitMs;
}

/** When a checklist was gone through last, whether that is too long ago; who has a walk, and since when it waits. */
function lastText(
	state: State,
	look: Look,
	row: RunbookRow,
): {readonly text: string; readonly style: Style} {
	const ageOf = (atMs: number) => formatAge(Math.max(0, state.data.nowMs - atMs), look.language);
	if (row.kind === 'walk') {
		const {walk} = row.walk;
		return {text: ageOf(walk.lastAtMs), style: {}};
	}

	const {runbook} = row;
	if (runbook.kind === 'wizard') return {text: '', style: {}};
	const atMs = state.runbook.lastChecks?.[runbook.id];
	if (atMs === undefined) return {text: sayRunbook(look, 'calendar.never'), style: {dim: true}};
	const age = ageOf(atMs);
	return isMissed(state, row)
		? {text: sayRunbook(look, 'calendar.missed', {age}), style: {color: 'yellow', bold: true}}
		: {text: age, style: {}};
}

function whenText(look: Look, row: RunbookRow): string {
	if (row.kind === 'walk') {
		const {walk, heldBy} = row.walk;
		if (heldBy !== undefined) return sayRunbook(look, 'calendar.held', {by: heldBy});
		if (walk.status === 'handed-over') return sayRunbook(look, 'calendar.for', {by: walk.by});
		return sayRunbook(look, waitsForPerson(walk) ? 'calendar.person' : 'calendar.walk');
	}

	const {runbook} = row;
	if (runbook.kind === 'wizard') return sayRunbook(look, `subject.${runbook.on}`);
	const every = sayRunbook(look, `every.${runbook.every}`);
	return runbook.at === undefined ? every : `${every} ${runbook.at}`;
}

function titleOf(look: Look, row: RunbookRow): string {
	if (row.kind === 'runbook') return row.runbook.title[look.language];
	const {wizard, walk} = row.walk;
	return `${wizard.title[look.language]}${look.say('colon')}${subjectText(look, wizard.on, walk.scope)}`;
}

function rowLine(
	state: State,
	look: Look,
	row: RunbookRow,
	facts: {width: number; isSelected: boolean},
): Line {
	const {width, isSelected} = facts;
	const last = lastText(state, look, row);
	const whenWidth = Math.min(26, Math.floor(width / 4));
	const lastWidth = Math.min(24, Math.floor(width / 4));
	// A wizard is never due: its title gets that place.
	const due = last.text === '' ? [] : [span(' '), cell(last.text, lastWidth, last.style)];
	const line: Line = [
		span(isSelected ? ` ${look.glyphs.select} ` : '   '),
		cell(titleOf(look, row), Math.max(10, width - whenWidth - lineWidth(due) - 5)),
		span(' '),
		cell(whenText(look, row), whenWidth, {dim: true}),
		...due,
	];
	return isSelected ? selectedLine(line) : line;
}

const groupWords = {
	walk: 'list.walks',
	wizard: 'list.wizards',
	checklist: 'list.checklists',
} as const;

function groupOf(row: RunbookRow): keyof typeof groupWords {
	return row.kind === 'walk' ? 'walk' : row.runbook.kind;
}

/** The rows under a heading for each group, and where the selected one stands among them. */
function listLines(
	state: State,
	look: Look,
	selected: RunbookRow | undefined,
	width: number,
): {readonly lines: readonly Line[]; readonly at: number} {
	const rows = runbookRows(state);
	const lines: Line[] = [];
	let at = 0;
	for (const [index, row] of rows.entries()) {
		const group = groupOf(row);
		const before = rows[index - 1];
		if (!before || groupOf(before) !== group) {
			lines.push([span(` ${sayRunbook(look, groupWords[group])}`, {bold: true})]);
		}

		const isSelected = row.key === selected?.key;
		// The heading above the first row stays in sight with it.
		if (isSelected) at = index === 0 ? 0 : lines.length;
		lines.push(rowLine(state, look, row, {width, isSelected}));
	}

	return {lines, at};
}

function belowLines(
	state: State,
	look: Look,
	row: RunbookRow | undefined,
	width: number,
): readonly Line[] {
	if (!row) return [];
	const rule: Line = [span(look.glyphs.rule.repeat(width), {dim: true})];
	const text = (words: string, style: Style = {}): readonly Line[] =>
		words === '' ? [] : wrapped(words, width - 2, 2).map((part): Line => [span(` ${part}`, style)]);
	if (row.kind === 'walk') {
		const {walk, heldBy} = row.walk;
		const time = formatDateTime(walk.startedAtMs);
		const steps = walk.trail.length;
		const held = heldBy === undefined ? '' : sayRunbook(look, 'calendar.held-more', {by: heldBy});
		const more = sayRunbook(look, 'calendar.walk-more', {by: walk.by, time, steps});
		return [
			rule,
			...text(titleOf(look, row), {bold: true}),
			...text(held === '' ? more : held, {color: 'cyan'}),
		];
	}

	const {runbook} = row;
	const {covers} = runbook;
	const symptoms = runbook.symptoms.map(words => words[look.language]).join('; ');
	const atMs = state.runbook.lastChecks?.[runbook.id];
	const how =
		runbook.kind === 'checklist'
			? sayRunbook(look, 'calendar.how', {
					owner: runbook.owner?.[look.language] ?? '-',
					method: runbook.method?.[look.language] ?? `opsconsole check ${runbook.id}`,
					count: runbook.items.length,
				})
			: '';
	const last =
		atMs === undefined ? '' : sayRunbook(look, 'calendar.last', {time: formatDateTime(atMs)});
	return [
		rule,
		...text(runbook.title[look.language], {bold: true}),
		...text(symptoms),
		...text(how),
		...text(last),
		...text(
			covers.length > 0
				? `${sayRunbook(look, 'list.covers')}${look.say('colon')}${covers.join(' ')}`
				: '',
			{dim: true},
		),
	];
}

/** All wizards and checklists, with when each checklist is due and was done: also the maintenance calendar. */
export function RunbooksScreen({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	const selected = selectedRunbook(state);
	const {badFiles = 0, runbooks} = state.runbook;
	const missed = runbookRows(state).filter(row => isMissed(state, row)).length;
	const note = [
		...(missed > 0 ? [sayRunbook(look, 'calendar.count-missed', {count: missed})] : []),
		...(badFiles > 0 ? [sayRunbook(look, 'list.bad-files', {count: badFiles})] : []),
	].join(', ');
	const none: Line = [
		span(`   ${look.say(runbooks ? 'field.none' : 'reading.waiting')}`, {dim: true}),
	];
	const {lines, at} = listLines(state, look, selected, width);
	return (
		<ListScreen
			title={sayRunbook(look, 'list.title')}
			note={note}
			lines={lines.length === 0 ? [none] : lines}
			at={at}
			below={belowLines(state, look, selected, width)}
			belowRows={belowRows}
			width={width}
			height={height}
		/>
	);
}
