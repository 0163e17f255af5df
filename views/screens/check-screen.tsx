import {useLook, type Look} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {formatDateTime} from '../../src/domain/format.ts';
import type {ItemOutcome} from '../../src/runbooks/checklist.ts';
import {nothingSeen, valuesOf, withEvidence} from '../../src/runbooks/evidence.ts';
import type {Item} from '../../src/runbooks/runbook.ts';
import {sayText} from '../../src/runbooks/say.ts';
import type {OpenCheck} from '../../src/store/runbook-state.ts';
import type {State} from '../../src/store/state.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {ListScreen} from '../parts/list-screen.tsx';
import {problemLines, wrapped} from '../parts/reading-lines.ts';
import {sayRunbook, subjectText} from '../parts/runbook-lines.ts';
import {cell, type Line, selectedLine, type Style, span} from '../parts/spans.ts';

const reads = (state: State): readonly unknown[] => [state.runbook.check];

const belowRows = 6;

const styles: Readonly<Record<ItemOutcome, Style>> = {
	pass: {color: 'green'},
	warn: {color: 'yellow', bold: true},
	fail: {color: 'red', bold: true},
	unknown: {color: 'magenta'},
	'not-applicable': {dim: true},
	open: {color: 'cyan'},
};

function resultOf(check: OpenCheck, item: Item) {
	return check.result?.items.find(({id}) => id === item.id);
}

function rowLine(look: Look, check: OpenCheck, item: Item, width: number): Line {
	const isSelected = item.id === check.selected;
	const result = resultOf(check, item);
	const word = result ? sayRunbook(look, `item.${result.outcome}`) : '...';
	const style = result ? styles[result.outcome] : {dim: true};
	const line: Line = [
		span(isSelected ? ` ${look.glyphs.select} ` : '   '),
		cell(word, 9, style),
		cell(item.title[look.language], Math.max(10, width - 12)),
	];
	return isSelected ? selectedLine(line) : line;
}

/** The proof of the selected line, and what can be done about it. */
function belowLines(look: Look, check: OpenCheck, width: number): readonly Line[] {
	const item = check.checklist.items.find(({id}) => id === check.selected);
	const result = item && resultOf(check, item);
	const rule: Line = [span(look.glyphs.rule.repeat(width), {dim: true})];
	if (!item || !result) return [rule];
	const text = (words: string, style: Style = {}): readonly Line[] =>
		wrapped(words, width - 2, 2).map((part): Line => [span(` ${part}`, style)]);
	const valueOf = valuesOf(withEvidence(nothingSeen, result.evidence));
	const proof =
		item.by === 'console' ? text(sayText(item.shows, valueOf, look.language), {bold: true}) : [];
	const causes = result.evidence.flatMap(({problem}) =>
		problem
			? text(
					sayRunbook(look, 'check.unknown-why', {
						cause: sayProblem(look.language, problem).summary,
					}),
				)
			: [],
	);
	const answer = result.answer
		? text(`${result.answer.by} ${formatDateTime(result.answer.atMs)}`)
		: item.by === 'person'
			? text(sayRunbook(look, 'check.ask-person'), {color: 'cyan'})
			: [];
	const isGood = result.outcome === 'pass' || result.outcome === 'not-applicable';
	const fix =
		item.fix && !isGood
			? text(
					`${look.glyphs.select} ${
						item.fix.kind === 'runbook'
							? sayRunbook(look, 'check.open-runbook', {id: item.fix.runbook})
							: sayRunbook(look, 'check.fix-do', {operation: item.fix.operation})
					}`,
					{color: 'cyan'},
				)
			: [];
	return [rule, ...proof, ...causes.slice(0, 2), ...answer, ...fix];
}

/** A checklist: each line with its outcome in words; below, the proof of the selected one. */
export function CheckScreen({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const {check} = useStateOf(reads).runbook;
	if (!check) return null;
	const {checklist, result, scope, problem} = check;
	const count = (outcome: ItemOutcome) =>
		result?.items.filter(item => item.outcome === outcome).length ?? 0;
	const counts = (['fail', 'unknown', 'warn', 'open', 'pass'] as const)
		.map(outcome => [count(outcome), sayRunbook(look, `item.${outcome}`)] as const)
		.filter(([number]) => number > 0)
		.map(([number, word]) => `${number} ${word}`);
	const signed = result?.signed ? [sayRunbook(look, 'check.signed', {by: result.signed.by})] : [];
	const title = sayRunbook(look, 'walk.title', {
		title: checklist.title[look.language],
		subject: subjectText(look, checklist.on, scope),
	});
	const lines = checklist.items.map(item => rowLine(look, check, item, width));
	return (
		<ListScreen
			title={title}
			note={result ? [...counts, ...signed].join(', ') : sayRunbook(look, 'diagnosis.looking')}
			lines={problem ? [...problemLines(look, problem, width, 4), ...lines] : lines}
			at={checklist.items.findIndex(({id}) => id === check.selected)}
			below={belowLines(look, check, width)}
			belowRows={belowRows}
			width={width}
			height={height}
		/>
	);
}
