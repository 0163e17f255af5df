import type {ProblemWords} from './words.ts';

/** Why an action is not possible now, as the menu knows it without asking anybody. */
export const actionProblems = {
	'action-read-only': {
		en: {
			summary: 'this console is read-only',
			hint: 'Start it without --read-only and without `read_only: true`.',
		},
		zh: {
			summary: '此控制台为只读',
			hint: '启动时去掉 --read-only 以及配置中的 `read_only: true`。',
		},
	},
	'action-unsafe-settings': {
		en: {summary: 'read-only, because {cause}', hint: '{hint}'},
		zh: {summary: '只读，原因：{cause}', hint: '{hint}'},
	},
	'action-no-engine': {
		en: {
			summary: 'Docker is not reachable',
			hint: 'See the containers panel for the cause; the action needs the engine.',
		},
		zh: {summary: '无法连接 Docker', hint: '原因见容器面板；该操作需要引擎。'},
	},
	'action-gone': {
		en: {
			summary: '{name} was replaced or removed meanwhile',
			hint: 'Go back with Esc and open the menu of the present one.',
		},
		zh: {summary: '{name} 已被替换或删除', hint: '按 Esc 返回，再打开当前对象的菜单。'},
	},
	'action-runs-already': {
		en: {summary: '{name} runs already', hint: 'Restart it if that is what you want.'},
		zh: {summary: '{name} 已在运行', hint: '如有需要，请选择重启。'},
	},
	'action-not-running': {
		en: {summary: '{name} does not run ({state})', hint: 'Start it first.'},
		zh: {summary: '{name} 未在运行（{state}）', hint: '请先启动它。'},
	},
	'action-no-compose': {
		en: {
			summary: '{name} does not belong to a Compose project',
			hint: 'Only a service of a Compose project can be scaled or recreated.',
		},
		zh: {
			summary: '{name} 不属于 Compose 项目',
			hint: '只有 Compose 项目的服务才能扩缩容或重新创建。',
		},
	},
	'action-busy': {
		en: {summary: '{title} runs on it', hint: 'o shows it. Wait for its end, or cancel it there.'},
		zh: {summary: '正在对其执行：{title}', hint: '按 o 查看。请等待结束或在那里取消。'},
	},
	'action-no-answer': {
		en: {
			summary: '{name} does not answer',
			hint: 'Its panel says why; the action needs a server that answers.',
		},
		zh: {summary: '{name} 没有响应', hint: '原因见其面板；该操作需要服务器有响应。'},
	},
	'action-standby': {
		en: {summary: '{name} is a standby', hint: 'Do it on the primary.'},
		zh: {summary: '{name} 是备库', hint: '请在主库上执行。'},
	},
	'action-replica': {
		en: {summary: '{name} is a replica', hint: 'Do it on its master.'},
		zh: {summary: '{name} 是从库', hint: '请在主库上执行。'},
	},
	'action-no-server': {
		en: {
			summary: 'no such server is watched here',
			hint: 'The status line and panels show what was found; a server can be named in the configuration.',
		},
		zh: {
			summary: '此处没有监视这类服务器',
			hint: '状态行和面板显示已发现的对象；也可在配置中指定服务器。',
		},
	},
	'action-no-backup': {
		en: {summary: 'there is no backup of this kind', hint: 'Make one first.'},
		zh: {summary: '没有此类备份', hint: '请先创建备份。'},
	},
	'terminal-failed': {
		en: {
			summary: '`{program}` could not be used: {cause}',
			hint: 'Run it in another terminal to see all that it says; the container may have no shell.',
		},
		zh: {
			summary: '无法使用 `{program}`：{cause}',
			hint: '请在另一个终端运行以查看完整输出；容器内可能没有 shell。',
		},
	},
	'action-no-query': {
		en: {summary: 'no query runs on {name}', hint: 'Nothing needs to be cancelled.'},
		zh: {summary: '{name} 上没有正在运行的查询', hint: '无需取消。'},
	},
	'action-session-own': {
		en: {
			summary: 'session {pid} is opsconsole itself',
			hint: 'It ends by itself; o shows what runs.',
		},
		zh: {
			summary: '会话 {pid} 是 opsconsole 自己的',
			hint: '它会自行结束；按 o 查看正在进行的操作。',
		},
	},
	'action-session-superuser': {
		en: {
			summary: 'session {pid} is of the superuser {user}',
			hint: 'It is cancelled only where you say so: a wizard asks for it; on the command line: opsconsole postgres cancel {pid} --superusers, with a superuser as the role of opsconsole.',
		},
		zh: {
			summary: '会话 {pid} 属于超级用户 {user}',
			hint: '须经你确认才会取消：向导会询问；命令行：opsconsole postgres cancel {pid} --superusers，且 opsconsole 的角色须为超级用户。',
		},
	},
	'action-session-rights': {
		en: {
			summary: 'the role of opsconsole may not cancel statements of {user}',
			hint: 'Let a superuser run: GRANT pg_signal_backend TO its role; or log in as {user} or a superuser.',
		},
		zh: {
			summary: 'opsconsole 的角色无权取消 {user} 的语句',
			hint: '请超级用户执行 GRANT pg_signal_backend TO 该角色；或以 {user} 或超级用户登录。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
