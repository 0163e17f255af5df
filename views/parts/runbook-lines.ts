import type {Look} from '../../hooks/use-look.ts';
import {valuesOf} from '../../src/runbooks/evidence.ts';
import {declarationOf, sayText} from '../../src/runbooks/say.ts';
import {nameIn, type Scope, type Subject} from '../../src/runbooks/scope.ts';
import {nodeOf} from '../../src/runbooks/walk.ts';
import type {Node} from '../../src/runbooks/runbook.ts';
import {operationTitle} from '../../src/report/operation-title.ts';
import {openIncidentOf} from '../../src/store/incident-keys.ts';
import {actions} from '../../src/store/actions.ts';
import type {OpenWalk} from '../../src/store/runbook-state.ts';
import type {State} from '../../src/store/state.ts';
import {runbookWords, type RunbookWord} from '../../src/words/runbook-words.ts';
import {fill, type Words} from '../../src/words/words.ts';
import {wrapped} from './reading-lines.ts';
import {riskSpan} from './risk.ts';
import {type Line, type Style, span} from './spans.ts';

/** A text about runbooks in the language of the screen. */
export function sayRunbook(
	look: Look,
	word: RunbookWord,
	values: Readonly<Record<string, string | number>> = {},
): string {
	return fill(runbookWords[word][look.language], values);
}

/**
 * The name of what a runbook is about; the kind alone for a stack without a name and the host. Of a host of several
 * projects or servers, the server that it looks at is named.
 */
export function subjectText(look: Look, subject: Subject, scope: Scope): string {
	if (subject === 'host') {
		const {project, postgres, redis} = scope;
		const servers = project === undefined ? [postgres ?? [], redis ?? []].flat() : [];
		return [sayRunbook(look, 'subject.host'), ...servers].join(', ');
	}

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

/** The text of a node with what was seen put in. */
export function said(look: Look, open: OpenWalk, words: Words): string {
	return sayText(words, valuesOf(open.walk.seen), look.language);
}

/** The title of another runbook; its id where it is not known. */
export function runbookText(state: State, look: Look, id: string): string {
	const {runbooks = {}} = state.runbook;
	return (Object.hasOwn(runbooks, id) ? runbooks[id]?.title[look.language] : undefined) ?? id;
}

const bold: Style = {bold: true};
const warning: Style = {color: 'yellow', bold: true};

/** What the walk waits for now: the question, the fix, the note, the end. */
export function presentLines(
	state: State,
	look: Look,
	open: OpenWalk,
	width: number,
): readonly Line[] {
	const {wizard, walk, activity, heldBy} = open;
	// Who looks on is not told of keys that are the other one's.
	const isOurs = heldBy === undefined;
	const node = nodeOf(wizard, walk.at);
	const why = node.why ? signed(' ? ', said(look, open, node.why), width, {color: 'cyan'}) : [];
	const says = (sign: string, word: RunbookWord, values: Readonly<Record<string, string>> = {}) =>
		signed(sign, sayRunbook(look, word, values), width, bold);
	switch (walk.status) {
		case 'abandoned':
			return signed(' x ', sayRunbook(look, 'outcome.circling'), width, warning);
		case 'paused':
			return isOurs ? [...why, ...says(' > ', 'walk.paused')] : why;
		case 'handed-over':
			return isOurs ? [...why, ...says(' > ', 'walk.handed-over', {by: walk.by})] : why;
		case 'ended':
			return node.kind === 'end' ? endLines(state, look, {open, node}, width) : [];
		case 'walking':
			break;
	}

	if (activity.kind === 'looking') {
		const titles = activity.looks.map(id => declarationOf(id)?.title[look.language] ?? id);
		return [...why, ...says(' ... ', 'walk.looking', {looks: titles.join(', ')})];
	}

	if (activity.kind === 'waiting') {
		const left = Math.max(0, Math.ceil((activity.untilMs - state.data.nowMs) / 1000));
		return [...why, ...says(' ... ', 'walk.waiting', {seconds: String(left)})];
	}

	switch (node.kind) {
		case 'ask':
			return [...why, ...signed(' > ', said(look, open, node.question), width, bold)];
		case 'rank':
			return [...why, ...says(' > ', isOurs ? 'walk.choose-cause' : 'walk.ranked')];
		case 'do':
			return [...why, ...doLines(look, open, node.operation, width)];
		case 'note':
			return [
				...why,
				...signed(' > ', said(look, open, node.text), width, bold),
				...(isOurs ? signed('   ', sayRunbook(look, 'walk.note-done'), width) : []),
			];
		case 'look':
		case 'decide':
		case 'wait':
			return isOurs ? [...why, ...says(' > ', 'walk.go-on')] : why;
		case 'end':
			return [];
	}
}

function endLines(
	state: State,
	look: Look,
	{open, node}: {readonly open: OpenWalk; readonly node: Node & {readonly kind: 'end'}},
	width: number,
): readonly Line[] {
	const {outcome, says, go} = node;
	const isOpen = outcome === 'escalate' || outcome === 'not-found';
	const style: Style = isOpen ? warning : {color: 'green', bold: true};
	const text = `${sayRunbook(look, `outcome.${outcome}`)}${look.say('colon')}${said(look, open, says)}`;
	const outcomeLines = signed(isOpen ? ' ! ' : ' = ', text, width, style);
	if (open.heldBy !== undefined) return outcomeLines;
	const closes = !isOpen && openIncidentOf(state) !== undefined;
	return [
		...outcomeLines,
		...(closes ? signed(' > ', sayRunbook(look, 'walk.close-incident'), width, bold) : []),
		...(go === undefined
			? signed('   ', sayRunbook(look, 'walk.over'), width)
			: signed(
					' > ',
					sayRunbook(look, 'walk.continue', {title: runbookText(state, look, go)}),
					width,
					bold,
				)),
	];
}

/** The fix that is offered, with the risk that is to be expected of it, or that runs. */
function doLines(look: Look, open: OpenWalk, operation: string, width: number): readonly Line[] {
	const {run} = open.walk;
	const title = operationTitle(operation, look.language);
	if (run !== undefined) {
		return signed(
			' > ',
			sayRunbook(look, 'walk.running', {operation: title, id: run}),
			width,
			bold,
		);
	}

	const risk = actions.find(({id}) => id === operation)?.risk;
	return [
		[
			span(' > ', bold),
			span(`${sayRunbook(look, 'walk.offers', {operation: title})}  `, bold),
			...(risk === undefined ? [] : [riskSpan(look, risk)]),
		],
		...(open.heldBy === undefined
			? signed('   ', sayRunbook(look, 'walk.offers-more'), width)
			: []),
	];
}
