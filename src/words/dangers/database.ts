import type {DangerWords} from './danger.ts';

/** What commands for PostgreSQL would really do. */
export const databaseDangers = {
	'dump-to-file': {
		really: {
			en: 'a dump that fails leaves an empty or cut file under the final name, readable by everybody; nothing checks it, and the next line says success.',
			zh: '失败的转储会以正式文件名留下空的或残缺的文件，任何人可读；没有任何检查，下一行照样报告成功。',
		},
		instead: {
			en: 'writes beside, checks, hashes and reads the whole dump, publishes it under its name only then, with mode 0600',
			zh: '先写到旁边，校验、计算哈希并完整读取后才以正式名称发布，权限 0600',
		},
	},
	'dump-in-pipe': {
		really: {
			en: 'without pipefail only the last program counts: a failed dump becomes a small, valid .gz and exit 0.',
			zh: '没有 pipefail 时只看最后一个程序：失败的转储会变成一个很小但有效的 .gz，退出码为 0。',
		},
		instead: {
			en: 'counts and hashes every table in the same snapshot, and proves the backup by restoring it elsewhere',
			zh: '在同一快照中统计并哈希每张表，并在别处恢复以证明备份有效',
		},
	},
	'restore-into-live': {
		really: {
			en: 'goes on after errors and exits 0: existing rows stay, tables without keys are doubled, a cut dump restores in part. Live clients see the half state.',
			zh: '出错后继续执行并返回 0：已有的行不变，没有主键的表数据翻倍，残缺的转储只恢复一部分。在线客户端会看到中间状态。',
		},
		instead: {
			en: 'restores into a new database, compares every table, and swaps the names in one transaction; the old one is kept for 72 hours',
			zh: '恢复到新数据库，逐表比对，再在一个事务内交换名称；旧库保留 72 小时',
		},
	},
	'restore-wrong-option': {
		really: {
			en: '-T names a trigger, not a time: nothing is restored and it exits 0. A dump has no point in time to go back to.',
			zh: '-T 是触发器名，不是时间：什么都不会恢复，却返回 0。逻辑转储本身无法恢复到某一时间点。',
		},
		instead: {
			en: '`opsconsole postgres pitr` says whether a restore to a point in time is possible, and the way',
			zh: '`opsconsole postgres pitr` 说明能否恢复到某一时间点以及做法',
		},
	},
	'restore-clean': {
		really: {
			en: 'drops the live tables first: clients get errors or wrong answers until it ends, and an error leaves half of them.',
			zh: '先删除线上的表：结束前客户端会报错或得到错误结果，中途出错则只剩一半。',
		},
		instead: {
			en: 'restores beside the live database and swaps',
			zh: '在旁边恢复，再交换',
		},
	},
	'psql-file': {
		really: {
			en: 'goes on after errors: a script can be applied by half, and the exit status is 0.',
			zh: '出错后继续执行：脚本可能只执行了一半，退出码仍为 0。',
		},
		instead: {
			en: 'make a proven backup first; then psql -X -1 -v ON_ERROR_STOP=1 with lock_timeout (opsconsole runs no scripts)',
			zh: '先做一份已验证的备份；再用 psql -X -1 -v ON_ERROR_STOP=1 并设置 lock_timeout（opsconsole 不执行脚本）',
		},
	},
	'may-prompt': {
		really: {
			en: 'may ask for a password: in cron or a script it waits for ever.',
			zh: '可能要求输入密码：在 cron 或脚本中会一直等待。',
		},
		instead: {
			en: 'has a deadline everywhere and never prompts',
			zh: '处处有时限，从不等待输入',
		},
	},
	'database-dropped': {
		really: {
			en: 'deletes the database with everything in it, at once.',
			zh: '立即删除整个数据库及其全部内容。',
		},
		instead: {
			en: 'a restore keeps the old database aside; drop-kept deletes only what a restore put aside, after typing its name',
			zh: '恢复会把旧库保留在一旁；drop-kept 只删除恢复留下的旧库，且需输入名称确认',
		},
	},
	'rows-dropped': {
		really: {
			en: 'deletes data of all rows at once; nothing takes it back but a backup.',
			zh: '一次删除所有行的数据；除了备份无法找回。',
		},
		instead: {
			en: 'make a proven backup first; a table can be put back beside the live one',
			zh: '先做一份已验证的备份；之后可以把单张表恢复到旁边',
		},
	},
	'vacuum-full': {
		really: {
			en: 'locks the table against everybody while it is copied, and needs as much space again.',
			zh: '复制期间锁住整张表，任何人都无法访问，并需要同样大小的额外空间。',
		},
		instead: {
			en: 'a plain VACUUM (ANALYZE) of the tables with most dead rows; nobody waits',
			zh: '对死行最多的表执行普通 VACUUM (ANALYZE)；无人等待',
		},
	},
	'reindex-locking': {
		really: {
			en: 'locks each index and its table against writers until it is done.',
			zh: '重建期间锁住索引及其表，写入全部等待。',
		},
		instead: {
			en: 'builds one index anew without blocking writers, and clears away what a failed attempt left',
			zh: '不阻塞写入地重建单个索引，并清理失败残留',
		},
	},
	'index-not-renewed': {
		really: {
			en: 'after a failed attempt an INVALID index of that name stays, and IF NOT EXISTS leaves it so: it costs writes and helps no query.',
			zh: '上次失败会留下同名 INVALID 索引，IF NOT EXISTS 又跳过重建：增加写入成本却不加速任何查询。',
		},
		instead: {
			en: 'the storage panel of the server lists invalid indexes; reindex repairs one',
			zh: '服务器详情会列出无效索引；reindex 可修复',
		},
	},
	'sessions-ended': {
		really: {
			en: 'ends sessions of all databases at once, healthy pools and backups too, and misses those that sit idle in a transaction.',
			zh: '一次断开所有数据库的会话，包括健康的连接池和备份，却漏掉事务中空闲的会话。',
		},
		instead: {
			en: 'lists each session before, leaves out replication, backups and superusers, ends only those',
			zh: '事先列出每个会话，排除复制、备份和超级用户，只结束列出的会话',
		},
	},
	'active-only': {
		really: {
			en: 'misses the sessions that hold the locks: these are idle in a transaction.',
			zh: '漏掉真正持锁的会话：它们处于“事务中空闲”状态。',
		},
		instead: {
			en: 'panel 3 shows the tree of who blocks whom; cancel or end the one at its root',
			zh: '面板 3 显示谁阻塞谁的树；取消或结束根上的那一个',
		},
	},
	'counts-background': {
		really: {
			en: 'counts the background processes of PostgreSQL as connections, and says nothing about the limit.',
			zh: '把 PostgreSQL 的后台进程也算作连接，也没有说明上限。',
		},
		instead: {
			en: 'panel 3 counts client connections against those that can be used',
			zh: '面板 3 统计客户端连接数与可用上限之比',
		},
	},
	'old-statement-columns': {
		really: {
			en: 'mean_time and total_time are called mean_exec_time and total_exec_time since PostgreSQL 13: an error there.',
			zh: '自 PostgreSQL 13 起 mean_time、total_time 改名为 mean_exec_time、total_exec_time：会报错。',
		},
		instead: {
			en: 'takes the columns of the version that runs',
			zh: '按运行的版本选择列名',
		},
	},
	'settings-altered': {
		really: {
			en: 'is written down without a check: most of these wait for a restart, and a wrong one keeps PostgreSQL from starting.',
			zh: '不作检查直接写入：多数需重启才生效，写错则 PostgreSQL 无法启动。',
		},
		instead: {
			en: 'opsconsole changes no PostgreSQL settings; restart knowingly, with evidence and a health check',
			zh: 'opsconsole 不修改 PostgreSQL 设置；重启应有证据和健康检查',
		},
	},
	'wal-archive-copy': {
		really: {
			en: 'overwrites what is archived already and does not wait for the disk; on the same disk it is lost with the database.',
			zh: '会覆盖已归档的文件，也不等待落盘；放在同一磁盘上会与数据库一起丢失。',
		},
		instead: {
			en: '`opsconsole postgres pitr` checks archiving, gaps and base backups',
			zh: '`opsconsole postgres pitr` 检查归档、缺口和基础备份',
		},
	},
} as const satisfies DangerWords;
