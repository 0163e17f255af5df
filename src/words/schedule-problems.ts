import type {ProblemWords} from './words.ts';

/** What can go wrong with schedules and notices: cause and next step. */
export const scheduleProblems = {
	'schedule-nothing': {
		en: {
			summary: 'the configuration has nothing that this machine could run by itself',
			hint: 'Add `run:` to an entry of `schedules` in opsconsole.yaml, for example {run: backup all, cron: "0 2 * * *"}.',
		},
		zh: {
			summary: '配置中没有可由本机自动运行的任务',
			hint: '请在 opsconsole.yaml 的 `schedules` 条目中加上 `run:`，例如 {run: backup all, cron: "0 2 * * *"}。',
		},
	},
	'schedule-cron': {
		en: {
			summary: 'the time of job {id} is not understood: {cron}',
			hint: 'Write five fields as crontab(5) has them, for example "0 2 * * *".',
		},
		zh: {
			summary: '无法理解任务 {id} 的时间：{cron}',
			hint: '请按 crontab(5) 写五个字段，例如 "0 2 * * *"。',
		},
	},
	'schedule-folder': {
		en: {
			summary: 'schedules cannot be installed in {folder}: {cause}',
			hint: 'Install cron, or use systemd; `--form cron` or `--form systemd` chooses.',
		},
		zh: {
			summary: '无法在 {folder} 中安装计划任务：{cause}',
			hint: '请安装 cron 或使用 systemd；可用 `--form cron` 或 `--form systemd` 选择。',
		},
	},
	'schedule-foreign': {
		en: {
			summary: '{file} was not written by opsconsole and is not touched',
			hint: 'Look at it, move it away yourself if it is not needed, and run this again.',
		},
		zh: {
			summary: '{file} 不是由 opsconsole 写入的，不会改动',
			hint: '请查看该文件；若不再需要，请自行移走后重试。',
		},
	},
	'schedule-none': {
		en: {
			summary: 'no schedule of opsconsole is installed here',
			hint: 'There is nothing to remove; `opsconsole schedule show` lists what would be installed.',
		},
		zh: {
			summary: '本机未安装 opsconsole 的计划任务',
			hint: '没有可移除的内容；`opsconsole schedule show` 列出将要安装的任务。',
		},
	},
	'schedule-systemctl': {
		en: {
			summary: '`{command}` failed: {cause}',
			hint: 'The files are in place. Correct the cause, then run `opsconsole schedule install` again.',
		},
		zh: {
			summary: '`{command}` 失败：{cause}',
			hint: '文件已就位。排除原因后请再次运行 `opsconsole schedule install`。',
		},
	},
	'schedule-not-there': {
		en: {
			summary: '{file} does not hold what was written',
			hint: 'Somebody else changes it as well (a configuration tool?). Find out who, then install again.',
		},
		zh: {
			summary: '{file} 的内容与写入的不一致',
			hint: '有其他程序也在修改它（配置管理工具？）。请查明后重新安装。',
		},
	},
	'notice-none': {
		en: {
			summary: 'no way to tell anybody is configured{id}',
			hint: 'Add an entry to `notifications` in opsconsole.yaml; docs/settings.md shows both kinds.',
		},
		zh: {
			summary: '未配置通知方式{id}',
			hint: '请在 opsconsole.yaml 的 `notifications` 中添加条目；docs/settings.md 有两种方式的说明。',
		},
	},
	'notice-failed': {
		en: {
			summary: '{id} did not take the message: {cause}',
			hint: 'Try it with `opsconsole notify test {id}` after correcting its address or command.',
		},
		zh: {
			summary: '{id} 未接受消息：{cause}',
			hint: '更正地址或命令后，用 `opsconsole notify test {id}` 测试。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
