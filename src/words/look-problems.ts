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
	'look-which': {
		en: {
			summary: 'there are several of {subject} here ({names}), and this is about none of them',
			hint: '"What is wrong?" asks all of them and names the one; or say which: --server NAME.',
		},
		zh: {
			summary: '此处有多个 {subject}（{names}），当前流程没有指定其中之一',
			hint: '“哪里出了问题”会逐个检查并指出是哪一个；也可用 --server 名称 指定。',
		},
	},
	'runbook-request': {
		en: {
			summary: '{operation} cannot be asked for: {parts} is not known here',
			hint: 'Look again; what it is about may be gone. The menu (a) asks for it by hand.',
		},
		zh: {
			summary: '无法请求 {operation}：此处缺少 {parts}',
			hint: '请重新查看；对象可能已不存在。可用菜单（a）手动选择。',
		},
	},
	'walk-changed': {
		en: {
			summary: 'the runbook of walk {id} was changed, so that it cannot go on',
			hint: 'What was seen is kept in its folder. Start the wizard again.',
		},
		zh: {
			summary: '流程 {id} 的手册已被修改，无法继续',
			hint: '所见内容保存在其文件夹中。请重新启动向导。',
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
