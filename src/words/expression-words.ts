import type {Words} from './words.ts';

/** What can be wrong with a condition of a runbook. */
export const expressionWords = {
	character: {en: 'a condition without the character {got}', zh: '不含字符 {got} 的条件'},
	rest: {en: 'the condition to end before "{got}"', zh: '条件在“{got}”之前结束'},
	'too-deep': {en: 'at most 30 levels of parentheses', zh: '最多 30 层括号'},
	'not-a-truth': {
		en: 'a condition that is true or false, such as host.load.cpu >= 80 %',
		zh: '结果为真或假的条件，例如 host.load.cpu >= 80 %',
	},
	'truth-expected': {
		en: 'something true or false beside and, or, not',
		zh: 'and、or、not 旁边应为真或假的内容',
	},
	list: {en: "a list such as ['a', 'b']", zh: "列表，例如 ['a', 'b']"},
	'list-end': {en: 'a ] after the list', zh: '列表之后的 ]'},
	parenthesis: {en: 'a parenthesis here', zh: '此处应有括号'},
	'ends-early': {en: 'the condition to go on', zh: '条件尚未写完'},
	'value-expected': {
		en: 'a field, a figure or a text, not "{got}"',
		zh: '字段、数值或文本，而不是“{got}”',
	},
	'unknown-field': {
		en: 'a field of a look (opsconsole runbook looks lists them), not "{got}"',
		zh: '查看项的字段（opsconsole runbook looks 可列出），而不是“{got}”',
	},
	types: {
		en: 'both sides of one type, not {left} and {right}',
		zh: '两边类型相同，而不是 {left} 与 {right}',
	},
	units: {en: 'units that fit, not {left} and {right}', zh: '单位一致，而不是 {left} 与 {right}'},
	'unit-needed': {en: 'a unit (ms, s, min, h, d)', zh: '带单位（ms、s、min、h、d）'},
	operator: {
		en: 'an operator that fits: {operator} cannot be used with a {type}',
		zh: '合适的运算符：{operator} 不能用于 {type}',
	},
	'value-unknown': {en: 'one of {values}, not "{got}"', zh: '{values} 之一，而不是“{got}”'},
} as const satisfies Readonly<Record<string, Words>>;

export type ExpressionMistake = keyof typeof expressionWords;
