import {judge, type Expression} from './expression.ts';
import type {Value} from './field.ts';
import type {ValueOf} from './rank.ts';

/** A field that a condition was decided by; with the fixed value that it was compared with, in the field's own unit. */
export type Basis = {
	readonly look: string;
	readonly field: string;
	/** The comparison that held: `>=`. */
	readonly operator?: string;
	readonly limit?: Value;
};

type Compare = Expression & {readonly kind: 'compare'};

const turned: Readonly<Record<string, string>> = {'<': '>', '<=': '>=', '>': '<', '>=': '<='};
const opposite: Readonly<Record<string, string>> = {
	...{'<': '>=', '<=': '>', '>': '<=', '>=': '<', '=': '!=', '!=': '='},
};

/** A field beside a fixed value, as `field operator value`. */
function besideLimit({operator, left, right}: Compare, holds: boolean): readonly Basis[] {
	const isTurned = left.kind === 'literal';
	const [field, fixed] = isTurned ? [right, left] : [left, right];
	if (field.kind !== 'reference' || fixed.kind !== 'literal') return [];
	const {value} = fixed;
	const {look, field: name} = field.reference;
	const forField = isTurned ? (turned[operator] ?? operator) : operator;
	const held = holds ? forField : opposite[forField];
	if (held === undefined) return [{look, field: name}];
	const limit = typeof value === 'number' ? value / field.scale : value;
	return [{look, field: name, operator: held, limit}];
}

/**
 * The fields that made a condition come out as it did: of an `or` the sides that were true, of an `and` that failed the
 * sides that were false; where it could not be judged, what was not known.
 */
export function basisOf(expression: Expression, valueOf: ValueOf): readonly Basis[] {
	const outcome = judge(expression, valueOf);
	const sides = (left: Expression, right: Expression) =>
		[left, right].filter(side => judge(side, valueOf) === outcome);
	const all = (parts: readonly Expression[]) => parts.flatMap(part => basisOf(part, valueOf));
	switch (expression.kind) {
		case 'literal':
			return [];
		case 'reference': {
			const {look, field} = expression.reference;
			return [{look, field}];
		}

		case 'known':
		case 'not':
			return all([expression.of]);
		case 'in':
			return all([expression.left]);
		case 'both':
		case 'either':
			return all(sides(expression.left, expression.right));
		case 'compare': {
			const {left, right} = expression;
			const beside = outcome === undefined ? [] : besideLimit(expression, outcome);
			return beside.length > 0 ? beside : unknownOf([left, right], valueOf, outcome);
		}

		case 'calculate':
			return unknownOf([expression.left, expression.right], valueOf, undefined);
	}
}

/** The fields of a comparison; only those that were not known where it could not be made for want of them. */
function unknownOf(
	parts: readonly Expression[],
	valueOf: ValueOf,
	outcome: boolean | undefined,
): readonly Basis[] {
	const found = parts.flatMap(part => basisOf(part, valueOf));
	if (outcome !== undefined) return found;
	const missing = found.filter(
		({look, field}) => valueOf({look, field, isFirst: false}) === undefined,
	);
	return missing.length > 0 ? missing : found;
}
