import type {ProblemWords} from './words.ts';

/** Why a change to PostgreSQL was refused or failed. */
export const postgresWorkProblems = {
	'restore-time': {
		en: {
			summary: '{time} is no moment in the past with its zone',
			hint: 'Write it as 2026-11-21 14:03:00+08, or with Z for UTC.',
		},
		zh: {
			summary: '{time} 不是带时区的过去时间',
			hint: '请写成 2026-11-21 14:03:00+08，UTC 用 Z。',
		},
	},
	'postgres-work-no-server': {
		en: {
			summary: 'no PostgreSQL server {wanted} is known',
			hint: 'Known: {known}. See `opsconsole status`; name one with --server.',
		},
		zh: {
			summary: '没有已知的 PostgreSQL 服务器 {wanted}',
			hint: '已知：{known}。请查看 `opsconsole status`，并用 --server 指定。',
		},
	},
	'postgres-work-which-server': {
		en: {
			summary: 'there is more than one PostgreSQL server',
			hint: 'Name one with --server: {known}',
		},
		zh: {summary: '有多台 PostgreSQL 服务器', hint: '请用 --server 指定：{known}'},
	},
	'postgres-work-bad-request': {
		en: {summary: '{name} is missing or has a wrong value', hint: 'See `opsconsole --help`.'},
		zh: {summary: '{name} 缺失或取值错误', hint: '请查看 `opsconsole --help`。'},
	},
	'restore-no-latest': {
		en: {
			summary: 'there is no backup of {database} from this server',
			hint: 'Name one of another server by its id; the backups view of the console shows them.',
		},
		zh: {
			summary: '没有来自此服务器的 {database} 备份',
			hint: '可用标识指定其他服务器的备份；可在控制台的备份视图中查看。',
		},
	},
	'restore-changed-dump': {
		en: {
			summary:
				'{file} is not what was backed up ({bytes} of {expected} bytes, or another checksum)',
			hint: 'Nothing was changed. Take another backup, and find out what happened to this file.',
		},
		zh: {
			summary: '{file} 与备份时不符（{bytes}/{expected} 字节，或校验和不同）',
			hint: '未做任何改动。请使用其他备份，并查明该文件发生了什么。',
		},
	},
	'restore-standby': {
		en: {
			summary: 'this server is a standby; nothing can be restored into it',
			hint: 'Restore on its primary: the standby follows by itself.',
		},
		zh: {summary: '此服务器是备库，无法恢复', hint: '请在主库上恢复：备库会自动跟随。'},
	},
	'restore-template': {
		en: {
			summary: '{database} is a template database',
			hint: 'Restore into another name with --database.',
		},
		zh: {summary: '{database} 是模板数据库', hint: '请用 --database 恢复到其他名称。'},
	},
	'restore-other-server': {
		en: {
			summary: 'the backup comes from another server (system identifier {from}; here {here})',
			hint: 'Make sure that this is the right host. If it is meant so, say it: --from-other-server',
		},
		zh: {
			summary: '该备份来自另一台服务器（系统标识 {from}；此处为 {here}）',
			hint: '请确认主机无误。若确有此意，请加上：--from-other-server',
		},
	},
	'restore-older-server': {
		en: {
			summary: 'the backup was made with PostgreSQL {dumped}, the server is version {here}',
			hint: 'A dump cannot go back to an older version. Restore on a server of version {dumped} or later.',
		},
		zh: {
			summary: '备份由 PostgreSQL {dumped} 生成，服务器为 {here}',
			hint: '转储不能恢复到旧版本。请使用 {dumped} 或更新的服务器。',
		},
	},
	'restore-no-createdb': {
		en: {
			summary: 'user {user} may not create or rename databases',
			hint: 'Use a superuser, or as one: ALTER ROLE {user} CREATEDB',
		},
		zh: {
			summary: '用户 {user} 无权创建或重命名数据库',
			hint: '请使用超级用户，或由其执行：ALTER ROLE {user} CREATEDB',
		},
	},
	'restore-not-owner': {
		en: {
			summary: 'the database belongs to {owner}, and {user} is no superuser',
			hint: 'Configure {owner} or a superuser for this server.',
		},
		zh: {
			summary: '数据库属于 {owner}，而 {user} 不是超级用户',
			hint: '请为此服务器配置 {owner} 或超级用户。',
		},
	},
	'restore-closed': {
		en: {
			summary: '{database} lets nobody in (ALLOW_CONNECTIONS false)',
			hint: 'Another restore may be at work or was broken off: `opsconsole jobs`, `opsconsole recover`.',
		},
		zh: {
			summary: '{database} 不允许连接 (ALLOW_CONNECTIONS false)',
			hint: '可能有其他恢复正在进行或已中断：`opsconsole jobs`、`opsconsole recover`。',
		},
	},
	'restore-prepared': {
		en: {
			summary: '{count} prepared transactions keep the database in use: {names}',
			hint: 'Finish each with COMMIT PREPARED or ROLLBACK PREPARED; they belong to whoever made them.',
		},
		zh: {
			summary: '{count} 个预备事务占用数据库：{names}',
			hint: '请用 COMMIT PREPARED 或 ROLLBACK PREPARED 逐个结束；它们属于创建者。',
		},
	},
	'restore-slots': {
		en: {
			summary: 'logical replication slots would stay with the old database: {names}',
			hint: 'Their readers would see none of the restored data. Stop them, drop the slots, and make them anew afterwards.',
		},
		zh: {
			summary: '逻辑复制槽会留在旧数据库：{names}',
			hint: '其读取方看不到恢复的数据。请先停止并删除复制槽，之后重建。',
		},
	},
	'restore-subscriptions': {
		en: {
			summary: '{count} subscriptions of this database write into it',
			hint: 'ALTER SUBSCRIPTION … DISABLE does not move them; drop them and make them anew afterwards.',
		},
		zh: {
			summary: '此数据库的 {count} 个订阅正在写入',
			hint: 'ALTER SUBSCRIPTION … DISABLE 不会迁移它们；请删除并在之后重建。',
		},
	},
	'restore-no-roles': {
		en: {
			summary: 'roles of the backup are not on this server: {names}',
			hint: 'Create them first; their definitions are in globals.sql of the backup.',
		},
		zh: {
			summary: '此服务器缺少备份中的角色：{names}',
			hint: '请先创建；其定义在备份的 globals.sql 中。',
		},
	},
	'restore-no-extensions': {
		en: {
			summary: 'extensions of the backup are not installed here: {names}',
			hint: "Install their packages on the server's machine or image.",
		},
		zh: {
			summary: '此处未安装备份所需的扩展：{names}',
			hint: '请在服务器的主机或镜像中安装相应软件包。',
		},
	},
	'restore-no-locale': {
		en: {
			summary: 'the server does not know the locale of the backup: {names}',
			hint: 'Generate it on the server (`locale-gen`), or create the database first as it should be.',
		},
		zh: {
			summary: '服务器没有备份的区域设置：{names}',
			hint: '请在服务器上生成（`locale-gen`），或先按需要创建数据库。',
		},
	},
	'restore-encoding': {
		en: {
			summary: 'the database is {here}, the backup {backup}',
			hint: 'Restore into another name with --database and compare.',
		},
		zh: {
			summary: '数据库编码为 {here}，备份为 {backup}',
			hint: '请用 --database 恢复到其他名称再比较。',
		},
	},
	'restore-no-space': {
		en: {
			summary: '{folder} has {freeMiB} MiB free, {neededMiB} MiB are needed',
			hint: 'The old database stays beside the new one, and nothing is dropped to make room: a load that fails would leave none. Delete kept databases with `opsconsole restore drop-kept` (now: {kept}), enlarge or free the disk, or restore single tables: `opsconsole restore table`.',
		},
		zh: {
			summary: '{folder} 剩余 {freeMiB} MiB，需要 {neededMiB} MiB',
			hint: '旧数据库与新数据库并存，不会为腾出空间而删除任何库：加载失败会导致没有数据库可用。请用 `opsconsole restore drop-kept` 删除保留的数据库（目前：{kept}），扩大或清理磁盘，或用 `opsconsole restore table` 只恢复单个表。',
		},
	},
	'restore-too-many-kept': {
		en: {
			summary: '{count} old databases are kept already: {names}',
			hint: 'Delete the ones that are no longer needed: `opsconsole restore drop-kept`.',
		},
		zh: {
			summary: '已保留 {count} 个旧数据库：{names}',
			hint: '请删除不再需要的：`opsconsole restore drop-kept`。',
		},
	},
	'restore-no-service': {
		en: {
			summary: 'there is no service {service} here',
			hint: 'See the services with `opsconsole status`.',
		},
		zh: {summary: '此处没有服务 {service}', hint: '用 `opsconsole status` 查看服务。'},
	},
	'restore-which-service': {
		en: {
			summary: 'several projects here have a service {service}: {known}',
			hint: 'Name the containers themselves.',
		},
		zh: {summary: '此处有多个项目包含服务 {service}：{known}', hint: '请直接指定容器名称。'},
	},
	'restore-stops-database': {
		en: {
			summary: '{service} is the database itself',
			hint: 'Name only services that write to it; without the server nothing can be restored.',
		},
		zh: {summary: '{service} 就是数据库本身', hint: '只能指定写入它的服务；没有服务器就无法恢复。'},
	},
	'restore-service-refused': {
		en: {
			summary: 'the engine refused `{command}` with status {status}',
			hint: "See the container's state and the engine's log.",
		},
		zh: {summary: '引擎拒绝 `{command}`，状态 {status}', hint: '请查看容器状态和引擎日志。'},
	},
	'restore-disk-low': {
		en: {
			summary: 'loading was ended: only {freeMiB} MiB free, {floorMiB} MiB must stay',
			hint: 'The server is unharmed and the space is free again. Make room before the next try.',
		},
		zh: {
			summary: '载入已中止：仅剩 {freeMiB} MiB，必须保留 {floorMiB} MiB',
			hint: '服务器未受影响，空间已释放。请腾出空间后再试。',
		},
	},
	'restore-load-failed': {
		en: {
			summary: 'loading failed ({status}): {cause}',
			hint: 'Nothing was changed. The message names what the server did not accept.',
		},
		zh: {
			summary: '载入失败 ({status})：{cause}',
			hint: '未做任何改动。消息说明了服务器不接受的内容。',
		},
	},
	'restore-load-memory': {
		en: {
			summary: 'loading ran out of memory ({status}): {cause}',
			hint: 'Nothing was changed. The machine has too little free memory for it now.',
		},
		zh: {summary: '载入时内存不足 ({status})：{cause}', hint: '未做任何改动。机器目前内存不足。'},
	},
	'restore-different': {
		en: {
			summary:
				'the loaded database is not what was backed up: {what} should be {expected} and is {found} ({count} differences)',
			hint: 'It was not put in place; nothing has changed. Take another backup.',
		},
		zh: {
			summary: '载入的数据库与备份不符：{what} 应为 {expected}，实为 {found}（{count} 处不同）',
			hint: '未启用；没有任何改变。请使用其他备份。',
		},
	},
	'restore-sessions-stay': {
		en: {
			summary: '{count} sessions did not end within {seconds} s',
			hint: 'The database is open again as before. See who they are: select * from pg_stat_activity',
		},
		zh: {
			summary: '{count} 个会话在 {seconds} 秒内没有结束',
			hint: '数据库已照旧开放。请查看：select * from pg_stat_activity',
		},
	},
	'restore-swapped-back': {
		en: {
			summary: 'not well after the restore: {names}; the old database was put back',
			hint: 'The data is as before the restore. Look at the log of what was not well.',
		},
		zh: {
			summary: '恢复后不正常：{names}；已换回旧数据库',
			hint: '数据与恢复前相同。请查看异常部分的日志。',
		},
	},
	'kept-missing': {
		en: {
			summary: 'there is no kept database {name}',
			hint: 'Kept now: {known}',
		},
		zh: {summary: '没有保留的数据库 {name}', hint: '目前保留：{known}'},
	},
	'kept-changed': {
		en: {
			summary: '{name} is not the database that was shown',
			hint: 'Nothing was deleted. Look again and make a new plan.',
		},
		zh: {summary: '{name} 不是所显示的数据库', hint: '未删除任何内容。请重新查看并制定计划。'},
	},
	'restore-table-unknown': {
		en: {
			summary: 'the backup has no {what}',
			hint: 'It has: {known}',
		},
		zh: {summary: '备份中没有 {what}', hint: '其中有：{known}'},
	},
	'restore-table-no-database': {
		en: {
			summary: 'there is no database {database} to put it into',
			hint: 'Restore the whole database: `opsconsole restore database`.',
		},
		zh: {
			summary: '没有可放入的数据库 {database}',
			hint: '请恢复整个数据库：`opsconsole restore database`。',
		},
	},
	'import-no-file': {
		en: {
			summary: '{file} cannot be read: {cause}',
			hint: 'Name a regular file with its whole path.',
		},
		zh: {summary: '无法读取 {file}：{cause}', hint: '请用完整路径指定普通文件。'},
	},
	'import-empty': {
		en: {
			summary: '{file} is empty',
			hint: 'The backup that made it failed (a full disk, a wrong name). Nothing can be restored from it.',
		},
		zh: {summary: '{file} 为空', hint: '生成它的备份失败了（磁盘已满、名称错误）。无法从中恢复。'},
	},
	'import-unknown': {
		en: {
			summary: '{file} is no dump of PostgreSQL',
			hint: 'Accepted: pg_dump -Fc, and plain .sql or .sql.gz of pg_dump.',
		},
		zh: {
			summary: '{file} 不是 PostgreSQL 转储',
			hint: '可接受：pg_dump -Fc，以及 pg_dump 的 .sql 或 .sql.gz。',
		},
	},
	'import-broken-gzip': {
		en: {
			summary: '{file} breaks off or is damaged: {cause}',
			hint: 'Look for another copy of it. What is there must not be restored: it would be half a database.',
		},
		zh: {
			summary: '{file} 中断或损坏：{cause}',
			hint: '请寻找其他副本。不可恢复：那只是半个数据库。',
		},
	},
	'import-truncated': {
		en: {
			summary: '{file} is not whole: it does not end with "PostgreSQL database dump complete"',
			hint: 'Look for another copy of it. What is there must not be restored: it would be half a database.',
		},
		zh: {
			summary: '{file} 不完整：结尾没有 "PostgreSQL database dump complete"',
			hint: '请寻找其他副本。不可恢复：那只是半个数据库。',
		},
	},
	'import-commands': {
		en: {
			summary: '{file} contains commands for the client in line {line}: {text}',
			hint: 'It could run programs here. Take it out of the file if you know what it is, and import it again.',
		},
		zh: {
			summary: '{file} 第 {line} 行含有客户端命令：{text}',
			hint: '它可能在此运行程序。若清楚其含义，请从文件中删除后重新导入。',
		},
	},
	'import-program': {
		en: {
			summary: '{file} runs a program on the server in line {line}: {text}',
			hint: 'No dump of pg_dump does that. Take it out of the file if you know what it is, and import it again.',
		},
		zh: {
			summary: '{file} 第 {line} 行在服务器上运行程序：{text}',
			hint: 'pg_dump 的转储不会这样。若清楚其含义，请从文件中删除后重新导入。',
		},
	},
	'import-too-large': {
		en: {
			summary: '{file} unpacks to more than {limitGiB} GiB',
			hint: 'It was not imported. If it is right, raise the limit with --max-gib.',
		},
		zh: {
			summary: '{file} 解压后超过 {limitGiB} GiB',
			hint: '未导入。若确实如此，请用 --max-gib 提高上限。',
		},
	},
	'import-no-image': {
		en: {
			summary: 'there is no container of a PostgreSQL server whose image could be used',
			hint: 'Foreign dumps are opened only in a container without network.',
		},
		zh: {
			summary: '没有可用其镜像的 PostgreSQL 容器',
			hint: '外来转储只在无网络的容器中打开。',
		},
	},
	'import-failed': {
		en: {
			summary: 'the dump could not be loaded in the closed container: {cause}',
			hint: 'No live database was touched. The message names what is wrong with the dump.',
		},
		zh: {
			summary: '无法在隔离容器中载入该转储：{cause}',
			hint: '未触碰任何线上数据库。消息说明了问题。',
		},
	},
	'session-gone': {
		en: {
			summary: 'session {pid} has ended, or its number belongs to another one now',
			hint: 'Nothing was done. Look at the list again.',
		},
		zh: {
			summary: '会话 {pid} 已结束，或该编号已属于其他会话',
			hint: '未做任何操作。请重新查看列表。',
		},
	},
	'session-protected': {
		en: {
			summary: 'session {pid} is not ended from here: {why}',
			hint: 'Own sessions, replication and running operations are left alone. Those of a superuser are ended only where you say so: a wizard asks for it next, the command line takes --superusers.',
		},
		zh: {
			summary: '不能从这里结束会话 {pid}：{why}',
			hint: '不触碰自身会话、复制和正在进行的操作；超级用户的会话须经你确认才结束：向导下一步会询问；命令行请加 --superusers。',
		},
	},
	'sessions-none': {
		en: {
			summary: 'no session fits',
			hint: 'Nothing was done. Widen the filter, or look at the list.',
		},
		zh: {summary: '没有符合条件的会话', hint: '未做任何操作。请放宽条件或查看列表。'},
	},
	'sessions-superuser': {
		en: {
			summary: 'sessions that fit: {count}, all of a superuser ({users})',
			hint: 'They are ended only where you say so: a wizard asks for it next; on the command line: opsconsole postgres terminate … --superusers, with a superuser as the role of opsconsole.',
		},
		zh: {
			summary: '符合条件的 {count} 个会话都属于超级用户（{users}）',
			hint: '须经你确认才会结束：向导下一步会询问；命令行：opsconsole postgres terminate … --superusers，且 opsconsole 的角色须为超级用户。',
		},
	},
	'care-no-relation': {
		en: {
			summary: '{database} has no {kind} {name}',
			hint: 'Name it with its schema: public.orders',
		},
		zh: {summary: '{database} 中没有 {kind} {name}', hint: '请带上模式名：public.orders'},
	},
	'care-nothing-dead': {
		en: {
			summary: 'no table has {percent} % or more dead rows',
			hint: 'Nothing to do. Name a table to vacuum it all the same.',
		},
		zh: {summary: '没有表的死元组达到 {percent} %', hint: '无需处理。也可指定表名强制清理。'},
	},
	'care-standby': {
		en: {
			summary: 'this server is a standby',
			hint: 'Do it on its primary; the standby follows by itself.',
		},
		zh: {summary: '此服务器是备库', hint: '请在主库上执行；备库会自动跟随。'},
	},
	'care-old-version': {
		en: {
			summary: 'PostgreSQL {here} cannot do this; it came with version {wanted}',
			hint: 'Plan it for a quiet hour by hand, or upgrade the server.',
		},
		zh: {
			summary: 'PostgreSQL {here} 不支持；从 {wanted} 起可用',
			hint: '请在空闲时段手动处理，或升级服务器。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
