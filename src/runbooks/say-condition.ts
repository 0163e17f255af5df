import type {Language} from '../words/language.ts';
import type {Words} from '../words/words.ts';
import {basisOf} from './basis.ts';
import {referencesOf, type Expression} from './expression.ts';
import type {ValueOf} from './rank.ts';
import {declarationOf, sayValue} from './say.ts';

/** More fields than this say less than their first ones. */
const mostFields = 4;

function sayCompared(
	expressions: readonly Expression[],
	valueOf: ValueOf,
	language: Language,
): string {
	const fields = new Map<string, string>();
	for (const expression of expressions) {
		// A value at the first look is part of what was compared, and is said as well.
		const before = referencesOf(expression).filter(({isFirst}) => isFirst);
		for (const {look, field} of basisOf(expression, valueOf)) {
			const declared = declarationOf(look)?.fields[field];
			const say = (isFirst: boolean) =>
				sayValue(declared, valueOf({look, field, isFirst}), language);
			const hasBefore = before.some(one => one.look === look && one.field === field);
			const title = declared?.title[language] ?? `${look}.${field}`;
			const value = hasBefore ? `${say(true)} → ${say(false)}` : say(false);
			fields.set(`${look}.${field}`, `${title}${language === 'zh' ? '：' : ': '}${value}`);
		}
	}

	return [...fields.values()].slice(0, mostFields).join(language === 'zh' ? '，' : ', ');
}

/**
 * What conditions were decided by, as people read it: titles of the fields, values with their units, at most four; ''
 * where nothing was compared. Never the text of a condition.
 */
export function sayConditions(expressions: readonly Expression[], valueOf: ValueOf): Words {
	return {
		en: sayCompared(expressions, valueOf, 'en'),
		zh: sayCompared(expressions, valueOf, 'zh'),
	};
}
