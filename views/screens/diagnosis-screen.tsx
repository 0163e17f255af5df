import {useLook, type Look} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {formatAge} from '../../src/domain/format.ts';
import {everySubject} from '../../src/domain/metrics.ts';
import {findingLines} from '../../src/report/diagnosis.ts';
import {nothingSeen, valuesOf, withEvidence} from '../../src/runbooks/evidence.ts';
import type {Evidence} from '../../src/runbooks/look.ts';
import type {Runbook} from '../../src/runbooks/runbook.ts';
import {sayText} from '../../src/runbooks/say.ts';
import {findingRows, selectedFinding, type FindingRow} from '../../src/store/runbook-state.ts';
import type {State} from '../../src/store/state.ts';
import {allContainerRows} from '../../src/store/select.ts';
import {projectsHere} from '../../src/store/things.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {metricWords} from '../../src/words/metrics.ts';
import {ListScreen} from '../parts/list-screen.tsx';
import {wrapped} from '../parts/reading-lines.ts';
import {sayRunbook, subjectText} from '../parts/runbook-lines.ts';
import {cell, type Line, selectedLine, shortName, type Style, span} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';
import {sourceText} from '../parts/trail-lines.ts';

const reads = (state: State): readonly unknown[] => [
	state.runbook,
	state.data.alerts,
	secondOf(state.data),
];

/** Rows below the list: the evidence for and against the selected cause. */
const belowRows = 10;

function isOfHost(metric: string): boolean {
	return ['host', 'backup', 'schedule', 'checklist', 'errors'].includes(metric.split('.')[0] ?? '');
}

/** The title of a row; that of an alert ends with its wizard, because one alert may lead to several. */
function titleOf(look: Look, row: FindingRow, runbook: Runbook | undefined): string {
	if (row.kind === 'alert') {
		const words = Object.hasOwn(metricWords, row.metric)
			? Object.entries(metricWords).find(([id]) => id === row.metric)?.[1][look.language]
			: row.metric;
		const metric = words ?? row.metric;
		const wizard = runbook?.title[look.language] ?? row.runbook;
		// Of the host only its subject says which part; any other row names its thing in its own column.
		return isOfHost(row.metric)
			? sayRunbook(look, 'diagnosis.alert', {metric, subject: row.subject, wizard})
			: sayRunbook(look, 'diagnosis.alert-of', {metric, wizard});
	}

	const {cause, evidence} = row.finding;
	return sayText(cause.title, valuesOf(withEvidence(nothingSeen, evidence)), look.language);
}

/** How sure a row is, in sign, word and colour. */
type RowKind = 'likely' | 'follows' | 'alert' | 'possible';

const kinds: Readonly<Record<RowKind, {readonly sign: string; readonly style: Style}>> = {
	likely: {sign: 'x', style: {color: 'red', bold: true}},
	follows: {sign: '.', style: {}},
	alert: {sign: '!', style: {color: 'yellow', bold: true}},
	possible: {sign: '?', style: {color: 'magenta'}},
};

function kindOf(row: FindingRow): RowKind {
	if (row.kind === 'alert') return 'alert';
	const {likelihood, consequenceOf} = row.finding;
	if (likelihood === 'possible') return 'possible';
	return consequenceOf === undefined ? 'likely' : 'follows';
}

/** Cells of the longest word for how sure a row is. */
const kindWidth = 10;

/** The only project goes first; of several the service stays whole. */
function shortSubject(state: State, name: string, width: number): string {
	const [project, ...others] = projectsHere(state);
	const isOnly = project !== undefined && others.length === 0 && name.startsWith(`${project}/`);
	return shortName(isOnly ? name.slice(project.length + 1) : name, width);
}

/** What a row is about: the thing of its wizard, else what its alert says. */
function subjectOf(state: State, look: Look, row: FindingRow): string {
	const wizard = state.runbook.runbooks?.[row.runbook];
	const named = wizard && row.scope ? subjectText(look, wizard.on, row.scope) : '';
	if (named !== '' || row.kind !== 'alert' || row.subject === everySubject) return named;
	const container = allContainerRows(state.data).find(
		({container: {name}}) => name === row.subject,
	);
	return container?.container.key ?? row.subject;
}

function rowLine(
	state: State,
	look: Look,
	row: FindingRow,
	facts: {readonly width: number; readonly isSelected: boolean},
): Line {
	const {width, isSelected} = facts;
	const kind = kindOf(row);
	const {sign, style} = kinds[kind];
	const named = subjectOf(state, look, row);
	const subjectWidth = Math.min(28, Math.max(12, Math.floor(width / 4)));
	const line: Line = [
		span(isSelected ? ` ${look.glyphs.select} ` : '   '),
		cell(`${sign} ${sayRunbook(look, `diagnosis.row.${kind}`)}`, kindWidth, style),
		span(' '),
		cell(shortSubject(state, named, subjectWidth), subjectWidth, style),
		span(' '),
		cell(
			titleOf(look, row, state.runbook.runbooks?.[row.runbook]),
			Math.max(10, width - subjectWidth - kindWidth - 6),
			style,
		),
	];
	return isSelected ? selectedLine(line) : line;
}

