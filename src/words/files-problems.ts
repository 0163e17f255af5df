import type {ProblemWords} from './words.ts';

/** Why an operation on files, images or logs is refused or failed, and what to do next. */
export const filesProblems = {
	'files-no-set': {
		en: {
			summary: 'there is no set of files {asked}; there are: {known}',
			hint: 'Name one of them, or start Compose projects whose folders can be found.',
		},
		zh: {
			summary: '没有名为 {asked} 的文件集；现有：{known}',
			hint: '请指定其中之一，或先启动可找到目录的 Compose 项目。',
		},
	},
	'files-nothing': {
		en: {
			summary: 'nothing in {folder} belongs to the set {set}',
			hint: 'Check the folder and its rights: ls -la {folder}.',
		},
		zh: {
			summary: '{folder} 中没有属于文件集 {set} 的内容',
			hint: '请检查目录及其权限：ls -la {folder}。',
		},
	},
	'files-too-many': {
		en: {
			summary: '{folder} has more than {most} entries to look at',
			hint: 'Name the files more exactly, or leave folders out.',
		},
		zh: {
			summary: '{folder} 中需检查的条目超过 {most} 个',
			hint: '请更精确地指定文件，或排除部分目录。',
		},
	},
	'files-unreadable': {
		en: {
			summary: '{path} cannot be read: {cause}',
			hint: 'Run it as a user who may, or leave this file out of the set.',
		},
		zh: {
			summary: '无法读取 {path}：{cause}',
			hint: '请以有权限的用户运行，或将该文件从集合中排除。',
		},
	},
	'files-bad-archive': {
		en: {
			summary: 'the archive is refused as a whole: {member}: {fault}',
			hint: 'It was not made by opsconsole or was changed since. Nothing was written; take another backup.',
		},
		zh: {
			summary: '整个归档被拒绝：{member}：{fault}',
			hint: '它不是由 opsconsole 创建，或之后被改动。未写入任何内容；请改用其他备份。',
		},
	},
	'files-nothing-to-restore': {
		en: {
			summary: 'all {count} files are already as in the backup {backup}',
			hint: 'Nothing to do.',
		},
		zh: {summary: '全部 {count} 个文件已与备份 {backup} 一致', hint: '无需操作。'},
	},
	'files-link-in-way': {
		en: {
			summary: '{path} is a symbolic link; files are never written through links',
			hint: 'Replace the link by what it points to, or leave this file out with --only.',
		},
		zh: {
			summary: '{path} 是符号链接；绝不通过链接写入文件',
			hint: '请用实际文件替换该链接，或用 --only 排除。',
		},
	},
	'files-not-a-file': {
		en: {
			summary: '{path} is no regular file now',
			hint: 'Move it away first, or leave it out with --only.',
		},
		zh: {summary: '{path} 现在不是普通文件', hint: '请先将其移走，或用 --only 排除。'},
	},
	'files-no-folder': {
		en: {
			summary: 'the folder {folder} of {path} is missing',
			hint: 'Make it with the owner it should have: mkdir -p {folder}.',
		},
		zh: {
			summary: '{path} 所在目录 {folder} 不存在',
			hint: '请以正确的所有者创建：mkdir -p {folder}。',
		},
	},
	'files-changed-meanwhile': {
		en: {
			summary: '{path} was changed by somebody else in the meantime',
			hint: 'Nothing more was replaced. Look at the file, then make a new plan.',
		},
		zh: {
			summary: '{path} 在此期间被他人修改',
			hint: '未再替换任何文件。请查看该文件后重新制定计划。',
		},
	},
	'files-not-valid': {
		en: {
			summary: 'the restored {path} would not be valid: {cause}',
			hint: 'Nothing was replaced. Take another backup, or leave this file out with --only.',
		},
		zh: {
			summary: '恢复后的 {path} 无效：{cause}',
			hint: '未替换任何文件。请改用其他备份，或用 --only 排除。',
		},
	},
	'disk-nothing-to-clean': {
		en: {summary: 'there is nothing to clean: {what}', hint: 'Nothing to do.'},
		zh: {summary: '没有可清理的内容：{what}', hint: '无需操作。'},
	},
	'disk-in-use': {
		en: {
			summary: '{name} is in use now ({by}); the clean-up was stopped',
			hint: 'What was deleted before it is in the job’s log. Make a new plan.',
		},
		zh: {
			summary: '{name} 正在使用（{by}）；清理已停止',
			hint: '此前已删除的内容见任务日志。请重新制定计划。',
		},
	},
	'disk-not-removed': {
		en: {
			summary: '{name} could not be deleted: {cause}',
			hint: 'The clean-up was stopped there; the rest was left as it is.',
		},
		zh: {summary: '无法删除 {name}：{cause}', hint: '清理在此停止；其余未动。'},
	},
	'logs-nothing': {
		en: {
			summary: 'no log can be collected: {what}',
			hint: 'Start containers, or name log files in the configuration (`logs`).',
		},
		zh: {summary: '没有可收集的日志：{what}', hint: '请启动容器，或在配置 `logs` 中指定日志文件。'},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
