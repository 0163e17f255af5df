import {actionWords} from '../words/action-words.ts';
import type {Language} from '../words/language.ts';
import type {Words} from '../words/words.ts';

const titles: Readonly<Record<string, Words>> = actionWords;

/** The name of an operation as the menu has it; its id where it is not in the menu. */
export function operationTitle(operation: string, language: Language): string {
	const name = `action.${operation}`;
	return (Object.hasOwn(titles, name) ? titles[name]?.[language] : undefined) ?? operation;
}