/** Why nothing is listed, and what could not be looked at. */
function emptyLines(state: State, look: Look, width: number): readonly Line[] {
	const {diagnosis, isDiagnosing} = state.runbook;
	if (isDiagnosing || !diagnosis) {
		return [[span(`   ${sayRunbook(look, 'diagnosis.looking')}`, {bold: true})]];
	}

	const text = sayRunbook(look, 'diagnosis.none', {excluded: diagnosis.excluded});
	return wrapped(text, width - 4, 3).map((row): Line => [span(`   ${row}`, {bold: true})]);
}

function problemText(look: Look, {problem}: Evidence): readonly string[] {
	if (!problem) return [];
	const cause = sayProblem(look.language, problem).summary;
	return [sayRunbook(look, 'walk.problem', {cause})];
}

function belowLines(state: State, look: Look, width: number): readonly Line[] {
	const row = selectedFinding(state);
	const {diagnosis} = state.runbook;
	const rule: Line = [span(look.glyphs.rule.repeat(width), {dim: true})];
	if (!row) {
		const blind = diagnosis?.blind ?? [];
		const lines = blind.map(
			({look: id, problem}) =>
				`${id}: ${problem ? sayProblem(look.language, problem).summary : ''}`,
		);
		return blind.length === 0
			? []
			: [
					rule,
					[span(` ${sayRunbook(look, 'diagnosis.blind')}`)],
					...[...new Set(lines)].map((line): Line => [span(`   ${line}`, {dim: true})]),
				];
	}

	const wizard = state.runbook.runbooks?.[row.runbook];
	const leads = sayRunbook(look, 'diagnosis.enter', {
		title: wizard?.title[look.language] ?? row.runbook,
		subject: wizard && row.scope ? subjectText(look, wizard.on, row.scope) : '',
	});
	const text = (words: string, style: Style = {}): readonly Line[] =>
		wrapped(words, width - 4, 2).map((part, index): Line => [
			span(index === 0 ? '  ' : '    '),
			span(part, style),
		]);
	const proofs =
		row.kind === 'finding'
			? [
					...(kindOf(row) === 'possible' ? [sayRunbook(look, 'diagnosis.possible')] : []),
					...findingLines(row.finding, diagnosis?.findings ?? [], look.language)
						.slice(1, -1)
						.map(line => line.trimStart()),
				]
			: [sayRunbook(look, 'diagnosis.is-alert')];
	const sources =
		row.kind === 'finding'
			? row.finding.evidence.flatMap(one => [sourceText(look, one), ...problemText(look, one)])
			: [];
	return [
		rule,
		...wrapped(titleOf(look, row, wizard), width - 2, 2).map((part): Line => [
			span(` ${part}`, {bold: true}),
		]),
		// First, so that it is never what a small window cuts off.
		[span(` ${look.glyphs.select} ${leads}`, {color: 'cyan'})],
		...proofs.flatMap(proof => text(proof)),
		...sources.flatMap(source => text(source, {dim: true})),
	];
}

/** What is wrong? The likely causes with their evidence; Enter opens the wizard that mends the selected one. */
export function DiagnosisScreen({
	width,
	height,
}: {
	readonly width: number;
	readonly height: number;
}) {
	const look = useLook();
	const state = useStateOf(reads);
	const {diagnosis, isDiagnosing} = state.runbook;
	const rows = findingRows(state);
	const selected = selectedFinding(state);
	const at = Math.max(
		0,
		rows.findIndex(({key}) => key === selected?.key),
	);
	const age =
		diagnosis === undefined
			? ''
			: sayRunbook(look, 'diagnosis.age', {
					age: formatAge(Math.max(0, state.data.nowMs - diagnosis.atMs), look.language),
					seconds: (diagnosis.tookMs / 1000).toFixed(1),
				});
	const again = diagnosis
		? sayRunbook(look, 'diagnosis.again', {
				age: formatAge(Math.max(0, state.data.nowMs - diagnosis.atMs), look.language),
			})
		: sayRunbook(look, 'diagnosis.looking');
	const note = isDiagnosing ? again : age;
	const lines =
		rows.length === 0
			? emptyLines(state, look, width)
			: rows.map(row => rowLine(state, look, row, {width, isSelected: row.key === selected?.key}));
	return (
		<ListScreen
			title={sayRunbook(look, 'diagnosis.title')}
			note={note}
			lines={lines}
			at={at}
			below={belowLines(state, look, width)}
			belowRows={Math.max(belowRows, Math.floor(height / 2))}
			width={width}
			height={height}
		/>
	);
}
