import type {Words} from './words.ts';

/** What `schedule show` and `notify` print, and the texts of notices. */
export const scheduleWords = {
	'place-none': {
		en: 'not installed; opsconsole schedule install',
		zh: '未安装；opsconsole schedule install',
	},
	place: {en: 'installed in {folder} ({form})', zh: '已安装于 {folder}（{form}）'},
	none: {en: 'the configuration has no job with `run:`', zh: '配置中没有带 `run:` 的任务'},
	same: {en: 'installed', zh: '已安装'},
	other: {en: 'OTHERWISE INSTALLED', zh: '已安装但内容不同'},
	'job-none': {en: 'not installed', zh: '未安装'},
	never: {en: 'never', zh: '从未'},
	unknown: {en: 'not recorded', zh: '无记录'},
	job: {
		en: '{id}: {cron} {run} [{state}] last {last}, next {next}{missed}',
		zh: '{id}：{cron} {run} [{state}] 上次 {last}，下次 {next}{missed}',
	},
	missed: {en: ' MISSED', zh: ' 已错过'},
	stray: {
		en: '{id} is installed but not in the configuration',
		zh: '{id} 已安装，但不在配置中',
	},
	'no-user': {
		en: '{file}:{line}: no user field: cron takes "{word}" for the account and never runs it',
		zh: '{file}:{line}：缺少用户字段：cron 会把 "{word}" 当作账户，因此从不执行',
	},
	'overdue-nothing': {en: 'Nothing is overdue.', zh: '没有逾期项。'},
	'overdue-run': {
		en: 'scheduled run missed: {run} ({id}, {cron}), last {last}',
		zh: '计划任务已错过：{run}（{id}，{cron}），上次 {last}',
	},
	'told-nobody': {
		en: 'Nobody is told: no entry of `notifications` wants this event.',
		zh: '未通知任何人：`notifications` 中没有条目订阅此事件。',
	},
	told: {en: '{id}: told', zh: '{id}：已通知'},
	'notice-test': {
		en: 'This is a test of opsconsole; nothing is wrong.',
		zh: '这是 opsconsole 的测试消息，一切正常。',
	},
	'notice-refused': {en: 'scheduled {run}: refused', zh: '计划任务 {run}：已被拒绝'},
	'notice-overdue': {en: 'overdue', zh: '逾期'},
} as const satisfies Readonly<Record<string, Words>>;
