import {comparisons, referenceOf, type Expression, type Reference} from './expression.ts';
import type {Field, Value} from './field.ts';
import {tokensOf, type Token} from './tokens.ts';
import {
	calculated,
	compared,
	joined,
	Refusal,
	scaleOf,
	typeOf,
	unitDimension,
	unitScale,
	wantTruth,
	type Mistake,
	type Part,
} from './typing.ts';

/** A condition is nested at most this deep; deeper ones are mistakes. */
const maxDepth = 30;

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
