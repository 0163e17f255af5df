import type {ProblemWords} from './words.ts';

/** Problems that any source can meet. */
export const commonProblems = {
	'timed-out': {
		en: {
			summary: '{what} did not answer within {seconds} s',
			hint: 'It may be overloaded or unreachable; the value shown is the last one known.',
		},
		zh: {
			summary: '{what} 在 {seconds} 秒内没有响应',
			hint: '可能过载或无法访问；显示的是最后一次已知的值。',
		},
	},
	unexpected: {
		en: {
			summary: '{what} failed: {cause}',
			hint: 'This is not a known failure; run `opsconsole doctor` for a check of every right it needs.',
		},
		zh: {
			summary: '{what} 失败：{cause}',
			hint: '这不是已知的故障；请运行 `opsconsole doctor` 检查所需的全部权限。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
