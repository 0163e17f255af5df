import type {Unit} from '../domain/metrics.ts';
import {failureWords, type FailureWord} from '../words/failure-words.ts';
import type {Words} from '../words/words.ts';

/** What a look can see: one figure, text or truth with a title for people. The name of a field is kebab-case. */
export type Field =
	| {readonly type: 'number'; readonly unit: Unit; readonly title: Words}
	| {
			readonly type: 'text';
			readonly title: Words;
			/** All texts that it can be, where there is a fixed set: a condition that names another is a mistake. */
			readonly values?: readonly string[];
			/** What a value is called where people read it; a value without words is shown as it is. */
			readonly said?: Readonly<Record<string, Words>>;
			/** What is said behind it in a text where a truth of the same look holds. */
			readonly marked?: {readonly by: string; readonly says: Words};
	  }
	| {readonly type: 'truth'; readonly title: Words};

/** One value of a field; `undefined` means that it is not known, which never counts as good. */
export type Value = number | string | boolean;

/** The type of a field's value. */
export type ValueOf<F extends Field> = F extends {readonly type: 'number'}
	? number
	: F extends {readonly type: 'truth'}
		? boolean
		: string;

/** A figure in a unit. */
export function number<U extends Unit>(unit: U, en: string, zh: string) {
	return {type: 'number', unit, title: {en, zh}} as const;
}

/** A text; with `values`, one of them. */
export function text(en: string, zh: string) {
	return {type: 'text', title: {en, zh}} as const;
}

/** One of a fixed set of texts. */
export function oneOf<const V extends readonly string[]>(values: V, en: string, zh: string) {
	return {type: 'text', values, title: {en, zh}} as const;
}

/**
 * Why something cannot be reached or read: one of a fixed set that has words. Its title must say of itself what fails,
 * because it is also read without the rest of its look.
 */
export function failureOf<const V extends readonly FailureWord[]>(
	values: V,
	en: string,
	zh: string,
) {
	return {...oneOf(values, en, zh), said: failureWords} as const;
}

/** Yes or no. */
export function truth(en: string, zh: string) {
	return {type: 'truth', title: {en, zh}} as const;
}
