import type {ProblemWords} from './words.ts';

/** Problems of looking at something for a runbook. */
export const lookProblems = {
	'look-no-reading': {
		en: {
			summary: '{name} has not answered yet',
			hint: 'Look again in a few seconds; `opsconsole doctor` says whether it can be read here.',
		},
		zh: {
			summary: '{name} 尚未给出读数',
			hint: '几秒后再看一次；`opsconsole doctor` 会说明此处能否读取。',
		},
	},
	'look-nothing-here': {
		en: {
			summary: 'there is no {subject} here to look at',
			hint: 'Nothing was found or chosen; name it in opsconsole.yaml if it exists.',
		},
		zh: {
			summary: '此处没有可查看的{subject}',
			hint: '未发现也未选择；若确实存在，请在 opsconsole.yaml 中写明。',
		},
	},
	'look-unreadable': {
		en: {
			summary: '{path} cannot be read: {cause}',
			hint: 'Run opsconsole as the user who owns it, or as root.',
		},
		zh: {
			summary: '无法读取 {path}：{cause}',
			hint: '请以其所有者或 root 身份运行 opsconsole。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
