import {useLook, type Look} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {formatAge, formatDateTime} from '../../src/domain/format.ts';
import {missedAfterMs} from '../../src/runbooks/checklist.ts';
import {runbookRows, selectedRunbook, type RunbookRow} from '../../src/store/runbook-state.ts';
import type {State} from '../../src/store/state.ts';
import {ListScreen} from '../parts/list-screen.tsx';
import {wrapped} from '../parts/reading-lines.ts';
import {sayRunbook, subjectText} from '../parts/runbook-lines.ts';
import {cell, type Line, selectedLine, type Style, span} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';

const reads = (state: State): readonly unknown[] => [state.runbook, secondOf(state.data)];

const belowRows = 6;

/** When a checklist was gone through last, and whether that is too long ago. */
function lastText(
	state: State,
	look: Look,
	row: RunbookRow,
): {readonly text: string; readonly style: Style} {
	if (row.kind !== 'runbook' || row.runbook.kind !== 'checklist') return {text: '', style: {}};
	const {runbook} = row;
	const atMs = state.runbook.lastChecks?.[runbook.id];
	if (atMs === undefined) return {text: sayRunbook(look, 'calendar.never'), style: {dim: true}};
	const ageMs = Math.max(0, state.data.nowMs - atMs);
	const limitMs = missedAfterMs(runbook);
	const age = formatAge(ageMs, look.language);
	return limitMs !== undefined && ageMs > limitMs
		? {text: sayRunbook(look, 'calendar.missed', {age}), style: {color: 'yellow', bold: true}}
		: {text: age, style: {}};
}

function whenText(look: Look, row: RunbookRow): string {
	if (row.kind === 'walk') return sayRunbook(look, 'calendar.walk');
	const {runbook} = row;
	if (runbook.kind === 'wizard') return sayRunbook(look, `subject.${runbook.on}`);
	const every = sayRunbook(look, `every.${runbook.every}`);
	return runbook.at === undefined ? every : `${every} ${runbook.at}`;
}

function titleOf(look: Look, row: RunbookRow): string {
	if (row.kind === 'runbook') return row.runbook.title[look.language];
	const {wizard, walk, heldBy} = row.walk;
	const subject = subjectText(look, wizard.on, walk.scope);
	const held = heldBy === undefined ? '' : ` (${sayRunbook(look, 'calendar.held', {by: heldBy})})`;
	return `${wizard.title[look.language]} ${subject}${held}`;
}

function rowLine(
	state: State,
	look: Look,
	row: RunbookRow,
	facts: {width: number; isSelected: boolean},
): Line {
	const {width, isSelected} = facts;
	const last = lastText(state, look, row);
	const whenWidth = Math.min(22, Math.floor(width / 4));
	const lastWidth = Math.min(20, Math.floor(width / 5));
	const line: Line = [
		span(isSelected ? ` ${look.glyphs.select} ` : '   '),
		cell(titleOf(look, row), Math.max(10, width - whenWidth - lastWidth - 6)),
		span(' '),
		cell(whenText(look, row), whenWidth, {dim: true}),
		span(' '),
		cell(last.text, lastWidth, last.style),
	];
	return isSelected ? selectedLine(line) : line;
}

function belowLines(look: Look, row: RunbookRow | undefined, width: number): readonly Line[] {
	if (!row) return [];
	const rule: Line = [span(look.glyphs.rule.repeat(width), {dim: true})];
	const text = (words: string, style: Style = {}): readonly Line[] =>
		wrapped(words, width - 2, 2).map((part): Line => [span(` ${part}`, style)]);
	if (row.kind === 'walk') {
		const {walk} = row.walk;
		return [
			rule,
			...text(
				sayRunbook(look, 'calendar.walk-more', {
					by: walk.by,
					time: formatDateTime(walk.startedAtMs),
					steps: walk.trail.length,
				}),
			),
		];
	}

	const {runbook} = row;
	const covers =
		runbook.covers.length > 0
			? `${sayRunbook(look, 'list.covers')}: ${runbook.covers.join(' ')}`
			: '';
	const symptoms = runbook.symptoms.map(words => words[look.language]).join('; ');
	const how =
		runbook.kind === 'checklist'
			? sayRunbook(look, 'calendar.how', {
					owner: runbook.owner?.[look.language] ?? '-',
					method: runbook.method?.[look.language] ?? `opsconsole check ${runbook.id}`,
					count: runbook.items.length,
				})
			: '';
	return [
		rule,
		...text(runbook.title[look.language], {bold: true}),
		...(symptoms === '' ? [] : text(symptoms)),
		...(how === '' ? [] : text(how)),
		...text(covers, {dim: true}),
	];
}

/** All wizards and checklists, with when each checklist is due and was done: also the maintenance calendar. */
export function RunbooksScreen({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	const rows = runbookRows(state);
	const selected = selectedRunbook(state);
	const {badFiles = 0, runbooks} = state.runbook;
	const note = badFiles > 0 ? sayRunbook(look, 'list.bad-files', {count: badFiles}) : '';
	const none: Line = [
		span(`   ${look.say(runbooks ? 'field.none' : 'reading.waiting')}`, {dim: true}),
	];
	const lines =
		rows.length === 0
			? [none]
			: rows.map(row => rowLine(state, look, row, {width, isSelected: row.key === selected?.key}));
	return (
		<ListScreen
			title={sayRunbook(look, 'list.title')}
			note={note}
			lines={lines}
			at={Math.max(
				0,
				rows.findIndex(({key}) => key === selected?.key),
			)}
			below={belowLines(look, selected, width)}
			belowRows={belowRows}
			width={width}
			height={height}
		/>
	);
}
