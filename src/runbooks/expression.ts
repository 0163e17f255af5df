import type {Unit} from '../domain/metrics.ts';
import type {Words} from '../words/words.ts';
import {expressionWords, type ExpressionMistake} from '../words/expression-words.ts';
import {fill} from '../words/words.ts';
import type {Field, Value} from './field.ts';
import {tokensOf, type Token} from './tokens.ts';

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

const comparisons = ['=', '!=', '<', '<=', '>', '>=', 'contains'] as const;

type Comparison = (typeof comparisons)[number];
type Calculation = '+' | '-' | '*' | '/';

/** What is wrong with a condition, and at which character (from 0) of its text. */
export type Mistake = {readonly offset: number; readonly says: Words};

/** How a value behaves: figures have a dimension; one without may stand beside any. */
type Typed =
	| {readonly type: 'number'; readonly dimension: Dimension | undefined}
	| {readonly type: 'text'; readonly values?: readonly string[]}
	| {readonly type: 'truth'};

type Dimension = 'duration' | Exclude<Unit, 'seconds' | 'milliseconds' | 'days'>;

type Part = {readonly expression: Expression; readonly typed: Typed; readonly offset: number};

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

/** A condition is nested at most this deep; deeper ones are mistakes. */
const maxDepth = 30;

class Refusal extends Error {
	readonly mistake: Mistake;

	constructor(offset: number, code: ExpressionMistake, values: Record<string, string> = {}) {
		super(code);
		const {en, zh} = expressionWords[code];
		this.mistake = {offset, says: {en: fill(en, values), zh: fill(zh, values)}};
	}
}

/**
 * Reads a condition. `fieldOf` says what a reference is; undefined where there is no such look or field. The result is a
 * truth: everything else is a mistake. Never throws.
 */
export function parseCondition(
	text: string,
	fieldOf: (reference: Reference) => Field | undefined,
): {readonly expression: Expression} | {readonly mistake: Mistake} {
	try {
		const parser = new Parser(text, fieldOf);
		const {expression, typed, offset} = parser.whole();
		if (typed.type !== 'truth') throw new Refusal(offset, 'not-a-truth');
		return {expression};
	} catch (error) {
		if (error instanceof Refusal) return {mistake: error.mistake};
		throw error;
	}
}

class Parser {
	readonly #tokens: readonly Token[];
	readonly #fieldOf: (reference: Reference) => Field | undefined;
	#at = 0;
	#depth = 0;

	constructor(text: string, fieldOf: (reference: Reference) => Field | undefined) {
		const read = tokensOf(text);
		if ('offset' in read) throw new Refusal(read.offset, 'character', {got: read.character});
		this.#tokens = read.tokens;
		this.#fieldOf = fieldOf;
	}

	whole(): Part {
		const part = this.#either();
		const rest = this.#peek();
		if (rest.kind !== 'end') throw new Refusal(rest.offset, 'rest', {got: rest.text});
		return part;
	}

