import {basisOf} from '../runbooks/basis.ts';
import {judge, type Expression} from '../runbooks/expression.ts';
import {valuesOf} from '../runbooks/evidence.ts';
import {weigh, type ValueOf} from '../runbooks/rank.ts';
import type {Argument, Wizard} from '../runbooks/runbook.ts';
import {sayLooked} from '../runbooks/say-condition.ts';
import type {Scope} from '../runbooks/scope.ts';
import {nodeOf, replay, type Walk, type WalkEvent} from '../runbooks/walk.ts';
import type {Words} from '../words/words.ts';
import type {IncidentEvent, IncidentLine} from './event.ts';
import {sayField, sayIncident} from './say.ts';
import {filled, turnOf} from './turns.ts';

type Decided = IncidentEvent & {readonly kind: 'walk-decided'};

/** Most fields that are told of a condition. */
const maxTold = 2;

/** What was seen of what decided a condition: why it held, or what was so instead. */
function decidedBy(expression: Expression, valueOf: ValueOf, scope: Scope): readonly Words[] {
	const told = new Map<string, Words>();
	for (const {look, field} of basisOf(expression, valueOf)) {
		const value = valueOf({look, field, isFirst: false});
		const say = (language: 'en' | 'zh') => {
			const said = sayField(language, {look, field}, value);
			const params = {look: sayLooked(look, scope, language), field: said.title, value: said.value};
			return sayIncident(language, 'cause.lacks', params);
		};
		if (told.size < maxTold) told.set(`${look}.${field}`, {en: say('en'), zh: say('zh')});
	}

	return [...told.values()];
}

/** Every cause that a ranking weighed, as it stood then; those that were excluded too. */
function weighed(
	wizard: Wizard,
	walk: Walk,
	{node, atMs}: WalkEvent & {readonly type: 'decided'},
): readonly Decided[] {
	const place = nodeOf(wizard, node);
	if (place.kind !== 'rank') return [];
	const valueOf = valuesOf(walk.seen);
	const says = (list: readonly Argument[]) => list.map(one => filled(one.says, valueOf));
	return place.causes.flatMap((id): readonly Decided[] => {
		const cause = Object.hasOwn(wizard.causes, id) ? wizard.causes[id] : undefined;
		if (cause === undefined) return [];
		const found = weigh(cause, valueOf);
		const against =
			found?.against ?? cause.against.filter(one => judge(one.if.expression, valueOf) === true);
		const lacks =
			found || against.length > 0 ? [] : decidedBy(cause.when.expression, valueOf, walk.scope);
		const pro = found?.for ?? [];
		// A likely cause that nothing is said for would read as a guess: what was seen speaks for it.
		const holds =
			found?.likelihood === 'likely' && pro.length === 0
				? decidedBy(cause.when.expression, valueOf, walk.scope)
				: [];
		// What excludes a cause is said by it; its figures would hide those of the others.
		const telling = found ? [cause.when, ...[...pro, ...against].map(one => one.if)] : [];
		return [
			{
				kind: 'walk-decided',
				...{walk: walk.id, runbook: wizard.id, node, cause: id},
				title: filled(cause.title, valueOf),
				verdict: found?.likelihood ?? 'excluded',
				for: [...says(pro), ...holds],
				against: [...says(against), ...lacks],
				basis: telling.flatMap(({expression}) => basisOf(expression, valueOf)),
				atMs,
			},
		];
	});
}

/** What one event of a walk means for an incident. */
function eventsOf(wizard: Wizard, before: Walk, event: WalkEvent): readonly IncidentEvent[] {
	const {id: walk} = before;
	const {atMs} = event;
	switch (event.type) {
		case 'looked': {
			const {node} = event;
			return event.evidence.map(
				evidence => ({kind: 'evidence', evidence, walk, runbook: wizard.id, node}) as const,
			);
		}

		case 'decided':
			return [...weighed(wizard, before, event), ...turnOf(wizard, before, event)];
		case 'answered':
		case 'acted':
			// What was carried out is written down from its own journal.
			return turnOf(wizard, before, event);
		case 'remarked':
			return [{kind: 'note', text: event.text, walk, atMs, by: event.by}];
		case 'noted': {
			const {text = ''} = event;
			return text === '' ? [] : [{kind: 'note', text, walk, atMs, by: before.by}];
		}

		case 'started':
		case 'began':
		case 'waited':
		case 'went-back':
		case 'paused':
		case 'resumed':
		case 'handed-over':
		case 'abandoned':
			return [];
	}
}

/** What the end of a walk means; nothing where it has none. */
function endOf(wizard: Wizard, walk: Walk): readonly IncidentEvent[] {
	const {id, at, status, outcome, lastAtMs: atMs, by} = walk;
	if (status !== 'ended' || outcome === undefined) return [];
	const node = nodeOf(wizard, at);
	const says = node.kind === 'end' ? filled(node.says, valuesOf(walk.seen)) : undefined;
	const ended = {walk: id, runbook: wizard.id, outcome, ...(says && {says})};
	return [{kind: 'walk-ended', ...ended, atMs, by}];
}

/**
 * Everything that a walk means for an incident, oldest first: its start, what was seen, every cause that was weighed with
 * what spoke for and against it, remarks, its end. What a shorter list of the same walk gives stands at its beginning.
 */
export function incidentEventsOfWalk(
	wizard: Wizard,
	events: readonly WalkEvent[],
): readonly IncidentEvent[] {
	const found: IncidentEvent[] = [];
	let before: Walk | undefined;
	for (const [index, event] of events.entries()) {
		const walk = replay(wizard, events.slice(0, index + 1));
		if (walk === undefined) return [];
		const {id, runbook} = walk;
		if (before === undefined) {
			const {startedAtMs: atMs, by} = walk;
			found.push({kind: 'walk-started', walk: id, runbook, title: wizard.title, atMs, by});
		} else if (walk !== before) {
			found.push(...eventsOf(wizard, before, event));
		}

		if (walk.status === 'ended' && before?.status !== 'ended') found.push(...endOf(wizard, walk));
		before = walk;
	}

	return found;
}

/** The events of a walk that an incident does not have yet; only who holds the walk may write them down. */
export function walkEventsToRecord(
	lines: readonly IncidentLine[],
	wizard: Wizard,
	events: readonly WalkEvent[],
): readonly IncidentEvent[] {
	const all = incidentEventsOfWalk(wizard, events);
	const first = all[0];
	if (first?.kind !== 'walk-started') return [];
	const {walk} = first;
	const known = lines.filter(({event}) => 'walk' in event && event.walk === walk).length;
	return all.slice(known);
}
