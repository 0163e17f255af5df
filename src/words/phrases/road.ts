/** Phrases that every operation uses. */
export const roadPhrases = {
	'step-check': {en: 'check that everything is still as planned', zh: '确认一切仍与计划一致'},
} as const;
