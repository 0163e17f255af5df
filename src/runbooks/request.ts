import type {JsonValue} from '../domain/plan.ts';
import type {Argued, Node} from './runbook.ts';
import {operationRequests, type ScopePart} from './operation-requests.ts';
import type {ValueOf} from './rank.ts';
import type {Scope} from './scope.ts';
import type {Here} from './scopes.ts';

/** A request as the operation wants it, or the parts of it that are not known here. */
export type MadeRequest =
	| {readonly ok: true; readonly operation: string; readonly request: JsonValue}
	| {readonly ok: false; readonly missing: readonly string[]};

/** The text of a part of the scope; undefined where the walk is about none. */
export function scopeText(part: ScopePart, scope: Scope, here: Here): string | undefined {
	if (part !== 'service') return scope[part];
	const container = here.containers.find(({key}) => key === scope.container);
	return container?.service ?? container?.name;
}

function valueIn(argued: Argued, facts: Facts): JsonValue | undefined {
	switch (argued.kind) {
		case 'value':
			return argued.value;
		case 'scope':
			return scopeText(argued.part, facts.scope, facts.here);
		case 'field':
			return facts.valueOf({look: argued.look, field: argued.field, isFirst: false});
		case 'list': {
			const items = argued.items.map(item => valueIn(item, facts));
			return items.some(item => item === undefined)
				? undefined
				: items.filter(item => item !== undefined);
		}
	}
}

type Facts = {readonly scope: Scope; readonly here: Here; readonly valueOf: ValueOf};

/** Texts for what is a list of them. */
function listed(value: JsonValue, isList: boolean): JsonValue {
	return isList && value !== 'all' && !Array.isArray(value) ? [value] : value;
}

/**
 * The request of a `do`, with what was seen put in. What a request may leave out is left out where it is not known; what it
 * needs is named.
 */
export function requestOf(
	{operation, request}: Pick<Node & {readonly kind: 'do'}, 'operation' | 'request'>,
	facts: Facts,
): MadeRequest {
	const parameters = operationRequests[operation] ?? {};
	const missing: string[] = [];
	const made: Record<string, JsonValue> = {};
	for (const [name, argued] of Object.entries(request)) {
		const value = valueIn(argued, facts);
		const parameter = parameters[name];
		const isList = parameter?.type === 'names' || parameter?.type === 'numbers';
		if (value !== undefined) made[name] = listed(value, isList);
		// A field names the very thing that is meant: without it the operation would be about something else.
		else if (parameter?.isNeeded || argued.kind !== 'scope') missing.push(name);
	}

	return missing.length > 0 ? {ok: false, missing} : {ok: true, operation, request: made};
}
