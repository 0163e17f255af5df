import {formatClock, formatDuration} from '../domain/format.ts';
import type {Language} from '../words/language.ts';
import {valuesOf, withEvidence} from '../runbooks/evidence.ts';
import type {Wizard} from '../runbooks/runbook.ts';
import {sayText} from '../runbooks/say.ts';
import type {Visit, Walk} from '../runbooks/walk.ts';
import {runbookWords, type RunbookWord} from '../words/runbook-words.ts';
import {sayProblem} from '../words/say-problem.ts';
import {fill} from '../words/words.ts';
import {evidenceLines} from './evidence-lines.ts';

/**
 * What happened at one node, in words: why, what was seen or answered, what it means. With `only`, just these fields
 * (`look.field`) of what was seen.
 */
export function visitLines(
	wizard: Wizard,
	visit: Visit,
	language: Language,
	only?: ReadonlySet<string>,
): readonly string[] {
	const node = wizard.nodes[visit.node];
	if (!node) return [];
	const {event, seenBefore} = visit;
	const seen = event.type === 'looked' ? withEvidence(seenBefore, event.evidence) : seenBefore;
	const valueOf = valuesOf(seen);
	const said = (words: NonNullable<typeof node.why>) => sayText(words, valueOf, language);
	return [
		...(node.why ? [`? ${said(node.why)}`] : []),
		...(visit.event.type === 'looked' && visit.event.reason === undefined
			? visit.event.evidence.flatMap(one => evidenceLines(one, language, only))
			: eventLines(wizard, visit, language)
		).map(line => `  ${line}`),
		...(node.means ? [`= ${said(node.means)}`] : []),
	];
}

function eventLines(wizard: Wizard, {node: name, event, seenBefore}: Visit, language: Language) {
	const say = (word: RunbookWord, values = {}) => fill(runbookWords[word][language], values);
	const reason = (text: string | undefined) =>
		say('walk.skipped', {reason: text ?? say('walk.no-reason')});
	const node = wizard.nodes[name];
	const time = formatClock(event.atMs);
	const valueOf = valuesOf(seenBefore);
	switch (event.type) {
		case 'looked':
			return [`${time} ${reason(event.reason)}`];
		case 'decided': {
			const {way} = event;
			const own = event.isOwnChoice ? ` (${say('walk.own-choice')})` : '';
			if ('cause' in way) {
				const cause = wizard.causes[way.cause];
				const title = cause ? sayText(cause.title, valueOf, language) : way.cause;
				const proofs = (cause?.for ?? []).map(
					({says}) => `  + ${sayText(says, valueOf, language)}`,
				);
				return [`${time} ${say('walk.cause', {cause: title})}${own}`, ...proofs];
			}

			if ('other' in way) return [`${time} ${say(`walk.${way.other}`)}`];
			const branch = node?.kind === 'decide' ? node.branches[way.branch] : undefined;
			const because = branch?.because
				? sayText(branch.because, valueOf, language)
				: branch?.when.text;
			return [`${time} ${say('walk.because')}: ${because ?? ''}`];
		}

		case 'answered': {
			const choice = node?.kind === 'ask' ? node.choices[event.choice ?? -1] : undefined;
			const answer = choice ? sayText(choice.label, valueOf, language) : say('walk.open');
			return [`${time} ${say('walk.answer', {answer})}`];
		}

		case 'acted': {
			if (event.end === 'skipped') return [`${time} ${reason(event.reason)}`];
			const operation = node?.kind === 'do' ? node.operation : '';
			const cause = event.problem ? sayProblem(language, event.problem).summary : undefined;
			const how = cause === undefined ? say(`walk.${event.end}`) : say('walk.refused', {cause});
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
		...walk.trail.flatMap(visit => visitLines(wizard, visit, language)),
		'',
		end === '' ? outcome : `${outcome}: ${end}`,
		'',
	].join('\n');
}