	#peek(): Token {
		const token = this.#tokens[this.#at];
		if (token === undefined) throw new Error('a token list ends with an end');
		return token;
	}

	#take(): Token {
		const token = this.#peek();
		if (token.kind !== 'end') this.#at += 1;
		return token;
	}

	#takes(text: string): boolean {
		const token = this.#peek();
		if (token.kind !== 'sign' || token.text !== text) return false;
		this.#at += 1;
		return true;
	}

	#deeper<T>(work: () => T): T {
		this.#depth += 1;
		if (this.#depth > maxDepth) throw new Refusal(this.#peek().offset, 'too-deep');
		const result = work();
		this.#depth -= 1;
		return result;
	}

	#either(): Part {
		let left = this.#both();
		while (this.#takes('or')) left = joined('either', left, this.#both());
		return left;
	}

	#both(): Part {
		let left = this.#not();
		while (this.#takes('and')) left = joined('both', left, this.#not());
		return left;
	}

	#not(): Part {
		const {offset} = this.#peek();
		if (!this.#takes('not')) return this.#compare();
		const of = this.#deeper(() => this.#not());
		wantTruth(of);
		return {expression: {kind: 'not', of: of.expression}, typed: {type: 'truth'}, offset};
	}

	#compare(): Part {
		const left = this.#sum();
		const {text, kind, offset} = this.#peek();
		if (kind !== 'sign') return left;
		if (text === 'in') {
			this.#at += 1;
			return this.#inList(left);
		}

		const operator = comparisons.find(candidate => candidate === text);
		if (operator === undefined) return left;
		this.#at += 1;
		return compared(operator, left, this.#sum(), offset);
	}

	#inList(left: Part): Part {
		const opening = this.#peek();
		if (!this.#takes('[')) throw new Refusal(opening.offset, 'list');
		const list: Value[] = [];
		do {
			const item = this.#value();
			const {expression} = compared('=', left, item, item.offset);
			if (expression.kind !== 'compare' || expression.right.kind !== 'literal') {
				throw new Refusal(item.offset, 'list');
			}

			list.push(expression.right.value);
		} while (this.#takes(','));
		const closing = this.#peek();
		if (!this.#takes(']')) throw new Refusal(closing.offset, 'list-end');
		return {
			expression: {kind: 'in', left: left.expression, list},
			typed: {type: 'truth'},
			offset: left.offset,
		};
	}

	#sum(): Part {
		let left = this.#product();
		for (;;) {
			const {offset} = this.#peek();
			const operator = this.#takes('+') ? '+' : this.#takes('-') ? '-' : undefined;
			if (operator === undefined) return left;
			left = calculated(operator, left, this.#product(), offset);
		}
	}

	#product(): Part {
		let left = this.#value();
		for (;;) {
			const {offset} = this.#peek();
			const operator = this.#takes('*') ? '*' : this.#takes('/') ? '/' : undefined;
			if (operator === undefined) return left;
			left = calculated(operator, left, this.#value(), offset);
		}
	}

	#value(): Part {
		const token = this.#take();
		const {offset, text} = token;
		switch (token.kind) {
			case 'number':
				return {
					expression: {kind: 'literal', value: token.value * (unitScale[token.unit] ?? 1)},
					typed: {type: 'number', dimension: unitDimension[token.unit]},
					offset,
				};
			case 'text':
				return {
					expression: {kind: 'literal', value: token.value},
					typed: {type: 'text'},
					offset,
				};
			case 'name':
				return this.#named(token);
			case 'sign':
				if (text !== '(') break;
				return this.#deeper(() => {
					const part = this.#either();
					const closing = this.#peek();
					if (!this.#takes(')')) throw new Refusal(closing.offset, 'parenthesis');
					return {...part, offset};
				});
			case 'end':
				throw new Refusal(offset, 'ends-early');
		}

		throw new Refusal(offset, 'value-expected', {got: text});
	}

	#named({text, offset}: Token): Part {
		if (text === 'true' || text === 'false') {
			return {
				expression: {kind: 'literal', value: text === 'true'},
				typed: {type: 'truth'},
				offset,
			};
		}

		if (text === 'known') {
			const opening = this.#peek();
			if (!this.#takes('(')) throw new Refusal(opening.offset, 'parenthesis');
			const of = this.#deeper(() => this.#either());
			const closing = this.#peek();
			if (!this.#takes(')')) throw new Refusal(closing.offset, 'parenthesis');
			return {
				expression: {kind: 'known', of: of.expression},
				typed: {type: 'truth'},
				offset,
			};
		}

		const reference = referenceOf(text);
		const field = reference && this.#fieldOf(reference);
		if (!reference || !field) throw new Refusal(offset, 'unknown-field', {got: text});
		const scale = field.type === 'number' ? scaleOf(field.unit) : 1;
		return {expression: {kind: 'reference', reference, scale}, typed: typeOf(field), offset};
	}
}

/** `was.postgres.activity.used` in its parts: the field is the last one. */
export function referenceOf(text: string): Reference | undefined {
	const parts = text.split('.');
	const isFirst = parts[0] === 'was';
	if (isFirst) parts.shift();
	const field = parts.pop();
	if (field === undefined || field === '' || parts.length === 0) return undefined;
	return {look: parts.join('.'), field, isFirst};
}

const unitScale: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1000,
	min: 60_000,
	h: 3_600_000,
	d: dayMs,
	KiB: 1024,
	MiB: 1024 ** 2,
	GiB: 1024 ** 3,
};

const unitDimension: Readonly<Record<string, Dimension>> = {
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

function dimensionOf(unit: Unit): Dimension {
	return unit === 'seconds' || unit === 'milliseconds' || unit === 'days' ? 'duration' : unit;
}

function typeOf(field: Field): Typed {
	if (field.type === 'number') return {type: 'number', dimension: dimensionOf(field.unit)};
	if (field.type === 'truth') return {type: 'truth'};
	return {type: 'text', ...(field.values && {values: field.values})};
}

function wantTruth({typed, offset}: Part): void {
	if (typed.type !== 'truth') throw new Refusal(offset, 'truth-expected');
}

function joined(kind: 'both' | 'either', left: Part, right: Part): Part {
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

function compared(operator: Comparison, left: Part, right: Part, offset: number): Part {
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

function calculated(operator: Calculation, left: Part, right: Part, offset: number): Part {
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
