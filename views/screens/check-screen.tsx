import {useLook, type Look} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {formatClock, formatDateTime} from '../../src/domain/format.ts';
import type {ItemOutcome, ItemResult} from '../../src/runbooks/checklist.ts';
import {nothingSeen, valuesOf, withEvidence} from '../../src/runbooks/evidence.ts';
import type {Item} from '../../src/runbooks/runbook.ts';
import {sayText} from '../../src/runbooks/say.ts';
import type {OpenCheck} from '../../src/store/runbook-state.ts';
import type {State} from '../../src/store/state.ts';
import {operationTitle} from '../../src/report/operation-title.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {ListScreen} from '../parts/list-screen.tsx';
import {problemLines, wrapped} from '../parts/reading-lines.ts';
import {runbookText, sayRunbook, subjectText} from '../parts/runbook-lines.ts';
import {sourceText} from '../parts/trail-lines.ts';
import {cell, type Line, selectedLine, type Style, span} from '../parts/spans.ts';

const reads = (state: State): readonly unknown[] => [state.runbook.check, state.runbook.runbooks];

const belowRows = 8;

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

/** What keys do about the selected line: answer it, open what mends it. */
function keyTexts(state: State, look: Look, item: Item, {outcome}: ItemResult): readonly string[] {
	const ask = outcome === 'open' ? [sayRunbook(look, 'check.ask-person')] : [];
	const {fix} = item;
	if (!fix || outcome === 'pass' || outcome === 'not-applicable') return ask;
	const title =
		fix.kind === 'runbook'
			? sayRunbook(look, 'check.open-runbook', {title: runbookText(state, look, fix.runbook)})
			: sayRunbook(look, 'check.do-fix', {
					operation: operationTitle(fix.operation, look.language),
				});
	return [...ask, title];
}

function answerText(look: Look, {answer}: ItemResult): string {
	if (!answer) return '';
	const {value, by, atMs, note} = answer;
	const text = sayRunbook(look, 'check.answered', {
		answer: sayRunbook(look, `answer.${value}`),
		by,
		time: formatDateTime(atMs),
	});
	return note === undefined ? text : `${text}${look.say('colon')}${note}`;
}

/** What was seen; where there are several servers, of each by its name. */
function proofTexts(look: Look, item: Item, {evidence, parts}: ItemResult): readonly string[] {
	if (item.by === 'person') return [];
	const shows = (list: ItemResult['evidence']) =>
		sayText(item.shows, valuesOf(withEvidence(nothingSeen, list)), look.language);
	if (!parts) return [shows(evidence)];
	return parts.map(part => {
		const outcome = sayRunbook(look, `item.${part.outcome}`);
		const head = sayRunbook(look, 'check.part', {subject: part.subject, outcome});
		return part.outcome === 'not-applicable' ? head : `${head} ${shows(part.evidence)}`;
	});
}

/** The selected line: what a key does about it, its proof, where that was seen and when, why it is not known. */
function belowLines(state: State, look: Look, check: OpenCheck, width: number): readonly Line[] {
	const item = check.checklist.items.find(({id}) => id === check.selected);
	const result = item && resultOf(check, item);
	const rule: Line = [span(look.glyphs.rule.repeat(width), {dim: true})];
	if (!item || !result) return [rule];
	const text = (words: string, style: Style = {}): readonly Line[] =>
		words === '' ? [] : wrapped(words, width - 2, 2).map((part): Line => [span(` ${part}`, style)]);
	const proofs = proofTexts(look, item, result);
	const keys = keyTexts(state, look, item, result);
	const causes = result.evidence.flatMap(({problem}) =>
		problem
			? text(
					sayRunbook(look, 'check.unknown-why', {
						cause: sayProblem(look.language, problem).summary,
					}),
				)
			: [],
	);
	return [
		rule,
		...proofs.flatMap(proof => text(proof, {bold: true})),
		...text(answerText(look, result), {bold: true}),
		...keys.flatMap(key => text(`${look.glyphs.select} ${key}`, {color: 'cyan'})),
		...causes.slice(0, 2),
		...result.evidence.flatMap(one => text(sourceText(look, one, state.data.nowMs), {dim: true})),
	];
}

/** A checklist: each line with its outcome in words; below, the proof of the selected one. */
export function CheckScreen({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	const {check} = state.runbook;
	if (!check) return null;
	const {checklist, result, scope, problem} = check;
	const count = (outcome: ItemOutcome) =>
		result?.items.filter(item => item.outcome === outcome).length ?? 0;
	const counts = (['fail', 'unknown', 'warn', 'open', 'pass'] as const)
		.map(outcome => [count(outcome), sayRunbook(look, `item.${outcome}`)] as const)
		.filter(([number]) => number > 0)
		.map(([number, word]) => `${number} ${word}`);
	const signed = result?.signed
		? [sayRunbook(look, 'check.signed-by', {by: result.signed.by})]
		: [];
	const title = sayRunbook(look, 'walk.title', {
		title: checklist.title[look.language],
		subject: subjectText(look, checklist.on, scope),
	});
	const looking = problem ? '' : sayRunbook(look, 'diagnosis.looking');
	const note = result ? [...signed, ...counts, formatClock(result.atMs)].join(', ') : looking;
	const lines = checklist.items.map(item => rowLine(look, check, item, width));
	return (
		<ListScreen
			title={title}
			note={note}
			lines={problem ? [...problemLines(look, problem, width, 4), ...lines] : lines}
			at={checklist.items.findIndex(({id}) => id === check.selected)}
			below={belowLines(state, look, check, width)}
			belowRows={belowRows}
			width={width}
			height={height}
		/>
	);
}
