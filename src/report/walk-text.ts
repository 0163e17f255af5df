import {formatClock, formatDuration} from '../domain/format.ts';
import type {Language} from '../words/language.ts';
import {valuesOf, withEvidence} from '../runbooks/evidence.ts';
import {weigh, type ValueOf, type Weighed} from '../runbooks/rank.ts';
import type {Node, Wizard} from '../runbooks/runbook.ts';
import {sayConditions, sayUnseen} from '../runbooks/say-condition.ts';
import {sayText} from '../runbooks/say.ts';
import type {Scope} from '../runbooks/scope.ts';
import type {Visit, Walk, WalkEvent} from '../runbooks/walk.ts';
import {runbookWords, type RunbookWord} from '../words/runbook-words.ts';
import {sayProblem} from '../words/say-problem.ts';
import {fill, type Words} from '../words/words.ts';
import {evidenceLines} from './evidence-lines.ts';
import {operationTitle} from './operation-title.ts';

/** Why a node was asked, and what the answer means; what was seen there is put in. */
export function visitWords(
	wizard: Wizard,
	{node: name, event, seenBefore}: Visit,
	language: Language,
): {readonly why?: string; readonly means?: string} {
	const node = wizard.nodes[name];
	const seen = event.type === 'looked' ? withEvidence(seenBefore, event.evidence) : seenBefore;
	const valueOf = valuesOf(seen);
	return {
		...(node?.why && {why: sayText(node.why, valueOf, language)}),
		...(node?.means && {means: sayText(node.means, valueOf, language)}),
	};
}

/** What happened at one node of a walk, in words: why, what was seen or answered, what it means. */
export function visitLines(
	wizard: Wizard,
	visit: Visit,
	language: Language,
	scope: Scope,
): readonly string[] {
	const {why, means} = visitWords(wizard, visit, language);
	return [
		...(why === undefined ? [] : [`? ${why}`]),
		...eventLines(wizard, visit, language, scope).map(line => `  ${line}`),
		...(means === undefined ? [] : [`= ${means}`]),
	];
}

/** What was seen where no branch held; of causes, and of branches that could not be judged, what was missing. */
function whyOther(
	{causes}: Wizard,
	node: Node | undefined,
	facts: {
		readonly other: 'otherwise' | 'unknown';
		readonly valueOf: ValueOf;
		readonly scope: Scope;
	},
): Words {
	const {other, valueOf, scope} = facts;
	if (node?.kind === 'decide' && other === 'otherwise') {
		const asked = node.branches.map(({when}) => when.expression);
		return sayConditions(asked, valueOf, scope);
	}

	if (other === 'otherwise') return {en: '', zh: ''};
	const open =
		node?.kind === 'decide'
			? node.branches.map(({when}) => when.expression)
			: node?.kind === 'rank'
				? node.causes.flatMap(id => causes[id]?.when.expression ?? [])
				: [];
	const unseen = (language: Language) => {
		const said = sayUnseen(open, valueOf, language).join(language === 'zh' ? '；' : '; ');
		return said === '' ? '' : fill(runbookWords['walk.problem'][language], {cause: said});
	};
	return {en: unseen('en'), zh: unseen('zh')};
}

