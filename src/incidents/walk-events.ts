import {judge} from '../runbooks/expression.ts';
import {valuesOf} from '../runbooks/evidence.ts';
import {weigh, type ValueOf} from '../runbooks/rank.ts';
import type {Argument, Wizard} from '../runbooks/runbook.ts';
import {sayText} from '../runbooks/say.ts';
import {nodeOf, replay, type Walk, type WalkEvent} from '../runbooks/walk.ts';
import type {Words} from '../words/words.ts';
import type {IncidentEvent, IncidentLine} from './event.ts';

type Decided = IncidentEvent & {readonly kind: 'walk-decided'};

/** A text of a runbook with what was seen, in both languages. */
function filled(words: Words, valueOf: ValueOf): Words {
	return {en: sayText(words, valueOf, 'en'), zh: sayText(words, valueOf, 'zh')};
}

/** Every cause that a ranking weighed, as it stood then; those that were excluded too. */
function weighed(wizard: Wizard, walk: Walk, node: string): readonly Decided[] {
	const place = nodeOf(wizard, node);
	if (place.kind !== 'rank') return [];
	const valueOf = valuesOf(walk.seen);
	const says = (list: readonly Argument[]) => list.map(one => filled(one.says, valueOf));
	return place.causes.flatMap((id): readonly Decided[] => {
		const cause = Object.hasOwn(wizard.causes, id) ? wizard.causes[id] : undefined;
		if (cause === undefined) return [];
		const found = weigh(cause, valueOf);
		const against = cause.against.filter(one => judge(one.if.expression, valueOf) === true);
		return [
			{
				kind: 'walk-decided',
				...{walk: walk.id, runbook: wizard.id, node, cause: id, title: cause.title},
				verdict: found?.likelihood ?? 'excluded',
				for: says(found?.for ?? []),
				against: says(found?.against ?? against),
			},
		];
	});
}

/** What one event of a walk means for an incident. */
function eventsOf(wizard: Wizard, before: Walk, event: WalkEvent): readonly IncidentEvent[] {
	const {id: walk} = before;
	switch (event.type) {
		case 'looked': {
			const {node} = event;
			return event.evidence.map(
				evidence => ({kind: 'evidence', evidence, walk, runbook: wizard.id, node}) as const,
			);
		}

		case 'decided':
			return weighed(wizard, before, event.node);
		case 'remarked':
			return [{kind: 'note', text: event.text, walk}];
		case 'noted':
			return (event.text ?? '') === '' ? [] : [{kind: 'note', text: event.text ?? '', walk}];
		case 'started':
		case 'answered':
		case 'acted':
		case 'began':
		case 'waited':
		case 'went-back':
		case 'paused':
		case 'resumed':
		case 'handed-over':
		case 'abandoned':
			// Operations are written down from their own journals.
			return [];
	}
}

/** What the end of a walk means; nothing where it has none. */
function endOf(wizard: Wizard, walk: Walk): readonly IncidentEvent[] {
	const {id, at, status, outcome} = walk;
	if (status !== 'ended' || outcome === undefined) return [];
	const node = nodeOf(wizard, at);
	const says = node.kind === 'end' ? filled(node.says, valuesOf(walk.seen)) : undefined;
	return [{kind: 'walk-ended', walk: id, runbook: wizard.id, outcome, ...(says && {says})}];
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
			found.push({kind: 'walk-started', walk: id, runbook, title: wizard.title});
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
