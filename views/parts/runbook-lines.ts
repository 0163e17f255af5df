import type {Look} from '../../hooks/use-look.ts';
import {formatClock} from '../../src/domain/format.ts';
import {visitLines} from '../../src/report/walk-text.ts';
import {valuesOf} from '../../src/runbooks/evidence.ts';
import {relevantFields} from '../../src/runbooks/relevant.ts';
import {declarationOf, sayText} from '../../src/runbooks/say.ts';
import {nameIn, type Scope, type Subject} from '../../src/runbooks/scope.ts';
import {isOver, nodeOf} from '../../src/runbooks/walk.ts';
import type {OpenWalk} from '../../src/store/runbook-state.ts';
import {runbookWords, type RunbookWord} from '../../src/words/runbook-words.ts';
import {fill, type Words} from '../../src/words/words.ts';
import {wrapped} from './reading-lines.ts';
import {type Line, type Style, span} from './spans.ts';

/** A text about runbooks in the language of the screen. */
export function sayRunbook(
	look: Look,
	word: RunbookWord,
	values: Readonly<Record<string, string | number>> = {},
): string {
	return fill(runbookWords[word][look.language], values);
}

/** The name of what a runbook is about; nothing for the host and a stack without a name. */
export function subjectText(look: Look, subject: Subject, scope: Scope): string {
	if (subject === 'host') return sayRunbook(look, 'subject.host');
	const name = nameIn(scope, subject) ?? '';
	return name === '' ? sayRunbook(look, `subject.${subject}`) : name;
}

/** Words wrapped under a sign: `? why`, continued below the text. */
export function signed(
	sign: string,
	text: string,
	width: number,
	style: Style = {},
): readonly Line[] {
	const room = Math.max(10, width - sign.length - 1);
	return wrapped(text, room, 12).map((row, index): Line => [
		span(index === 0 ? sign : ' '.repeat(sign.length), style),
		span(row, style),
	]);
}

/** What was done so far, the oldest first: why, what was seen, what it means. */
export function trailLines(look: Look, {wizard, walk}: OpenWalk, width: number): readonly Line[] {
	return walk.trail.flatMap(visit => {
		const lines = visitLines(wizard, visit, look.language, relevantFields(wizard));
		return lines.flatMap(line => {
			const isWhy = line.startsWith('? ');
			const isMeaning = line.startsWith('= ');
			const style: Style = isWhy ? {color: 'cyan'} : isMeaning ? {bold: true} : {};
			const indent = /^\s*/.exec(line)?.[0] ?? '';
			return wrapped(line.slice(indent.length), Math.max(10, width - indent.length - 2), 6).map(
				(row, index): Line => [
					span(` ${indent}${index === 0 ? '' : '  '}`),
					span(row, {...style, dim: !isWhy && !isMeaning}),
				],
			);
		});
	});
}

/** The text of a node with what was seen put in. */
export function said(look: Look, open: OpenWalk, words: Words): string {
	return sayText(words, valuesOf(open.walk.seen), look.language);
}

/** What the walk waits for now: the question, the fix, the note, the end. */
export function presentLines(
	look: Look,
	open: OpenWalk,
	width: number,
	nowMs: number,
): readonly Line[] {
	const {wizard, walk, activity} = open;
	const node = nodeOf(wizard, walk.at);
	const why = node.why ? signed(' ? ', said(look, open, node.why), width, {color: 'cyan'}) : [];
	if (walk.status === 'abandoned') {
		return signed(' x ', sayRunbook(look, 'outcome.circling'), width, {
			color: 'yellow',
			bold: true,
		});
	}

	if (activity.kind === 'looking') {
		const titles = activity.looks.map(id => declarationOf(id)?.title[look.language] ?? id);
		const text = sayRunbook(look, 'walk.looking', {looks: titles.join(', ')});
		return [...why, ...signed(' ... ', text, width, {bold: true})];
	}

	if (activity.kind === 'waiting') {
		const seconds = Math.max(0, Math.ceil((activity.untilMs - nowMs) / 1000));
		return [
			...why,
			...signed(' ... ', sayRunbook(look, 'walk.waiting', {seconds}), width, {bold: true}),
		];
	}

	const bold: Style = {bold: true};
	switch (node.kind) {
		case 'ask':
			return [...why, ...signed(' > ', said(look, open, node.question), width, bold)];
		case 'rank':
			return [...why, ...signed(' > ', sayRunbook(look, 'walk.choose-cause'), width, bold)];
		case 'do':
			return [...why, ...doLines(look, open, node.operation, width)];
		case 'note':
			return [
				...why,
				...signed(' > ', said(look, open, node.text), width, bold),
				...signed('   ', sayRunbook(look, 'walk.note-done'), width, {dim: true}),
			];
		case 'end': {
			const style: Style =
				node.outcome === 'escalate' || node.outcome === 'not-found'
					? {color: 'yellow', bold: true}
					: {color: 'green', bold: true};
			const outcome = sayRunbook(look, `outcome.${node.outcome}`);
			return [
				...signed(' = ', `${outcome}: ${said(look, open, node.says)}`, width, style),
				...(node.go === undefined
					? []
					: signed(' > ', sayRunbook(look, 'walk.continue', {id: node.go}), width)),
			];
		}

		case 'look':
		case 'decide':
		case 'wait':
			return isOver(walk)
				? []
				: [...why, ...signed(' > ', sayRunbook(look, 'walk.go-on'), width, bold)];
	}
}

function doLines(look: Look, open: OpenWalk, operation: string, width: number): readonly Line[] {
	const {run} = open.walk;
	const words =
		run === undefined
			? sayRunbook(look, 'walk.offers', {operation})
			: sayRunbook(look, 'walk.running', {operation, id: run});
	return [
		...signed(' > ', words, width, {bold: true}),
		...(run === undefined
			? signed('   ', sayRunbook(look, 'walk.offers-more'), width, {dim: true})
			: []),
	];
}

/** The clock time of something, for a row. */
export function timeOf(atMs: number): string {
	return formatClock(atMs);
}
