import {failureOf, number, text, truth} from '../field.ts';
import type {LookDeclaration} from '../look.ts';

/** Why the Docker engine does not answer. */
export const dockerFailures = [
	'none',
	'not-installed',
	'not-running',
	'no-right',
	'timeout',
	'version',
	'tls',
	'other',
] as const;

/** Looks at what opsconsole itself does here, and at the engine that it works with. */
export const ownLooks = {
	'jobs.state': {
		title: {en: 'Operations of opsconsole', zh: 'opsconsole 的操作'},
		on: 'host',
		from: {
			en: 'plan, journal and lock of each run in the state folder',
			zh: '状态目录中每次运行的计划、日志与锁',
		},
		fields: {
			running: number('count', 'Running', '运行中'),
			'first-running': text('First of them', '其中第一个'),
			'is-destructive-running': truth('A destructive one runs', '有破坏性操作在运行'),
			unfinished: number(
				'count',
				'Unfinished: wait for `opsconsole recover`',
				'未完成：需 `opsconsole recover`',
			),
			'first-unfinished': text('First of them', '其中第一个'),
			failed: number('count', 'Failed in 24 h', '24 小时内失败'),
			'first-failed': text('Last of them', '其中最近的'),
			'last-change': text('Last change', '最近的变更'),
			'last-change-age': number('seconds', 'Since the last change', '距最近的变更'),
		},
	},
	'docker.engine': {
		title: {en: 'Docker engine', zh: 'Docker 引擎'},
		on: 'host',
		from: {en: 'GET /version and /info of the engine', zh: 'Docker 引擎 GET /version 与 /info'},
		fields: {
			answers: truth('Answers', '有响应'),
			failure: failureOf(dockerFailures, 'Trouble answering', '响应故障'),
			version: text('Version', '版本'),
			ping: number('milliseconds', 'Round trip', '往返时间'),
			'is-slow': truth('Slow: more than a second', '缓慢：超过 1 秒'),
			containers: number('count', 'Containers', '容器数'),
			running: number('count', 'Running', '运行中'),
			paused: number('count', 'Paused', '已暂停'),
			stopped: number('count', 'Stopped', '已停止'),
			'storage-driver': text('Storage driver', '存储驱动'),
			'log-driver': text('Log driver', '日志驱动'),
			'restores-containers': truth('Containers outlive the engine', '引擎重启时容器继续运行'),
			warnings: number('count', 'Warnings', '警告数'),
		},
	},
	'schedules.state': {
		title: {en: 'Scheduled jobs', zh: '定时任务'},
		on: 'host',
		from: {
			en: 'systemd timers, /etc/cron.d/opsconsole, the record of changes',
			zh: 'systemd 定时器、/etc/cron.d/opsconsole、变更记录',
		},
		fields: {
			wanted: number('count', 'Jobs of the configuration', '配置的任务数'),
			installed: number('count', 'Installed', '已安装'),
			'not-installed': number('count', 'Not installed', '未安装'),
			'first-not-installed': text('First of them', '其中第一个'),
			missed: number('count', 'Missed', '错过'),
			'first-missed': text('First of them', '其中第一个'),
			'last-run-age': number('seconds', 'Since the last run of any', '距最近一次运行'),
		},
	},
} as const satisfies Readonly<Record<string, LookDeclaration>>;
