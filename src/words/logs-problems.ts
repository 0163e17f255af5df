import type {ProblemWords} from './words.ts';

/** What can go wrong with logs: what failed, and what to do next. */
export const logsProblems = {
	'logs-container-stopped': {
		en: {
			summary: 'the container {name} does not run, its log is read to the end',
			hint: 'The log is followed again as soon as the container starts.',
		},
		zh: {
			summary: '容器 {name} 未在运行，日志已读到末尾',
			hint: '容器启动后会自动继续跟踪日志。',
		},
	},
	'logs-driver-unreadable': {
		en: {
			summary: 'the logging driver {driver} of the container {name} keeps nothing that can be read',
			hint: 'Use the driver json-file, local or journald (`logging: {driver: local}` in the Compose file) and recreate the container.',
		},
		zh: {
			summary: '容器 {name} 的日志驱动 {driver} 不保存可读取的日志',
			hint: '请改用 json-file、local 或 journald 驱动（在 Compose 文件中设置 `logging: {driver: local}`），并重新创建容器。',
		},
	},
	'logs-file-missing': {
		en: {
			summary: 'the log file {path} does not exist',
			hint: 'Check the path under `logs:` in the configuration; it is followed as soon as the file appears.',
		},
		zh: {
			summary: '日志文件 {path} 不存在',
			hint: '请检查配置中 `logs:` 下的路径；文件出现后会自动开始跟踪。',
		},
	},
	'logs-file-unreadable': {
		en: {
			summary: 'the log file {path} cannot be read ({cause})',
			hint: 'Give this user the right to read it: `sudo setfacl -m u:$USER:r {path}`, or join the group that owns it.',
		},
		zh: {
			summary: '无法读取日志文件 {path}（{cause}）',
			hint: '请授予当前用户读取权限：`sudo setfacl -m u:$USER:r {path}`，或加入拥有该文件的用户组。',
		},
	},
	'logs-journal-missing': {
		en: {
			summary: 'there is no journalctl here, so the journal cannot be followed',
			hint: 'Remove the journal from `logs:` in the configuration, or name a log file instead.',
		},
		zh: {
			summary: '这里没有 journalctl，无法跟踪系统日志',
			hint: '请从配置的 `logs:` 中移除 journal，或改为指定日志文件。',
		},
	},
	'logs-journal-ended': {
		en: {
			summary: 'journalctl ended: {cause}',
			hint: 'It is started again by itself; if it stays away run `journalctl -n 1` and join the group systemd-journal.',
		},
		zh: {
			summary: 'journalctl 已退出：{cause}',
			hint: '会自动重新启动；如果一直失败，请运行 `journalctl -n 1` 并加入 systemd-journal 用户组。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
