import type {Language} from '../domain/settings.ts';
import {saySource} from '../runbooks/say.ts';
import {heading, tableOr, type Block} from './document.ts';
import type {ConsideredCause} from './incident.ts';
import {evidenceFile, type IncidentReportFacts} from './report-facts.ts';
import {partOf} from './since.ts';
import {sayAlert, sayBlind, sayer, sayField, sayIncident, sayLookTitle, utcTime} from './say.ts';
import {toldOf, type Telling} from './telling.ts';

/** A time, with a word where it is only the latest one that it can have been. */
export function sayLatest(language: Language, time: string, isLatest: true | undefined): string {
	return isLatest ? sayIncident(language, 'at-the-latest', {time}) : time;
}

/** Alerts of the incident, with since when and until when. */
export function alertBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const standing = say(incident.closed === undefined ? 'not-cleared' : 'stood-at-closing');
	const rows = incident.alerts.map(({alert, raisedAtMs, clearedAtMs}) => [
		sayLatest(language, utcTime(Math.min(alert.sinceMs, raisedAtMs)), alert.isSinceLatest),
		clearedAtMs === undefined ? standing : utcTime(clearedAtMs),
		sayAlert(language, alert),
	]);
	const heads = [say('field.since'), say('field.cleared'), say('field.what')];
	return [heading(say('report.alerts'), 3), tableOr(say('none.alerts'), heads, rows)];
}

/** Most lines of one look that are told; the first are the most telling. */
const maxLines = 3;
/** Most values of one field; of more, the first and the last ones. */
const maxValues = 4;

/** The values of a field in their order: `97% → 12%`. */
function sayValues(language: Language, {look, field, values}: Telling): string {
	const said = values.map(({value}) => sayField(language, {look, field}, value).value);
	const shown =
		said.length > maxValues ? [...said.slice(0, 1), '…', ...said.slice(1 - maxValues)] : said;
	return shown.join(' → ');
}

function sayWhy(language: Language, {look, field, why, limit}: Telling): string {
	const say = sayer(language);
	if (limit?.operator === undefined || limit.limit === undefined) return say(`why.${why}`);
	const value = sayField(language, {look, field}, limit.limit).value;
	return say('why.limit', {limit: `${limit.operator} ${value}`});
}

function placeOf({runbook, node = ''}: Pick<Telling, 'runbook' | 'node'>): string {
	return runbook === undefined ? '' : `${runbook} / ${node}`;
}

function fieldRow(language: Language, telling: Telling): readonly string[] {
	const {look, field, values} = telling;
	const {title} = sayField(language, {look, field}, undefined);
	const first = values[0]?.atMs ?? Number.NaN;
	const last = values.at(-1)?.atMs ?? Number.NaN;
	const said = {look: sayLookTitle(language, look), field: title};
	return [
		first === last ? utcTime(first) : `${utcTime(first)} – ${utcTime(last).slice(11)}`,
		sayIncident(language, 'evidence.field', said),
		sayValues(language, telling),
		sayWhy(language, telling),
		[saySource(look, language), placeOf(telling)].filter(part => part !== '').join('; '),
	];
}

/** The values that decided something or changed, what could not be seen, and where everything else is. */
export function evidenceBlocks({
	id,
	incident,
	lines,
	language,
}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const {fields, looks, blind, count} = toldOf(incident, partOf(lines, incident));
	const head = heading(say('report.evidence'), 3);
	if (incident.evidence.length === 0) {
		return [head, {kind: 'paragraph', text: say('none.evidence')}];
	}

	const heads = ['field.time-utc', 'field.what', 'field.value', 'field.why', 'field.source'];
	const seen = looks.flatMap(({evidence}) =>
		evidence.lines.slice(0, maxLines).map(line => {
			const what = {look: sayLookTitle(language, evidence.look), field: line};
			return `${utcTime(evidence.atMs)} ${say('evidence.field', what)}`;
		}),
	);
	const unseen = blind.map(({evidence}) => {
		const what = sayLookTitle(language, evidence.look);
		return say('evidence.blind', {what, why: sayBlind(language, evidence) ?? ''});
	});
	const rest = {told: fields.length, count, file: evidenceFile, id};
	const lists = [...seen, ...unseen];
	return [
		head,
		tableOr(
			say('none.telling'),
			heads.map(code => say(code)),
			fields.map(telling => fieldRow(language, telling)),
		),
		...(lists.length === 0 ? [] : [{kind: 'list', items: lists} as const]),
		{kind: 'paragraph', text: say('evidence.rest', rest)},
	];
}

/** The causes that were weighed, with what speaks for and against each; those that were excluded in one sentence. */
export function causeBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const heads = ['field.cause', 'field.verdict', 'field.for', 'field.against', 'field.source'];
	const isOut = ({verdict}: ConsideredCause) => verdict === 'excluded';
	const order = {likely: 0, possible: 1, excluded: 2};
	const kept = incident.causes
		.filter(cause => !isOut(cause))
		.toSorted((a, b) => order[a.verdict] - order[b.verdict]);
	const rows = kept.map(cause => [
		cause.title[language],
		say(`verdict.${cause.verdict}`),
		cause.for.map(one => one[language]).join('; ') || say('none.argument'),
		cause.against.map(one => one[language]).join('; ') || say('none.argument'),
		`${cause.runbook} / ${cause.cause}`,
	]);
	// The title of an excluded cause may hold figures that speak against it; its arguments say why.
	const out = incident.causes.filter(isOut).map(({title, against}) => {
		const why = against.map(one => one[language]).join(', ');
		return why === '' ? title[language] : `${title[language]} (${why})`;
	});
	const excluded = {
		kind: 'paragraph',
		text: say('causes.excluded', {causes: out.join(language === 'zh' ? '；' : '; ')}),
	};
	const table = {kind: 'table', heads: heads.map(code => say(code)), rows} as const;
	return [
		heading(say('report.causes'), 3),
		...(rows.length === 0 ? [] : [table]),
		...(out.length === 0 ? [] : [excluded as Block]),
		...(rows.length + out.length > 0
			? []
			: [{kind: 'paragraph', text: say('none.causes')} as const]),
	];
}

/** Changes of the system that were seen. */
export function changeBlocks({incident, language}: IncidentReportFacts): readonly Block[] {
	const say = sayer(language);
	const rows = incident.changes.map(({atMs, happenedAtMs = atMs, change, text}) => [
		utcTime(happenedAtMs),
		say(`change.${change}`),
		text,
	]);
	const heads = [say('field.time-utc'), say('field.what'), say('field.value')];
	return [heading(say('report.changes'), 3), tableOr(say('none.changes'), heads, rows)];
}
