import type {LookId} from './looks/index.ts';
import type {Checklist, Item} from './runbook.ts';
import {declarationOf} from './say.ts';
import {nameIn, type Scope, type Subject} from './scope.ts';
import {scopesOf, type Here} from './scopes.ts';

/** Things of which a stack may have several, so that a line about one is a line about each. */
const several = ['postgres', 'redis'] as const;

type Several = (typeof several)[number];

/** One of the things that a line of a checklist is about, with the name that tells it from the others. */
export type Part = {readonly scope: Scope; readonly subject: string};

function subjectOf(look: LookId): Subject | undefined {
	return declarationOf(look)?.on;
}

/** Every server of a kind in the stack of a scope: its own ones, else those that belong to none; of the host all. */
function serversOf(
	{kind, on}: {readonly kind: Several; readonly on: Subject},
	scope: Scope,
	here: Here,
): readonly string[] {
	const all = scopesOf(kind, here);
	if (on === 'host') return all.flatMap(one => nameIn(one, kind) ?? []);
	const own = all.filter(({project}) => project === scope.project);
	const found = own.length > 0 ? own : all.filter(({project}) => project === undefined);
	return found.flatMap(one => nameIn(one, kind) ?? []);
}

/**
 * Everything that a line of a checklist about a whole stack has to be judged for: each database server and each Redis that
 * its looks are about. Empty where there is no more than one.
 */
export function partsOf(
	{on}: Pick<Checklist, 'on'>,
	item: Item,
	{scope, here}: {readonly scope: Scope; readonly here: Here},
): readonly Part[] {
	if (item.by === 'person' || (on !== 'stack' && on !== 'host')) return [];
	let parts: readonly Part[] = [{scope, subject: ''}];
	for (const kind of several) {
		const servers = item.looks.some(look => subjectOf(look) === kind)
			? serversOf({kind, on}, scope, here)
			: [];
		if (servers.length < 2) continue;
		parts = parts.flatMap(part =>
			servers.map(id => ({
				scope: {...part.scope, [kind]: id},
				subject: [part.subject, id].filter(name => name !== '').join(', '),
			})),
		);
	}

	return parts.length < 2 ? [] : parts;
}

/** What a look of a scope sees does not depend on the rest of it: the same key, the same evidence. */
export function lookKey(look: LookId, scope: Scope): string {
	const kind = several.find(one => one === subjectOf(look));
	return JSON.stringify([look, kind === undefined ? '' : scope[kind]]);
}
