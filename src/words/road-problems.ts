import type {ProblemWords} from './words.ts';

/** Why a change was refused, failed or needs a person: the road that every operation takes (src/work). */
export const roadProblems = {
	'road-not-planned': {
		en: {
			summary: 'step {step} wanted to do something that is not in the plan: {command}',
			hint: 'It was refused and nothing of it was done. This is a fault of opsconsole; keep the job folder and report it.',
		},
		zh: {
			summary: '步骤 {step} 试图执行计划之外的操作：{command}',
			hint: '已被拒绝，未执行。这是 opsconsole 的缺陷；请保留任务目录并报告。',
		},
	},
	'road-bad-fill': {
		en: {
			summary: 'step {step} got a value for {name} that must not stand in a statement',
			hint: 'It was refused and nothing of it was done. Look for unusual characters in the names that this operation works on.',
		},
		zh: {
			summary: '步骤 {step} 的 {name} 取值不允许出现在语句中',
			hint: '已被拒绝，未执行。请检查此操作涉及的名称中是否有特殊字符。',
		},
	},
	'road-no-server': {
		en: {
			summary: 'the {kind} server of this plan is not among those that were found',
			hint: 'It may have been stopped or renamed since; check with `opsconsole status` and make a new plan.',
		},
		zh: {
			summary: '在已发现的服务器中找不到此计划的 {kind} 服务器',
			hint: '它可能已停止或改名；请用 `opsconsole status` 检查并重新制定计划。',
		},
	},
	'road-deadline': {
		en: {
			summary: 'step {step} was not finished after {seconds} s',
			hint: 'What it had begun was ended. Look for what it waited for (locks, disk, network) before trying again.',
		},
		zh: {
			summary: '步骤 {step} 在 {seconds} 秒后仍未完成',
			hint: '已终止其操作。重试前请查明它在等待什么（锁、磁盘、网络）。',
		},
	},
	'road-cancelled': {
		en: {
			summary: 'cancelled by {who}',
			hint: 'Everything that had been begun was taken back; nothing has changed.',
		},
		zh: {summary: '已由 {who} 取消', hint: '已开始的操作均已撤销；没有任何改变。'},
	},
	'road-interrupted': {
		en: {
			summary: 'the worker of this operation ended in the middle of step {step}',
			hint: 'It was taken back to the state before; start it again when you know why (memory, reboot, kill).',
		},
		zh: {
			summary: '此操作的工作进程在步骤 {step} 中途终止',
			hint: '已恢复到之前的状态；查明原因（内存、重启、被杀）后再重新开始。',
		},
	},
	'road-undo-failed': {
		en: {
			summary: 'step {step} could not be taken back: {cause}',
			hint: 'See its commands with `opsconsole attach {id}`; when the cause is gone, run `opsconsole recover --op {id}`.',
		},
		zh: {
			summary: '步骤 {step} 无法撤销：{cause}',
			hint: '用 `opsconsole attach {id}` 查看其命令；排除原因后运行 `opsconsole recover --op {id}`。',
		},
	},
	'road-not-probed': {
		en: {
			summary: 'it cannot be seen whether step {step} took effect: {cause}',
			hint: 'Nothing was touched. When the server answers again, run `opsconsole recover --op {id}`.',
		},
		zh: {
			summary: '无法判断步骤 {step} 是否已生效：{cause}',
			hint: '未做任何改动。服务器恢复响应后，请运行 `opsconsole recover --op {id}`。',
		},
	},
	'road-busy': {
		en: {
			summary: '{who} on {host} is at it: {operation} since {since}, {progress}',
			hint: 'Wait for it or look on with `opsconsole attach {id}`; two such operations never run together.',
		},
		zh: {
			summary: '{who}（{host}）正在进行：{operation}，开始于 {since}，{progress}',
			hint: '请等待，或用 `opsconsole attach {id}` 查看；此类操作不会同时进行。',
		},
	},
	'road-read-only': {
		en: {
			summary: 'this console is read-only',
			hint: 'Start it without --read-only, and without read_only in its configuration.',
		},
		zh: {
			summary: '此控制台为只读',
			hint: '启动时不要使用 --read-only，并去掉配置中的 read_only。',
		},
	},
	'road-viewer': {
		en: {
			summary: 'this user may only look (groups: {groups})',
			hint: 'Acting is for members of: {wanted} (`access` in opsconsole.yaml).',
		},
		zh: {
			summary: '此用户只能查看（所属组：{groups}）',
			hint: '可执行操作的组：{wanted}（opsconsole.yaml 中的 `access`）。',
		},
	},
	'road-not-started': {
		en: {
			summary: 'the worker could not be started: {cause}',
			hint: 'Nothing was changed. See stderr.log in {folder}.',
		},
		zh: {
			summary: '无法启动工作进程：{cause}',
			hint: '未做任何改动。请查看 {folder} 中的 stderr.log。',
		},
	},
	'plan-changed': {
		en: {
			summary: 'the server is no longer as it was when this was confirmed: {what} changed',
			hint: 'Nothing was changed. Make a new plan and look at it before saying yes.',
		},
		zh: {
			summary: '服务器与确认时不同：{what} 已改变',
			hint: '未做任何改动。请重新制定计划并查看后再确认。',
		},
	},
	'plan-too-old': {
		en: {
			summary: 'this plan was confirmed {minutes} minutes ago; it is good for 15',
			hint: 'Nothing was changed. Make a new plan.',
		},
		zh: {
			summary: '此计划于 {minutes} 分钟前确认；有效期 15 分钟',
			hint: '未做任何改动。请重新制定计划。',
		},
	},
	'plan-edited': {
		en: {
			summary: 'the plan is not the one that was confirmed',
			hint: 'Nothing was changed; this is in the audit. Make a new plan.',
		},
		zh: {summary: '计划与确认时的不一致', hint: '未做任何改动；已记入审计。请重新制定计划。'},
	},
	'plan-used': {
		en: {
			summary: 'this plan was carried out before',
			hint: 'A confirmation is good for one run; nothing was changed. Make a new plan.',
		},
		zh: {summary: '此计划已执行过', hint: '一次确认只能执行一次；未做任何改动。请重新制定计划。'},
	},
	'plan-unreadable': {
		en: {
			summary: 'the plan in {folder} cannot be read: {cause}',
			hint: 'Nothing was changed. Make a new plan.',
		},
		zh: {summary: '无法读取 {folder} 中的计划：{cause}', hint: '未做任何改动。请重新制定计划。'},
	},
	'confirm-wrong': {
		en: {
			summary: 'this deletes or replaces data, and the typed text is not the one that confirms it',
			hint: "Look at the plan with --dry-run, then add: --confirm '{text}'",
		},
		zh: {
			summary: '此操作会删除或替换数据，输入的确认文本不符',
			hint: "请先用 --dry-run 查看计划，然后加上：--confirm '{text}'",
		},
	},
	'confirm-needed': {
		en: {
			summary: 'this changes the server and was not confirmed',
			hint: 'Look at the plan with --dry-run, then add: --yes',
		},
		zh: {
			summary: '此操作会改变服务器，但未确认',
			hint: '请先用 --dry-run 查看计划，然后加上：--yes',
		},
	},
	'operation-unknown': {
		en: {
			summary: 'there is no operation called {name}',
			hint: 'The plan may come from another version of opsconsole.',
		},
		zh: {summary: '没有名为 {name} 的操作', hint: '该计划可能来自其他版本的 opsconsole。'},
	},
	'job-missing': {
		en: {
			summary: 'there is no job {id}',
			hint: 'See them all with `opsconsole jobs`.',
		},
		zh: {summary: '没有任务 {id}', hint: '用 `opsconsole jobs` 查看全部任务。'},
	},
	'journal-damaged': {
		en: {
			summary: 'the journal of {id} is damaged at line {line}',
			hint: 'Nothing is done automatically. Compare {folder} with the server, then put things right by hand.',
		},
		zh: {
			summary: '{id} 的日志在第 {line} 行损坏',
			hint: '不会自动处理。请将 {folder} 与服务器对照后手动修复。',
		},
	},
	'journal-unwritable': {
		en: {
			summary: 'the journal cannot be written: {cause}',
			hint: 'Without a journal nothing is changed. Make room on, or repair, the disk of {folder}.',
		},
		zh: {
			summary: '无法写入日志：{cause}',
			hint: '没有日志就不做任何改动。请清理或修复 {folder} 所在磁盘。',
		},
	},
	'state-folder-unusable': {
		en: {
			summary: 'the folder for journals and locks, {folder}, cannot be used: {cause}',
			hint: 'Operations are not possible until this user owns it with mode 0700; OPSCONSOLE_STATE names another one.',
		},
		zh: {
			summary: '日志和锁目录 {folder} 无法使用：{cause}',
			hint: '在此用户拥有该目录且权限为 0700 之前无法执行操作；可用 OPSCONSOLE_STATE 指定其他目录。',
		},
	},
	'job-not-safe': {
		en: {
			summary: '{operation} changes what is live and is not started by another operation',
			hint: 'Start it by itself, so that its card is read and confirmed.',
		},
		zh: {
			summary: '{operation} 会改变线上内容，不会由其他操作启动',
			hint: '请单独启动，以便阅读并确认其卡片。',
		},
	},
	'state-folder-full': {
		en: {
			summary: 'no space for journals in {folder}: {freeKiB} KiB free, {neededKiB} KiB needed',
			hint: 'Looking goes on; operations are possible again when there is space. OPSCONSOLE_STATE names another folder.',
		},
		zh: {
			summary: '{folder} 没有空间写日志：剩余 {freeKiB} KiB，需要 {neededKiB} KiB',
			hint: '查看功能不受影响；释放空间后即可再次执行操作。可用 OPSCONSOLE_STATE 指定其他目录。',
		},
	},
	'audit-damaged': {
		en: {
			summary: 'the audit was changed: {file} line {line}: {cause}',
			hint: 'Keep a copy of the folder and find out who wrote to it; what stands before that line is intact.',
		},
		zh: {
			summary: '审计记录被改动：{file} 第 {line} 行：{cause}',
			hint: '请保留该目录的副本并查明写入者；此行之前的内容完好。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
