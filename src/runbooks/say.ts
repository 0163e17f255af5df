import {formatMetric} from '../domain/format.ts';
import type {Language} from '../words/language.ts';
import type {Words} from '../words/words.ts';
import {referenceOf} from './expression.ts';
import type {Field, Value} from './field.ts';
import type {LookDeclaration} from './look.ts';
import {lookDeclarations} from './looks/index.ts';
import type {ValueOf} from './rank.ts';

const place = /\{([a-z][a-z0-9.-]*)\}/g;

/** The places of a text: `postgres.activity.used` for `{postgres.activity.used}`. */
export function placesIn(text: string): readonly string[] {
	return [...text.matchAll(place)].map(match => match[1] ?? '');
}

const declarations: Readonly<Record<string, LookDeclaration>> = lookDeclarations;

/** What a look is, and one of its fields; undefined where another version of the program knew it. */
export function declarationOf(look: string): LookDeclaration | undefined {
	return Object.hasOwn(declarations, look) ? declarations[look] : undefined;
}

/** Where the values of a look come from; its id where this version does not know it. */
export function saySource(look: string, language: Language): string {
	const from = declarationOf(look)?.from ?? look;
	return typeof from === 'string' ? from : from[language];
}

/** A value as people read it, with its unit; `?` where it is not known. */
export function sayValue(
	field: Field | undefined,
	value: Value | undefined,
	language: Language,
): string {
	if (value === undefined) return '?';
	if (typeof value === 'boolean') {
		return {en: ['no', 'yes'], zh: ['否', '是']}[language][value ? 1 : 0] ?? '?';
	}

	if (field?.type === 'text' && field.said && Object.hasOwn(field.said, value)) {
		return field.said[value]?.[language] ?? String(value);
	}

	if (typeof value === 'string' || field?.type !== 'number') return String(value);
	// A port or a process id is typed into a command: 4711, never 4.7k.
	if (field.unit === 'count' && Number.isInteger(value)) return String(value);
	return formatMetric(value, field.unit, language);
}

/** A text with its places filled by what was seen; `?` for what was not. */
export function sayText(words: Words, valueOf: ValueOf, language: Language): string {
	return words[language].replace(place, (_whole, name: string) => {
		const reference = referenceOf(name);
		if (!reference) return '?';
		const field = declarationOf(reference.look)?.fields[reference.field];
		const value = valueOf(reference);
		const said = sayValue(field, value, language);
		const mark = field?.type === 'text' && value !== undefined ? field.marked : undefined;
		const isMarked = mark && valueOf({...reference, field: mark.by}) === true;
		return isMarked ? `${said}${mark.says[language]}` : said;
	});
}
