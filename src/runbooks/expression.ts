import type {Value} from './field.ts';

/** A field of a look, as it is named in conditions. `was`: its value at the first look of the walk. */
export type Reference = {readonly look: string; readonly field: string; readonly isFirst: boolean};

/** A checked condition. Figures are in canonical units: durations in ms, sizes in bytes. */
export type Expression =
	| {readonly kind: 'literal'; readonly value: Value}
	| {readonly kind: 'reference'; readonly reference: Reference; readonly scale: number}
	| {readonly kind: 'known'; readonly of: Expression}
	| {readonly kind: 'not'; readonly of: Expression}
	| {
			readonly kind: 'both' | 'either';
			readonly left: Expression;
			readonly right: Expression;
	  }
	| {
			readonly kind: 'compare';
			readonly operator: Comparison;
			readonly left: Expression;
			readonly right: Expression;
	  }
	| {
			readonly kind: 'calculate';
			readonly operator: Calculation;
			readonly left: Expression;
			readonly right: Expression;
	  }
	| {readonly kind: 'in'; readonly left: Expression; readonly list: readonly Value[]};

/** The signs that compare two values. */
export const comparisons = ['=', '!=', '<', '<=', '>', '>=', 'contains'] as const;

/** One of `comparisons`. */
export type Comparison = (typeof comparisons)[number];
/** What two figures are joined by. */
export type Calculation = '+' | '-' | '*' | '/';

/** `was.postgres.activity.used` in its parts: the field is the last one. */
export function referenceOf(text: string): Reference | undefined {
	const parts = text.split('.');
	const isFirst = parts[0] === 'was';
	if (isFirst) parts.shift();
	const field = parts.pop();
	if (field === undefined || field === '' || parts.length === 0) return undefined;
	return {look: parts.join('.'), field, isFirst};
}

/** Every field that a condition names, each once. */
export function referencesOf(expression: Expression): readonly Reference[] {
	const found = new Map<string, Reference>();
	const visit = (part: Expression): void => {
		switch (part.kind) {
			case 'literal':
				return;
			case 'reference':
				found.set(JSON.stringify(part.reference), part.reference);
				return;
			case 'known':
			case 'not':
				visit(part.of);
				return;
			case 'in':
				visit(part.left);
				return;
			case 'both':
			case 'either':
			case 'compare':
			case 'calculate':
				visit(part.left);
				visit(part.right);
		}
	};
	visit(expression);
	return [...found.values()];
}

/**
 * The value of a condition: true, false, or undefined where it cannot be known. `valueOf` gives the value of a field in
 * its own unit. Total: it never throws, and takes one step for each part.
 */
export function judge(
	expression: Expression,
	valueOf: (reference: Reference) => Value | undefined,
): boolean | undefined {
	const value = evaluate(expression, valueOf);
	return typeof value === 'boolean' ? value : undefined;
}

function evaluate(
	expression: Expression,
	valueOf: (reference: Reference) => Value | undefined,
): Value | undefined {
	switch (expression.kind) {
		case 'literal':
			return expression.value;
		case 'reference': {
			const value = valueOf(expression.reference);
			if (typeof value !== 'number') return value;
			return Number.isFinite(value) ? value * expression.scale : undefined;
		}

		case 'known':
			return evaluate(expression.of, valueOf) !== undefined;
		case 'not': {
			const value = judge(expression.of, valueOf);
			return value === undefined ? undefined : !value;
		}

		case 'both':
		case 'either': {
			const decisive = expression.kind === 'either';
			const left = judge(expression.left, valueOf);
			if (left === decisive) return decisive;
			const right = judge(expression.right, valueOf);
			if (right === decisive) return decisive;
			return left === undefined || right === undefined ? undefined : !decisive;
		}

		case 'compare': {
			const left = evaluate(expression.left, valueOf);
			const right = evaluate(expression.right, valueOf);
			if (left === undefined || right === undefined) return undefined;
			return compare(expression.operator, left, right);
		}

		case 'calculate': {
			const left = evaluate(expression.left, valueOf);
			const right = evaluate(expression.right, valueOf);
			if (typeof left !== 'number' || typeof right !== 'number') return undefined;
			const result = calculate(expression.operator, left, right);
			return Number.isFinite(result) ? result : undefined;
		}

		case 'in': {
			const left = evaluate(expression.left, valueOf);
			return left === undefined ? undefined : expression.list.includes(left);
		}
	}
}

function compare(operator: Comparison, left: Value, right: Value): boolean | undefined {
	if (operator === '=') return left === right;
	if (operator === '!=') return left !== right;
	if (operator === 'contains') {
		return typeof left === 'string' && typeof right === 'string'
			? left.toLowerCase().includes(right.toLowerCase())
			: undefined;
	}

	if (typeof left !== 'number' || typeof right !== 'number') return undefined;
	switch (operator) {
		case '<':
			return left < right;
		case '<=':
			return left <= right;
		case '>':
			return left > right;
		case '>=':
			return left >= right;
	}
}

function calculate(operator: Calculation, left: number, right: number): number {
	switch (operator) {
		case '+':
			return left + right;
		case '-':
			return left - right;
		case '*':
			return left * right;
		case '/':
			return left / right;
	}
}
