import {basisOf, type Basis} from '../runbooks/basis.ts';
import {valuesOf} from '../runbooks/evidence.ts';
import {judge} from '../runbooks/expression.ts';
import type {ValueOf} from '../runbooks/rank.ts';
import type {Node, Wizard} from '../runbooks/runbook.ts';
import {sayConditions} from '../runbooks/say-condition.ts';
import {sayText} from '../runbooks/say.ts';
import type {Scope} from '../runbooks/scope.ts';
import {nodeOf, type Walk, type WalkEvent, type Way} from '../runbooks/walk.ts';
import {incidentWords} from '../words/incident-words.ts';
import {sayProblem} from '../words/say-problem.ts';
import {fill, type Words} from '../words/words.ts';
import type {IncidentEvent} from './event.ts';

type Turned = IncidentEvent & {readonly kind: 'walk-turned'};
type Told = {
	readonly says: Words;
	readonly basis?: readonly Basis[];
	readonly by?: string;
	readonly isRefused?: true;
	readonly cause?: Words;
};
type Code = Extract<keyof typeof incidentWords, `turn.${string}`>;

/** A text of a runbook with what was seen, in both languages. */
export function filled(words: Words, valueOf: ValueOf): Words {
	return {en: sayText(words, valueOf, 'en'), zh: sayText(words, valueOf, 'zh')};
}

function said(code: Code, values: Readonly<Record<string, Words>> = {}): Words {
	const {en, zh} = incidentWords[code];
	const of = (language: keyof Words) =>
		Object.fromEntries(Object.entries(values).map(([name, words]) => [name, words[language]]));
	return {en: fill(en, of('en')), zh: fill(zh, of('zh'))};
}

const same = (text: string): Words => ({en: text, zh: text});

/** What a branch says for itself; its condition where it says nothing. */
function branchTold(
	node: Node & {readonly kind: 'decide'},
	way: Way,
	valueOf: ValueOf,
	scope: Scope,
): Told {
	if ('branch' in way) {
		const branch = node.branches[way.branch];
		const because = branch?.because
			? filled(branch.because, valueOf)
			: sayConditions(branch ? [branch.when.expression] : [], valueOf, scope);
		const basis = branch ? basisOf(branch.when.expression, valueOf) : [];
		return {says: said('turn.because', {because}), basis};
	}

	const isUnknown = 'other' in way && way.other === 'unknown';
	// Of many conditions that did not hold none says more than the others.
	const asked = node.branches.filter(({when}) =>
		isUnknown ? judge(when.expression, valueOf) === undefined : node.branches.length === 1,
	);
	const [only] = asked;
	const expressions = asked.map(({when}) => when.expression);
	const condition = {condition: sayConditions(expressions, valueOf, scope)};
	const basis = asked.flatMap(({when}) => basisOf(when.expression, valueOf));
	const count = same(String(node.branches.length));
	if (isUnknown) return {says: said('turn.unknown'), basis};
	return {says: only ? said('turn.otherwise', condition) : said('turn.none-of', {count}), basis};
}

function decidedTold(wizard: Wizard, walk: Walk, event: WalkEvent & {type: 'decided'}): Told {
	const node = nodeOf(wizard, event.node);
	const valueOf = valuesOf(walk.seen);
	const {way} = event;
	if (node.kind === 'decide') return branchTold(node, way, valueOf, walk.scope);
	if ('cause' in way) {
		const title = wizard.causes[way.cause]?.title;
		const cause = title ? filled(title, valueOf) : same(way.cause);
		// Also the one that was proposed counts only when a person took it.
		const code = event.isOwnChoice ? 'turn.own-cause' : 'turn.cause';
		return {says: said(code, {cause}), by: walk.by, cause};
	}

	const isUnknown = 'other' in way && way.other === 'unknown';
	return {says: said(isUnknown ? 'turn.unknown' : 'turn.no-cause')};
}

function told(wizard: Wizard, walk: Walk, event: WalkEvent): Told | undefined {
	const valueOf = valuesOf(walk.seen);
	const reason = (text: string | undefined) => same(text ?? '');
	if (event.type === 'decided') return decidedTold(wizard, walk, event);
	if (event.type === 'answered') {
		const node = nodeOf(wizard, event.node);
		if (node.kind !== 'ask') return undefined;
		const choice = node.choices[event.choice ?? -1];
		const answer = choice ? filled(choice.label, valueOf) : said('turn.no-answer');
		const question = filled(node.question, valueOf);
		return {says: said('turn.answer', {question, answer}), by: walk.by};
	}

	if (event.type !== 'acted' || event.end === 'done' || event.run !== undefined) return undefined;
	const node = nodeOf(wizard, event.node);
	const operation = same(node.kind === 'do' ? node.operation : '');
	// What never ran has no journal that tells of it.
	if (event.end === 'skipped') {
		return {says: said('turn.skipped', {operation, reason: reason(event.reason)}), by: walk.by};
	}

	const {problem} = event;
	const summary = problem
		? {en: sayProblem('en', problem).summary, zh: sayProblem('zh', problem).summary}
		: reason(event.reason);
	return {says: said('turn.refused', {operation, reason: summary}), by: walk.by, isRefused: true};
}

/** The way that a walk took at a node, with what decided it: judged by the console, or chosen by a person. */
export function turnOf(wizard: Wizard, walk: Walk, event: WalkEvent): readonly Turned[] {
	const found = 'node' in event ? told(wizard, walk, event) : undefined;
	if (!found || !('node' in event)) return [];
	const {says, basis = [], by, isRefused, cause} = found;
	return [
		{
			kind: 'walk-turned',
			...{walk: walk.id, runbook: wizard.id, node: event.node, atMs: event.atMs, says, basis},
			...(by !== undefined && {by}),
			...(isRefused && {isRefused}),
			...(cause && {cause}),
		},
	];
}
