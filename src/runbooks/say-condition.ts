import type {Language} from '../words/language.ts';
import type {Words} from '../words/words.ts';
import {basisOf} from './basis.ts';
import {judge, referencesOf, type Expression} from './expression.ts';
import type {ValueOf} from './rank.ts';
import {declarationOf, sayValue} from './say.ts';
import {nameIn, type Scope} from './scope.ts';

/** More fields than this say less than their first ones. */
const mostFields = 4;

/**
 * What was looked at, and which one where a scope has several kinds of things: `PostgreSQL now (shop/db)`. A field alone
 * may be called the same in several looks.
 */
export function sayLooked(look: string, scope: Scope, language: Language): string {
	const declaration = declarationOf(look);
	const title = declaration?.title[language] ?? look;
	const subject = declaration?.on ?? 'host';
	const name = subject === 'host' || subject === 'stack' ? '' : (nameIn(scope, subject) ?? '');
	if (name === '') return title;
	return language === 'zh' ? `${title}（${name}）` : `${title} (${name})`;
}

/** `CPU: 96% → 95%`: a field with its value, before it the one at the first look where that was compared as well. */
function sayFieldOf(
	{look, field}: {readonly look: string; readonly field: string},
	hasBefore: boolean,
	valueOf: ValueOf,
	language: Language,
): string {
	const declared = declarationOf(look)?.fields[field];
	const say = (isFirst: boolean) => sayValue(declared, valueOf({look, field, isFirst}), language);
	const title = declared?.title[language] ?? field;
	const value = hasBefore ? `${say(true)} → ${say(false)}` : say(false);
	return `${title}${language === 'zh' ? '：' : ': '}${value}`;
}

function sayCompared(
	expressions: readonly Expression[],
	valueOf: ValueOf,
	scope: Scope,
	language: Language,
): string {
	const byLook = new Map<string, Map<string, string>>();
	let count = 0;
	for (const expression of expressions) {
		const before = referencesOf(expression).filter(({isFirst}) => isFirst);
		for (const basis of basisOf(expression, valueOf)) {
			const {look, field} = basis;
			const fields = byLook.get(look) ?? new Map<string, string>();
			if (fields.has(field) || count === mostFields) continue;
			const hasBefore = before.some(one => one.look === look && one.field === field);
			fields.set(field, sayFieldOf(basis, hasBefore, valueOf, language));
			byLook.set(look, fields);
			count += 1;
		}
	}

	const comma = language === 'zh' ? '，' : ', ';
	return [...byLook]
		.map(([look, fields]) => [sayLooked(look, scope, language), ...fields.values()].join(comma))
		.join(language === 'zh' ? '；' : '; ');
}

/**
 * What conditions could not be judged for want of, one line for each look: `Sessions of PostgreSQL: Connections`; the
 * titles of its fields, at most four in all, in the order of the conditions.
 */
export function sayUnseen(
	expressions: readonly Expression[],
	valueOf: ValueOf,
	language: Language,
): readonly string[] {
	const open = expressions.filter(expression => judge(expression, valueOf) === undefined);
	const byLook = new Map<string, Set<string>>();
	let count = 0;
	for (const {look, field} of open.flatMap(expression => basisOf(expression, valueOf))) {
		const fields = byLook.get(look) ?? new Set<string>();
		if (valueOf({look, field, isFirst: false}) !== undefined) continue;
		const title = declarationOf(look)?.fields[field]?.title[language] ?? field;
		if (fields.has(title) || count === mostFields) continue;
		byLook.set(look, fields.add(title));
		count += 1;
	}

	const [colon, comma] = language === 'zh' ? ['：', '，'] : [': ', ', '];
	return [...byLook].map(
		([look, fields]) =>
			`${declarationOf(look)?.title[language] ?? look}${colon}${[...fields].join(comma)}`,
	);
}

/**
 * What conditions were decided by, as people read it: what was looked at, then the titles of its fields and their values
 * with units, at most four; '' where nothing was compared. Never the text of a condition.
 */
export function sayConditions(
	expressions: readonly Expression[],
	valueOf: ValueOf,
	scope: Scope = {},
): Words {
	return {
		en: sayCompared(expressions, valueOf, scope, 'en'),
		zh: sayCompared(expressions, valueOf, scope, 'zh'),
	};
}
