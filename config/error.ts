import {clean} from '../src/domain/clean.ts';
import type {Language} from '../src/domain/settings.ts';
import {fill, type Words} from '../src/words/words.ts';
import {expectations, errorWords, type ErrorKind, type Expectation} from './words.ts';

/** A place in a file; line and column count from 1. 0 stands for the whole file (or a variable of the environment). */
export type Place = {readonly file: string; readonly line: number; readonly column: number};

/** One mistake in the configuration, with everything that is needed to mend it. */
export type ConfigError = Place & {
	readonly kind: ErrorKind;
	/** Dotted path of the key (`postgres[0].port`); empty for the file itself. */
	readonly key: string;
	/** What is allowed there, in both languages. */
	readonly expected: Words;
	/** What is written there: cleaned, at most 40 characters, never the value of a secret. */
	readonly got?: string;
	/** The valid key or value that was probably meant. */
	readonly nearest?: string;
};

/** `postgres[0].port` from the path of keys and positions. */
export function formatPath(path: readonly (string | number)[]): string {
	let text = '';
	for (const part of path) {
		if (typeof part === 'number') text += `[${part}]`;
		else if (/^[\w-]+$/.test(part)) text += text === '' ? part : `.${part}`;
		else text += `["${clean(part, 60)}"]`;
	}

	return text;
}

/** The words of an expectation with its figures filled in. */
export function expect(
	expectation: Expectation,
	values: Readonly<Record<string, string | number>> = {},
): Words {
	const words = expectations[expectation];
	return {en: fill(words.en, values), zh: fill(words.zh, values)};
}

const secretKey = /password|secret|token|credential|api_?key/i;

/** Whether the value of a key is never shown. */
export function isSecretKey(key: string): boolean {
	return secretKey.test(key);
}

/** Whether the value at a path is never shown; the address of a webhook is a password, one of an endpoint is not. */
export function isSecretPath(path: readonly (string | number)[]): boolean {
	if (path[0] === 'notifications' && path.at(-1) === 'url') return true;
	return path.some(part => typeof part === 'string' && isSecretKey(part));
}

/** What is written at a key, fit to be shown in an error: no secrets, no passwords inside an address, one short line. */
export function showGot(key: string, value: unknown): string | undefined {
	if (value === undefined || isSecretKey(key)) return undefined;
	if (value === null) return 'null';
	if (Array.isArray(value)) return `list (${value.length})`;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value).slice(0, 40);
	if (typeof value !== 'string') return 'map';
	return JSON.stringify(clean(value.replace(/\/\/[^/@\s]*@/g, '//•••@'), 40));
}

/** One line for an error: `opsconsole.yaml:3:5: refrehs: unknown key; did you mean refresh?` */
export function formatConfigError(error: ConfigError, language: Language): string {
	const words = errorWords[error.kind][language];
	const place = error.line > 0 ? `${error.file}:${error.line}:${error.column}` : error.file;
	const parts = [fill(words, {expected: error.expected[language], key: error.key})];
	if (error.got !== undefined && error.kind === 'invalid-value') {
		parts.push(fill(errorWords.got[language], {got: error.got}));
	}

	if (error.nearest !== undefined) {
		parts.push(fill(errorWords.nearest[language], {nearest: error.nearest}));
	}

	const separator = language === 'zh' ? '；' : '; ';
	const key = error.key === '' ? '' : `${error.key}: `;
	return `${clean(place, 400)}: ${key}${parts.join(separator)}`;
}
