import type {Value} from './field.ts';
import type {Evidence} from './look.ts';
import type {ValueOf} from './rank.ts';

/** What a walk has seen: the latest of each look, and the first. */
export type Seen = {
	readonly now: Readonly<Record<string, Evidence>>;
	readonly first: Readonly<Record<string, Evidence>>;
};

/** Nothing looked at yet. */
export const nothingSeen: Seen = {now: {}, first: {}};

/** Adds what was just seen. */
export function withEvidence(seen: Seen, evidence: readonly Evidence[]): Seen {
	const added = Object.fromEntries(evidence.map(one => [one.look, one]));
	return {now: {...seen.now, ...added}, first: {...added, ...seen.first}};
}

function valueIn(
	list: Readonly<Record<string, Evidence>>,
	look: string,
	field: string,
): Value | undefined {
	const values = Object.hasOwn(list, look) ? list[look]?.values : undefined;
	return values && Object.hasOwn(values, field) ? values[field] : undefined;
}

/** The values of what was seen, for conditions and texts. */
export function valuesOf(seen: Seen): ValueOf {
	return ({look, field, isFirst}) => valueIn(isFirst ? seen.first : seen.now, look, field);
}