/** What happened at a node: time first, then what was seen, answered or done. `scope`: what the walk is about. */
export function eventLines(
	wizard: Wizard,
	{node: name, event, seenBefore}: Visit,
	language: Language,
	scope: Scope,
): readonly string[] {
	const say = (word: RunbookWord, values = {}) => fill(runbookWords[word][language], values);
	const reason = (text: string | undefined) =>
		say('walk.skipped', {reason: text === undefined || text === '' ? say('walk.no-reason') : text});
	const node = wizard.nodes[name];
	const time = formatClock(event.atMs);
	const colon = language === 'zh' ? '：' : ': ';
	const valueOf = valuesOf(seenBefore);
	switch (event.type) {
		case 'looked':
			return event.reason === undefined
				? event.evidence.flatMap(one => evidenceLines(one, language))
				: [`${time} ${reason(event.reason)}`];
		case 'decided': {
			const {way} = event;
			const own = event.isOwnChoice ? ` (${say('walk.own-choice')})` : '';
			if ('cause' in way) {
				const cause = wizard.causes[way.cause];
				const title = cause ? sayText(cause.title, valueOf, language) : way.cause;
				// Only what held: the rest of its arguments would read as if it had been seen.
				const weighed = cause && weigh(cause, valueOf);
				const side = (sign: string, list: Weighed['for'] = []) =>
					list.map(({says}) => `  ${sign} ${sayText(says, valueOf, language)}`);
				return [
					`${time} ${say('walk.cause', {cause: title})}${own}`,
					...side('+', weighed?.for),
					...side('-', weighed?.against),
				];
			}

			if ('other' in way) {
				const what = whyOther(wizard, node, {other: way.other, valueOf, scope})[language];
				const isNoCause = node?.kind === 'rank' && way.other === 'otherwise';
				const text = say(isNoCause ? 'walk.no-cause' : `walk.${way.other}`);
				return [`${time} ${text}${what === '' ? '' : colon + what}`];
			}

			const branch = node?.kind === 'decide' ? node.branches[way.branch] : undefined;
			const because = branch?.because
				? sayText(branch.because, valueOf, language)
				: branch && sayConditions([branch.when.expression], valueOf, scope)[language];
			return [`${time} ${say('walk.because')}${colon}${because ?? ''}`];
		}

		case 'answered': {
			const choice = node?.kind === 'ask' ? node.choices[event.choice ?? -1] : undefined;
			const answer = choice ? sayText(choice.label, valueOf, language) : say('walk.open');
			return [`${time} ${say('walk.answer', {answer})}`];
		}

		case 'acted': {
			if (event.end === 'skipped') return [`${time} ${reason(event.reason)}`];
			const operation = node?.kind === 'do' ? operationTitle(node.operation, language) : '';
			const cause = event.problem ? sayProblem(language, event.problem).summary : undefined;
			const how = howEnded(event, cause, say);
			return [`${time} ${operation} ${event.run ?? ''} ${how}`.replaceAll('  ', ' ')];
		}

		case 'waited': {
			const seconds = node?.kind === 'wait' ? node.forMs / 1000 : 0;
			return [`${time} ${say('walk.waited', {time: formatDuration(seconds, language)})}`];
		}

		case 'noted': {
			const text = node?.kind === 'note' ? sayText(node.text, valueOf, language) : '';
			return [`${time} ${text}`, ...(event.text === undefined ? [] : [`> ${event.text}`])];
		}
	}
}

/** Refused only where nothing was done: a run that began was carried out or broke off. */
function howEnded(
	{end, run}: WalkEvent & {readonly type: 'acted'},
	cause: string | undefined,
	say: (word: RunbookWord, values?: Readonly<Record<string, string>>) => string,
): string {
	if (cause === undefined) return say(`walk.${end}`);
	if (end === 'unproved') return say('walk.unproved-for', {cause});
	return say(run === undefined ? 'walk.refused' : 'walk.failed-for', {cause});
}

/** A whole walk as plain text, from its start to where it stands. */
export function walkText(wizard: Wizard, walk: Walk, language: Language): string {
	const say = (word: RunbookWord, values = {}) => fill(runbookWords[word][language], values);
	const node = wizard.nodes[walk.at];
	const end = node?.kind === 'end' ? sayText(node.says, valuesOf(walk.seen), language) : '';
	const isCircling = walk.events.some(
		event => event.type === 'abandoned' && event.reason === 'circling',
	);
	const outcome = isCircling ? say('outcome.circling') : say(`outcome.${walk.outcome ?? 'open'}`);
	return [
		wizard.title[language],
		'',
		...walk.trail.flatMap(visit => visitLines(wizard, visit, language, walk.scope)),
		'',
		end === '' ? outcome : `${outcome}: ${end}`,
		'',
	].join('\n');
}
