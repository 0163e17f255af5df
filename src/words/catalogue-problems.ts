import type {ProblemWords} from './words.ts';

/** What can go wrong with our own catalogue of backups: cause and next step. */
export const catalogueProblems = {
	'catalogue-folder': {
		en: {
			summary: 'backup folder {folder} cannot be used: {cause}',
			hint: 'It must be a folder of this user with mode 0700 and no link in its path; correct it or set `storage.backups` in opsconsole.yaml.',
		},
		zh: {
			summary: '无法使用备份目录 {folder}：{cause}',
			hint: '该目录须属于当前用户、权限为 0700，且路径中不能有链接；请更正，或在 opsconsole.yaml 中设置 `storage.backups`。',
		},
	},
	'catalogue-foreign': {
		en: {
			summary: '{folder} belongs to another program or a later version of opsconsole',
			hint: 'Its file .opsconsole is not understood; use another folder or the version of opsconsole that made it.',
		},
		zh: {
			summary: '{folder} 属于其他程序或更高版本的 opsconsole',
			hint: '无法识别其中的 .opsconsole 文件；请改用其他目录，或使用创建它的 opsconsole 版本。',
		},
	},
	'catalogue-space': {
		en: {
			summary: 'not enough room in {folder}: {needed} needed, {free} free',
			hint: 'Free space, let `opsconsole prune` remove old backups, or set `storage.backups` to a larger disk.',
		},
		zh: {
			summary: '{folder} 空间不足：需要 {needed}，可用 {free}',
			hint: '请释放空间、用 `opsconsole prune` 清理旧备份，或将 `storage.backups` 设到更大的磁盘。',
		},
	},
	'backup-all-nothing': {
		en: {
			summary: 'nothing is known here that could be backed up',
			hint: 'Start the services, or name databases, files (`file_sets`) or logs in the configuration.',
		},
		zh: {
			summary: '此处没有可备份的内容',
			hint: '请启动服务，或在配置中指定数据库、文件（`file_sets`）或日志。',
		},
	},
	'backup-all-failed': {
		en: {
			summary: '{failed} of {count} backups were not made: {names}',
			hint: 'Each is a job of its own with its own cause: `opsconsole jobs`. The others are there.',
		},
		zh: {
			summary: '{count} 个备份中有 {failed} 个未完成：{names}',
			hint: '每个备份都是独立任务，各有原因：`opsconsole jobs`。其余备份已完成。',
		},
	},
	'backup-not-found': {
		en: {
			summary: 'there is no backup {id} in {folder}',
			hint: 'List what is there with `opsconsole backups`.',
		},
		zh: {
			summary: '{folder} 中没有备份 {id}',
			hint: '请用 `opsconsole backups` 列出现有备份。',
		},
	},
	'backup-damaged': {
		en: {
			summary: 'backup {id} cannot be used: {cause}',
			hint: 'Do not restore from it; verify the others with `opsconsole verify ID` and make a new one.',
		},
		zh: {
			summary: '备份 {id} 不可用：{cause}',
			hint: '请勿用它恢复；用 `opsconsole verify ID` 校验其他备份，并重新备份。',
		},
	},
	'backup-ambiguous': {
		en: {
			summary: 'several backups begin with {id}',
			hint: 'Give the whole id; `opsconsole backups` lists them.',
		},
		zh: {summary: '有多个备份以 {id} 开头', hint: '请给出完整编号；用 `opsconsole backups` 列出。'},
	},
	'retention-no-policy': {
		en: {
			summary: 'no retention policy is set, so nothing is deleted',
			hint: 'Set at least one of keep_last, daily, weekly and monthly under `storage.retention` in opsconsole.yaml.',
		},
		zh: {
			summary: '未设置保留策略，因此不删除任何备份',
			hint: '请在 opsconsole.yaml 的 `storage.retention` 下至少设置 keep_last、daily、weekly、monthly 之一。',
		},
	},
	'retention-no-catalogue': {
		en: {
			summary: '{folder} has no readable marker .opsconsole, so nothing is deleted from it',
			hint: 'Make a first backup there, or correct `storage.backups` in opsconsole.yaml.',
		},
		zh: {
			summary: '{folder} 中没有可读的 .opsconsole 标记，因此不删除任何内容',
			hint: '请先在该目录做一次备份，或更正 opsconsole.yaml 中的 `storage.backups`。',
		},
	},
	'retention-too-many': {
		en: {
			summary: '{folder} holds more than can be read, so nothing is deleted',
			hint: 'Move files that are no backups out of it.',
		},
		zh: {
			summary: '{folder} 中的内容过多无法全部读取，因此不删除任何备份',
			hint: '请将非备份文件移出该目录。',
		},
	},
	'retention-clock': {
		en: {
			summary: 'the clock says {now}, the last backup or run was at {last}: nothing is deleted',
			hint: 'Check the clock with `timedatectl`. If it is right, make a new backup first: retention runs after a backup.',
		},
		zh: {
			summary: '系统时间为 {now}，而上次备份或运行为 {last}：不删除任何备份',
			hint: '请用 `timedatectl` 检查时钟；若时钟正确，请先做一次新备份，保留策略在备份之后运行。',
		},
	},
	'retention-changed': {
		en: {
			summary: '{name} must stay now, though the plan would delete it',
			hint: 'Something changed since the plan was made; nothing was deleted. Plan it again.',
		},
		zh: {
			summary: '计划删除的 {name} 现在必须保留',
			hint: '计划生成后情况有变，未删除任何内容。请重新生成计划。',
		},
	},
	'verify-failed': {
		en: {
			summary: 'backup {id} is bad (level {level}): {cause}',
			hint: 'Do not restore from it. Make a new backup now, then verify the older ones with `opsconsole verify ID`.',
		},
		zh: {
			summary: '备份 {id} 已损坏（{level} 级）：{cause}',
			hint: '请勿用它恢复。请立即重新备份，再用 `opsconsole verify ID` 校验旧备份。',
		},
	},
	'verify-not-done': {
		en: {
			summary: 'the verification could not be done: {program}: {cause}',
			hint: 'This says nothing about the backup. Remove the cause and verify it again.',
		},
		zh: {
			summary: '无法完成校验：{program}：{cause}',
			hint: '这并不说明备份有问题。请排除原因后重新校验。',
		},
	},
	'verify-out-of-memory': {
		en: {
			summary: '{program} reached the memory limit of the throw-away server',
			hint: 'This says nothing about the backup. Verify it on a machine with more memory, or at level 2.',
		},
		zh: {
			summary: '{program} 达到临时服务器的内存限制',
			hint: '这并不说明备份有问题。请在内存更大的机器上校验，或使用 2 级校验。',
		},
	},
	'verify-level': {
		en: {summary: 'there is no level {level}', hint: 'Levels are 0 to 4; 3 restores for proof.'},
		zh: {summary: '没有 {level} 级', hint: '级别为 0 到 4；3 级会实际恢复以验证。'},
	},
	'verify-no-assertions': {
		en: {
			summary: 'level 4 needs assertions, and none is set',
			hint: 'Set `storage.assertions` in opsconsole.yaml, or verify at level 3.',
		},
		zh: {
			summary: '4 级校验需要断言，但未设置',
			hint: '请在 opsconsole.yaml 中设置 `storage.assertions`，或使用 3 级校验。',
		},
	},
	'verify-memory': {
		en: {
			summary: 'too little memory for a throw-away server: {needed} needed, {free} free',
			hint: 'Try again when this machine is less busy, or verify at level 2.',
		},
		zh: {
			summary: '内存不足，无法启动临时服务器：需要 {needed}，可用 {free}',
			hint: '请在机器空闲时重试，或使用 2 级校验。',
		},
	},
	'backup-not-published': {
		en: {
			summary: 'backup could not be published: {cause}',
			hint: 'Nothing was kept; older backups are untouched. Check the disk behind {folder} and run it again.',
		},
		zh: {
			summary: '备份无法发布：{cause}',
			hint: '未保留任何内容，旧备份未受影响。请检查 {folder} 所在磁盘后重试。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
