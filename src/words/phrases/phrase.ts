import type {Language} from '../language.ts';
import {fill, type Words} from '../words.ts';
import {phrases, type PhraseCode} from './index.ts';

/** A sentence about an operation without its words: the words are in this folder, by code and language. */
export type Phrase = {
	readonly code: PhraseCode;
	/** Values for the `{name}` places; already cleaned, never a secret. */
	readonly params?: Readonly<Record<string, string | number>>;
};

/** The sentence in a language. A code of another version of the program is shown as it is. */
export function sayPhrase(language: Language, {code, params}: Phrase): string {
	const known: Readonly<Record<string, Words>> = phrases;
	return fill(known[code]?.[language] ?? code, params);
}
