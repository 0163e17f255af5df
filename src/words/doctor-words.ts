import type {Words} from './words.ts';

/** What `opsconsole doctor` looks at, and what it finds. */
export const doctorWords = {
	'docker-title': {en: 'Docker engine', zh: 'Docker 引擎'},
	'docker-ok': {
		en: 'version {version}, API {api}, at {address}',
		zh: '版本 {version}，API {api}，位于 {address}',
	},
	'docker-off': {en: 'switched off in the configuration', zh: '已在配置中关闭'},
	'postgres-title': {en: 'PostgreSQL {name}', zh: 'PostgreSQL {name}'},
	'postgres-ok': {
		en: 'version {version}, role {role} may see all sessions',
		zh: '版本 {version}，角色 {role} 可查看所有会话',
	},
	'postgres-no-monitor': {
		en: 'version {version}; role {role} is not a member of pg_monitor, so statements and times of other roles are hidden',
		zh: '版本 {version}；角色 {role} 不属于 pg_monitor，看不到其他角色的语句和时间',
	},
	'postgres-statements-title': {
		en: 'PostgreSQL {name}: slow statements',
		zh: 'PostgreSQL {name}：慢语句',
	},
	'postgres-statements-ok': {
		en: 'pg_stat_statements {version}',
		zh: 'pg_stat_statements {version}',
	},
	'postgres-statements-not-created': {
		en: 'the extension pg_stat_statements is not created in database {database}',
		zh: '数据库 {database} 中未创建扩展 pg_stat_statements',
	},
	'postgres-statements-not-loaded': {
		en: 'pg_stat_statements is not in shared_preload_libraries; the server must be restarted after the change',
		zh: 'shared_preload_libraries 中没有 pg_stat_statements；修改后需要重启服务器',
	},
	'redis-title': {en: 'Redis {name}', zh: 'Redis {name}'},
	'redis-ok': {
		en: 'user {user} may run every command needed',
		zh: '用户 {user} 可执行所需的全部命令',
	},
	'redis-denied': {
		en: 'user {user} may not run: {commands}',
		zh: '用户 {user} 无权执行：{commands}',
	},
	'log-title': {en: 'log of {name}', zh: '{name} 的日志'},
	'journal-title': {en: 'system journal', zh: '系统日志 (journal)'},
	'journal-ok': {en: 'readable', zh: '可读'},
	'journal-own-only': {
		en: 'only the messages of this user are readable',
		zh: '只能读取当前用户的消息',
	},
	'journal-none': {en: 'no journal on this host', zh: '本机没有 journal'},
	'file-ok': {en: '{path} is readable', zh: '{path} 可读'},
	'file-missing': {en: '{path} does not exist', zh: '{path} 不存在'},
	'file-no-right': {en: 'no right to read {path}', zh: '无权读取 {path}'},
	'file-failed': {en: '{path} could not be read: {cause}', zh: '无法读取 {path}：{cause}'},
	'backups-title': {en: 'backups {name}', zh: '备份 {name}'},
	'cgroup-title': {en: 'control groups', zh: '控制组 (cgroup)'},
	'cgroup-ok': {en: 'version {version}, readable', zh: '版本 {version}，可读'},
	'cgroup-missing': {
		en: 'not readable; what containers use is asked of the engine instead, which costs it more',
		zh: '不可读；容器用量改为向引擎查询，引擎负担更大',
	},
	'not-linux': {en: 'only on Linux', zh: '仅限 Linux'},
	'terminal-title': {en: 'terminal', zh: '终端'},
	'terminal-none': {
		en: 'no terminal here, so only the plain report works',
		zh: '此处没有终端，只能输出纯文本报告',
	},
	'terminal-ok': {
		en: '{columns}x{rows}, {colours} colours, TERM={term}',
		zh: '{columns}x{rows}，{colours} 色，TERM={term}',
	},
	'terminal-small': {
		en: '{columns}x{rows} is too small, at least {minColumns}x{minRows} is needed (best from 80x24)',
		zh: '{columns}x{rows} 太小，至少需要 {minColumns}x{minRows}（建议 80x24 以上）',
	},
	'terminal-dumb': {
		en: 'TERM={term} cannot move the cursor',
		zh: 'TERM={term} 无法移动光标',
	},
	'locale-title': {en: 'characters', zh: '字符集'},
	'locale-ok': {en: 'UTF-8 ({locale})', zh: 'UTF-8（{locale}）'},
	'locale-missing': {
		en: 'the locale {locale} is not UTF-8; lines and Chinese text may look wrong',
		zh: '区域设置 {locale} 不是 UTF-8；线条和中文可能显示异常',
	},
	'node-title': {en: 'Node.js', zh: 'Node.js'},
	'node-ok': {en: 'version {version}', zh: '版本 {version}'},
	'node-old': {
		en: 'version {version} is too old, {minimum} or newer is needed',
		zh: '版本 {version} 太旧，需要 {minimum} 或更高版本',
	},
	'config-title': {en: 'configuration {name}', zh: '配置文件 {name}'},
	'config-ok': {
		en: 'only {owner} can change it',
		zh: '只有 {owner} 可以修改',
	},
	'config-writable': {
		en: 'others can change it (mode {mode}), so opsconsole starts read-only',
		zh: '其他用户可以修改它（权限 {mode}），因此 opsconsole 将进入只读模式',
	},
	'config-owner': {
		en: 'it belongs to another user (id {owner})',
		zh: '它属于另一个用户（id {owner}）',
	},
	'config-none': {en: 'no file, built-in defaults', zh: '没有文件，使用内置默认值'},
	you: {en: 'you', zh: '您'},
	summary: {
		en: '{ok} ok, {missing} missing, {skipped} skipped',
		zh: '{ok} 项正常，{missing} 项缺失，{skipped} 项跳过',
	},
	'outcome-ok': {en: 'ok', zh: '正常'},
	'outcome-missing': {en: 'missing', zh: '缺失'},
	'outcome-skipped': {en: 'skipped', zh: '跳过'},
} as const satisfies Readonly<Record<string, Words>>;

export type DoctorWord = keyof typeof doctorWords;
