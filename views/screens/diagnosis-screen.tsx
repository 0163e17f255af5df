import {useLook, type Look} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import type {Alert} from '../../src/domain/alerts.ts';
import {formatAge, widthOf} from '../../src/domain/format.ts';
import {blindTitle, findingLines} from '../../src/report/diagnosis.ts';
import {nothingSeen, valuesOf, withEvidence} from '../../src/runbooks/evidence.ts';
import type {Evidence} from '../../src/runbooks/look.ts';
import {sayText} from '../../src/runbooks/say.ts';
import {findingRows, selectedFinding, type FindingRow} from '../../src/store/runbook-state.ts';
import type {State} from '../../src/store/state.ts';
import {allContainerRows} from '../../src/store/select-containers.ts';
import {projectsHere} from '../../src/store/things.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {alertComplaint, alertSubject} from '../panels/alert-words.ts';
import {ListScreen} from '../parts/list-screen.tsx';
import {wrapped} from '../parts/reading-lines.ts';
import {sayRunbook, subjectText} from '../parts/runbook-lines.ts';
import {cell, type Line, selectedLine, shortNames, type Style, span} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';
import {sourceText} from '../parts/trail-lines.ts';

const reads = (state: State): readonly unknown[] => [
	state.runbook,
	state.data.alerts,
	secondOf(state.data),
];

/** Rows below the list: the evidence for and against the selected cause. */
const belowRows = 10;

/** What an alert says in at most `room` cells: its value stays, the limit goes first. */
function complaintIn(state: State, look: Look, alert: Alert, room: number): string {
	const full = alertComplaint(state.data, look, alert, true);
	return widthOf(full) <= room ? full : alertComplaint(state.data, look, alert, false);
}

/**
 * The title of a row in `room` cells. That of an alert begins with what it says and ends with its wizard, because one alert
 * may lead to several.
 */
function titleOf(state: State, look: Look, row: FindingRow, room: number): string {
	if (row.kind === 'alert') {
		const runbook = state.runbook.runbooks?.[row.runbook];
		const leads = look.say('colon') + (runbook?.title[look.language] ?? row.runbook);
		return complaintIn(state, look, row.alert, room - widthOf(leads)) + leads;
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

/** What an alert is about, called as the causes call it: a container by its key, an address without its scheme. */
function subjectOfAlert(state: State, look: Look, {alert}: FindingRow & {kind: 'alert'}): string {
	const {metric, subject, target} = alert;
	const row = allContainerRows(state.data).find(({container: {name}}) => name === subject);
	if (row) return row.container.key;
	if (metric.startsWith('host.') && subject === target) return sayRunbook(look, 'subject.host');
	return alertSubject(state.data, alert).replace(/^https?:\/\//, '');
}

/** What a row is about: what its alert is about, else the thing of its wizard. */
function subjectOf(state: State, look: Look, row: FindingRow): string {
	if (row.kind === 'alert') return subjectOfAlert(state, look, row);
	const wizard = state.runbook.runbooks?.[row.runbook];
	return wizard ? subjectText(look, wizard.on, row.scope) : '';
}

/** Cells of the column that says what a row is about. */
function subjectWidthOf(width: number): number {
	return Math.min(28, Math.max(12, Math.floor(width / 4)));
}

/** What each row is about, in the cells of its column: the only project goes first; of several the service stays whole. */
function shortSubjects(
	state: State,
	look: Look,
	rows: readonly FindingRow[],
	width: number,
): readonly string[] {
	const [project, ...others] = projectsHere(state);
	const own = project !== undefined && others.length === 0 ? `${project}/` : '';
	const names = rows.map(row => {
		const name = subjectOf(state, look, row);
		return own !== '' && name.startsWith(own) ? name.slice(own.length) : name;
	});
	const short = shortNames(names, subjectWidthOf(width));
	return names.map(name => short.get(name) ?? name);
}

/** Whether a row says what was seen before the look that goes on now; alerts are always of now. */
function isOld({runbook: {isDiagnosing}}: State, row: FindingRow): boolean {
	return isDiagnosing && row.kind === 'finding';
}

function rowLine(
	state: State,
	look: Look,
	row: FindingRow,
	facts: {readonly width: number; readonly subject: string; readonly isSelected: boolean},
): Line {
	const {width, subject, isSelected} = facts;
	const kind = kindOf(row);
	const {sign, style: usual} = kinds[kind];
	const style: Style = isOld(state, row) ? {dim: true} : usual;
	const subjectWidth = subjectWidthOf(width);
	const titleWidth = Math.max(10, width - subjectWidth - kindWidth - 6);
	const line: Line = [
		span(isSelected ? ` ${look.glyphs.select} ` : '   '),
		cell(`${sign} ${sayRunbook(look, `diagnosis.row.${kind}`)}`, kindWidth, style),
		span(' '),
		cell(subject, subjectWidth, style),
		span(' '),
		cell(titleOf(state, look, row, titleWidth), titleWidth, style),
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

function alertLine(state: State, look: Look, alert: Alert): string {
	return `${alertSubject(state.data, alert)}${look.say('colon')}${alertComplaint(state.data, look, alert, true)}`;
}

/** A row in full, for below the list: an alert with its subject, value and limit, or a cause. */
function fullTitle(state: State, look: Look, row: FindingRow): string {
	return row.kind === 'alert'
		? alertLine(state, look, row.alert)
		: titleOf(state, look, row, Number.POSITIVE_INFINITY);
}

/** The other alerts that lead to the same wizard about the same thing. */
function otherAlerts(
	state: State,
	look: Look,
	{others}: FindingRow & {kind: 'alert'},
): readonly string[] {
	return others.map(alert =>
		sayRunbook(look, 'diagnosis.also', {alert: alertLine(state, look, alert)}),
	);
}

function belowLines(state: State, look: Look, width: number): readonly Line[] {
	const row = selectedFinding(state);
	const {diagnosis} = state.runbook;
	const rule: Line = [span(look.glyphs.rule.repeat(width), {dim: true})];
	if (!row) {
		const blind = diagnosis?.blind ?? [];
		const lines = blind.map(
			({look: id, problem}) =>
				`${blindTitle(id, look.language)}${look.say('colon')}${problem ? sayProblem(look.language, problem).summary : ''}`,
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
			: [sayRunbook(look, 'diagnosis.is-alert'), ...otherAlerts(state, look, row)];
	const sources =
		row.kind === 'finding'
			? row.finding.evidence.flatMap(one => [
					sourceText(look, one, state.data.nowMs),
					...problemText(look, one),
				])
			: [];
	return [
		rule,
		...wrapped(fullTitle(state, look, row), width - 2, 2).map((part): Line => [
			span(` ${part}`, isOld(state, row) ? {dim: true} : {bold: true}),
		]),
		// First, so that it is never what a small window cuts off.
		[span(` ${look.glyphs.select} ${leads}`, {color: 'cyan'})],
		...proofs.flatMap(proof => text(proof, isOld(state, row) ? {dim: true} : {})),
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
	const subjects = shortSubjects(state, look, rows, width);
	const lines =
		rows.length === 0
			? emptyLines(state, look, width)
			: rows.map((row, index) =>
					rowLine(state, look, row, {
						...{width, subject: subjects[index] ?? ''},
						isSelected: row.key === selected?.key,
					}),
				);
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
