import {judge, type Reference} from './expression.ts';
import type {Value} from './field.ts';
import type {Argument, Cause} from './runbook.ts';

/** Gives the value of a field as it was seen; undefined where it was not. */
export type ValueOf = (reference: Reference) => Value | undefined;

/** One cause, weighed by what was seen. */
export type Weighed = {
	readonly cause: Cause;
	/** `likely`: its condition holds; `possible`: it could not be judged. */
	readonly likelihood: 'likely' | 'possible';
	readonly points: number;
	/** What speaks for and against it, as far as it was seen. */
	readonly for: readonly Argument[];
	readonly against: readonly Argument[];
	/** What would speak for or against it and could not be seen. */
	readonly unseen: readonly Argument[];
};

/** What a cause is worth by what was seen; undefined where its condition is false, so that it is excluded. */
export function weigh(cause: Cause, valueOf: ValueOf): Weighed | undefined {
	const holds = judge(cause.when.expression, valueOf);
	if (holds === false) return undefined;
	const judged = (list: readonly Argument[], wanted: boolean | undefined) =>
		list.filter(({if: condition}) => judge(condition.expression, valueOf) === wanted);
	const pro = judged(cause.for, true);
	const con = judged(cause.against, true);
	const sum = (list: readonly Argument[]) => list.reduce((total, {points}) => total + points, 0);
	return {
		cause,
		likelihood: holds === true ? 'likely' : 'possible',
		points: (holds === true ? cause.points : 0) + sum(pro) - sum(con),
		for: pro,
		against: con,
		unseen: judged([...cause.for, ...cause.against], undefined),
	};
}

/**
 * The better one first: likely before possible, then by points; what follows from another likely one of the list comes
 * after everything likely that does not. Otherwise the order of the list stays.
 */
export function ranked<T extends Weighed>(
	list: readonly T[],
	follows: (one: T, other: T) => boolean = followsFrom,
): readonly (T & {readonly consequenceOf?: string})[] {
	const likely = list.filter(({likelihood}) => likelihood === 'likely');
	return list
		.map(one => {
			const origin = likely.find(other => other !== one && follows(one, other));
			return origin ? {...one, consequenceOf: origin.cause.id} : one;
		})
		.map((one, index) => ({one, index}))
		.sort((a, b) => order(a.one) - order(b.one) || b.one.points - a.one.points || a.index - b.index)
		.map(({one}) => one);
}

function followsFrom(one: Weighed, other: Weighed): boolean {
	return one.cause.follows.includes(other.cause.id) && !other.cause.follows.includes(one.cause.id);
}

function order(one: Weighed & {readonly consequenceOf?: string}): number {
	if (one.likelihood === 'possible') return 2;
	return one.consequenceOf === undefined ? 0 : 1;
}

/**
 * Whether the best of a ranking can be acted on: it is likely, and nothing speaks against it more than for it. Otherwise
 * the walk goes on as `unknown` (something could not be judged) or `otherwise` (nothing holds).
 */
export function verdictOf(list: readonly Weighed[]): Weighed | 'otherwise' | 'unknown' {
	const best = list.find(({likelihood, points}) => likelihood === 'likely' && points > 0);
	if (best) return best;
	return list.length > 0 ? 'unknown' : 'otherwise';
}
