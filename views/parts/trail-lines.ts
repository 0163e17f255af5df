import type {Look} from '../../hooks/use-look.ts';
import {formatAge, formatClockOn} from '../../src/domain/format.ts';
import {eventLines, visitWords} from '../../src/report/walk-text.ts';
import type {Evidence} from '../../src/runbooks/look.ts';
import {relevantFields} from '../../src/runbooks/relevant.ts';
import {declarationOf, saySource, sayValue} from '../../src/runbooks/say.ts';
import type {Visit} from '../../src/runbooks/walk.ts';
import type {OpenWalk} from '../../src/store/runbook-state.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {wrapped} from './reading-lines.ts';
import {sayRunbook, signed} from './runbook-lines.ts';
import {flow, type Line, type Style, span} from './spans.ts';

/** Rows of what a program printed that a look shows. */
const maxPrinted = 6;

/** From which age on that is told beside what was seen, in ms. */
const agedMs = 60 * 60_000;

/**
 * When and where something was looked at: `12:00:00 Load of the host (/proc/stat)`; of another day with its date, of more
 * than an hour ago with its age.
 */
export function sourceText(look: Look, {look: id, atMs}: Evidence, nowMs: number): string {
	const declaration = declarationOf(id);
	const clock = formatClockOn(atMs, nowMs);
	const age = formatAge(nowMs - atMs, look.language);
	return sayRunbook(look, 'diagnosis.seen', {
		time: nowMs - atMs > agedMs ? `${clock}, ${age}` : clock,
		look: declaration?.title[look.language] ?? id,
		from: saySource(id, look.language),
	});
}

/** How wide the rows may be, and from when on things are old. */
type Place = {readonly width: number; readonly nowMs: number};

function indented(text: string, width: number, style: Style): readonly Line[] {
	return wrapped(text, width - 6, 3).map((row, index): Line => [
		span(index === 0 ? '    ' : '      '),
		span(row, style),
	]);
}

/**
 * What one look saw that counts for the wizard: time and source, then as many values beside each other as fit, each with its
 * unit. The report of the walk has all of them.
 */
function evidenceRows(
	look: Look,
	evidence: Evidence,
	only: ReadonlySet<string>,
	{width, nowMs}: Place,
): readonly Line[] {
	const {look: id, values, lines, problem} = evidence;
	const fields = declarationOf(id)?.fields ?? {};
	const counting = Object.entries(values).filter(([name]) => only.has(`${id}.${name}`));
	const groups = counting.map(([name, value]): Line => {
		const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
		const label = field?.title[look.language] ?? name;
		return [
			span(`${label}${look.say('colon')}`, {dim: true}),
			span(sayValue(field, value, look.language)),
		];
	});
	const cause = problem && sayProblem(look.language, problem).summary;
	return [
		...wrapped(sourceText(look, evidence, nowMs), width - 4, 2).map((row): Line => [
			span('   '),
			span(row, {dim: true}),
		]),
		...(cause === undefined
			? []
			: indented(sayRunbook(look, 'walk.problem', {cause}), width, {color: 'magenta'})),
		...flow(groups, width - 5).map((row): Line => [span('    '), ...row]),
		...lines.slice(0, maxPrinted).flatMap(line => indented(`| ${line}`, width, {dim: true})),
	];
}

function visitRows(look: Look, open: OpenWalk, visit: Visit, place: Place): readonly Line[] {
	const {width} = place;
	const {why, means} = visitWords(open.wizard, visit, look.language);
	const {event} = visit;
	const rows =
		event.type === 'looked' && event.reason === undefined
			? event.evidence.flatMap(one => evidenceRows(look, one, relevantFields(open.wizard), place))
			: eventLines(open.wizard, visit, look.language, open.walk.scope).flatMap(line => {
					const indent = /^\s*/.exec(line)?.[0] ?? '';
					return signed(`   ${indent}`, line.slice(indent.length), width);
				});
	return [
		...(why === undefined ? [] : signed(' ? ', why, width, {color: 'cyan'})),
		...rows,
		...(means === undefined ? [] : signed(' = ', means, width, {bold: true})),
	];
}

/** What was done so far, the oldest first: why, what was seen, what it means; an empty row after each step. */
export function trailLines(look: Look, open: OpenWalk, place: Place): readonly Line[] {
	return open.walk.trail.flatMap((visit, index): readonly Line[] => {
		const rows = visitRows(look, open, visit, place);
		return rows.length === 0 || index === 0 ? rows : [[], ...rows];
	});
}
