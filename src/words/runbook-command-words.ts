import type {Words} from './words.ts';

/** What is said about wrong words after `opsconsole runbook`. */
export const runbookCommandWords = {
	usage: {en: 'it is called: opsconsole {form}', zh: '用法：opsconsole {form}'},
	unknown: {
		en: 'runbook {word} is not known; runbook takes {known}',
		zh: '不认识 runbook {word}；可用：{known}',
	},
} as const satisfies Readonly<Record<string, Words>>;
