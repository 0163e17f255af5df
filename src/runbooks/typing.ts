import type {Unit} from '../domain/metrics.ts';
import {expressionWords, type ExpressionMistake} from '../words/expression-words.ts';
import {fill, type Words} from '../words/words.ts';
import type {Calculation, Comparison, Expression} from './expression.ts';
import type {Field} from './field.ts';

/** What is wrong with a condition, and at which character (from 0) of its text. */
export type Mistake = {readonly offset: number; readonly says: Words};

/** How a value behaves: figures have a dimension; one without may stand beside any. */
export type Typed =
	| {readonly type: 'number'; readonly dimension: Dimension | undefined}
	| {readonly type: 'text'; readonly values?: readonly string[]}
	| {readonly type: 'truth'};

/** What a figure measures. */
export type Dimension = 'duration' | Exclude<Unit, 'seconds' | 'milliseconds' | 'days'>;

/** A part of a condition with its type, and where it stands. */
export type Part = {
	readonly expression: Expression;
	readonly typed: Typed;
	readonly offset: number;
};

const dayMs = 86_400_000;

const durationScale: Readonly<Partial<Record<Unit, number>>> = {
	milliseconds: 1,
	seconds: 1000,
	days: dayMs,
};

/** How many canonical units one of a field's own units is: 1000 for seconds, 1 for what is no duration. */
export function scaleOf(unit: Unit): number {
	return durationScale[unit] ?? 1;
}

/** Canonical units in one of what an author may write behind a figure. */
export const unitScale: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1000,
	min: 60_000,
	h: 3_600_000,
	d: dayMs,
	KiB: 1024,
	MiB: 1024 ** 2,
	GiB: 1024 ** 3,
};

/** What it measures. */
export const unitDimension: Readonly<Record<string, Dimension>> = {
	'%': 'percent',
	ms: 'duration',
	s: 'duration',
	min: 'duration',
	h: 'duration',
	d: 'duration',
	B: 'bytes',
	KiB: 'bytes',
	MiB: 'bytes',
	GiB: 'bytes',
};

/** Thrown while a condition is read: what is wrong with it. */
export class Refusal extends Error {
	readonly mistake: Mistake;

	constructor(offset: number, code: ExpressionMistake, values: Record<string, string> = {}) {
		super(code);
		const {en, zh} = expressionWords[code];
		this.mistake = {offset, says: {en: fill(en, values), zh: fill(zh, values)}};
	}
}

function dimensionOf(unit: Unit): Dimension {
	return unit === 'seconds' || unit === 'milliseconds' || unit === 'days' ? 'duration' : unit;
}

/** The type of a field. */
export function typeOf(field: Field): Typed {
	if (field.type === 'number') return {type: 'number', dimension: dimensionOf(field.unit)};
	if (field.type === 'truth') return {type: 'truth'};
	return {type: 'text', ...(field.values && {values: field.values})};
}

/** Throws a `Refusal` where a part is no truth. */
export function wantTruth({typed, offset}: Part): void {
	if (typed.type !== 'truth') throw new Refusal(offset, 'truth-expected');
}

/** Two truths joined by `and` or `or`. */
export function joined(kind: 'both' | 'either', left: Part, right: Part): Part {
	wantTruth(left);
	wantTruth(right);
	return {
		expression: {kind, left: left.expression, right: right.expression},
		typed: {type: 'truth'},
		offset: left.offset,
	};
}

/** A bare figure beside a field counts in the field's own unit. */
function inUnitOf(part: Part, other: Part): Part {
	const isBare =
		part.expression.kind === 'literal' &&
		part.typed.type === 'number' &&
		part.typed.dimension === undefined;
	if (!isBare || other.expression.kind !== 'reference') return part;
	const {expression} = part;
	const value = expression.kind === 'literal' ? Number(expression.value) : 0;
	return {...part, expression: {kind: 'literal', value: value * other.expression.scale}};
}

function checkSame(left: Part, right: Part): void {
	const [a, b] = [left.typed, right.typed];
	if (a.type !== b.type) throw new Refusal(right.offset, 'types', {left: a.type, right: b.type});
	if (a.type === 'number' && b.type === 'number') {
		if (a.dimension && b.dimension && a.dimension !== b.dimension) {
			throw new Refusal(right.offset, 'units', {left: a.dimension, right: b.dimension});
		}

		// 90 beside a difference of two durations would be 90 ms for the machine and 90 s for the author.
		const isAmbiguous =
			(a.dimension === 'duration' && b.dimension === undefined && !isScaled(right, left)) ||
			(b.dimension === 'duration' && a.dimension === undefined && !isScaled(left, right));
		if (isAmbiguous) throw new Refusal(right.offset, 'unit-needed');
	}

	if (a.type === 'text' && b.type === 'text') {
		checkText(left, right);
		checkText(right, left);
	}
}

/** A text that a field can never be is a slip of the pen. */
function checkText(field: Part, literal: Part): void {
	if (field.typed.type !== 'text' || field.expression.kind !== 'reference') return;
	if (literal.expression.kind !== 'literal') return;
	const {values} = field.typed;
	const got = String(literal.expression.value);
	if (values && !values.includes(got)) {
		throw new Refusal(literal.offset, 'value-unknown', {got, values: values.join(', ')});
	}
}

/** Whether a bare figure was brought into the unit of the other side. */
function isScaled(bare: Part, other: Part): boolean {
	return bare.expression.kind === 'literal' && other.expression.kind === 'reference';
}

/** A comparison of two values that can be compared; throws a `Refusal` where they cannot. */
export function compared(operator: Comparison, left: Part, right: Part, offset: number): Part {
	checkSame(left, right);
	const {type} = left.typed;
	const isOrder = operator !== '=' && operator !== '!=';
	if (operator === 'contains' ? type !== 'text' : isOrder && type !== 'number') {
		throw new Refusal(offset, 'operator', {operator, type});
	}

	return {
		expression: {
			kind: 'compare',
			operator,
			left: inUnitOf(left, right).expression,
			right: inUnitOf(right, left).expression,
		},
		typed: {type: 'truth'},
		offset: left.offset,
	};
}

/** What a figure multiplies or divides by without changing the dimension of the other. */
function plain(dimension: Dimension | undefined): Dimension | undefined {
	return dimension === 'count' || dimension === 'ratio' ? undefined : dimension;
}

/** A sum, difference, product or quotient with its dimension; throws a `Refusal` where it has none. */
export function calculated(operator: Calculation, left: Part, right: Part, offset: number): Part {
	const [a, b] = [left.typed, right.typed];
	if (a.type !== 'number' || b.type !== 'number') {
		throw new Refusal(offset, 'operator', {
			operator,
			type: a.type === 'number' ? b.type : a.type,
		});
	}

	let dimension: Dimension | undefined;
	const [one, other] = [plain(a.dimension), plain(b.dimension)];
	if (operator === '+' || operator === '-') {
		checkSame(left, right);
		dimension = a.dimension ?? b.dimension;
	} else if (operator === '/' && a.dimension === b.dimension) {
		dimension = undefined;
	} else if (other === undefined) {
		dimension = one;
	} else if (operator === '*' && one === undefined) {
		dimension = other;
	} else {
		throw new Refusal(right.offset, 'units', {left: one ?? '1', right: other});
	}

	const isSum = operator === '+' || operator === '-';
	return {
		expression: {
			kind: 'calculate',
			operator,
			left: (isSum ? inUnitOf(left, right) : left).expression,
			right: (isSum ? inUnitOf(right, left) : right).expression,
		},
		typed: {type: 'number', dimension},
		offset: left.offset,
	};
}
