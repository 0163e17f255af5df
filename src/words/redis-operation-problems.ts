import type {ProblemWords} from './words.ts';

/** Why an operation on Redis is refused or failed, and what to do next. */
export const redisOperationProblems = {
	'redis-which': {
		en: {
			summary: '{asked} names no Redis server here; there are: {known}',
			hint: 'Give one of these names: opsconsole status shows them.',
		},
		zh: {
			summary: '此处没有名为 {asked} 的 Redis 服务器；现有：{known}',
			hint: '请使用其中一个名称；opsconsole status 会列出它们。',
		},
	},
	'request-value': {
		en: {summary: '{what} is not a usable value: {value}', hint: 'Expected: {expected}.'},
		zh: {summary: '{what} 的取值不可用：{value}', hint: '应为：{expected}。'},
	},
	'redis-is-loading': {
		en: {
			summary: '{server} is still loading its data',
			hint: 'Wait until it is done; nothing was changed.',
		},
		zh: {summary: '{server} 仍在加载数据', hint: '请等待加载完成；未做任何改动。'},
	},
	'redis-is-cluster': {
		en: {
			summary: '{server} is a node of a cluster',
			hint: 'Each node holds a part only; use the tools of the cluster for it.',
		},
		zh: {summary: '{server} 是集群节点', hint: '每个节点只保存一部分数据；请使用集群自带的工具。'},
	},
	'redis-is-replica': {
		en: {
			summary: '{server} is a replica of {master}',
			hint: 'Choose the master: what is restored here would be overwritten by it.',
		},
		zh: {
			summary: '{server} 是 {master} 的副本',
			hint: '请选择主节点：在此恢复的数据会被主节点覆盖。',
		},
	},
	'redis-has-replicas': {
		en: {
			summary: '{server} has {count} replicas, which would take over the restored data at once',
			hint: 'That is what you want? Then say so: --with-replicas. Otherwise detach them first.',
		},
		zh: {
			summary: '{server} 有 {count} 个副本，它们会立即同步恢复后的数据',
			hint: '如确需如此，请加 --with-replicas；否则请先断开副本。',
		},
	},
	'redis-no-path': {
		en: {
			summary: 'the files of {server} cannot be reached from here ({cause})',
			hint: 'Run opsconsole on the host of the server, where its folder can be read.',
		},
		zh: {
			summary: '无法从此处访问 {server} 的文件（{cause}）',
			hint: '请在该服务器所在主机上运行 opsconsole，并确保可读取其目录。',
		},
	},
	'redis-no-program': {
		en: {
			summary: '{program} is not installed on this host, so the dump cannot be proven',
			hint: 'Install the same version as the server’s: apt-get install redis-server (and disable its service).',
		},
		zh: {
			summary: '本机未安装 {program}，无法验证转储文件',
			hint: '请安装与服务器相同的版本：apt-get install redis-server（并停用其服务）。',
		},
	},
	'redis-no-memory': {
		en: {
			summary: '{what} needs {needed}, and {free} are free',
			hint: 'Free memory first, or do it at a quieter time; nothing was changed.',
		},
		zh: {
			summary: '{what} 需要 {needed}，可用 {free}',
			hint: '请先释放内存，或在空闲时段执行；未做任何改动。',
		},
	},
	'redis-no-space': {
		en: {
			summary: '{folder} has {free} free, and {needed} are needed',
			hint: 'Free space there first; nothing was changed.',
		},
		zh: {
			summary: '{folder} 可用 {free}，需要 {needed}',
			hint: '请先在该处释放空间；未做任何改动。',
		},
	},
	'redis-maxmemory-too-small': {
		en: {
			summary: 'the backup needs {needed} of memory, and maxmemory of {server} is {limit}',
			hint: 'Raise it first: opsconsole redis memory. Otherwise the restored keys would be evicted or refused.',
		},
		zh: {
			summary: '该备份需要 {needed} 内存，而 {server} 的 maxmemory 为 {limit}',
			hint: '请先调高：opsconsole redis memory。否则恢复的键会被淘汰或拒绝写入。',
		},
	},
	'redis-dump-too-new': {
		en: {
			summary: 'the backup has dump format {format}; {server} ({version}) loads up to {newest}',
			hint: 'Restore it into a server of the version that made it, or a later one.',
		},
		zh: {
			summary: '备份的转储格式为 {format}；{server}（{version}）最高支持 {newest}',
			hint: '请恢复到生成该备份的版本或更新版本的服务器。',
		},
	},
	'redis-tls-replication': {
		en: {
			summary: '{server} speaks TLS with its master (tls-replication), which a restore cannot use',
			hint: 'Turn it off while restoring: redis-cli config set tls-replication no.',
		},
		zh: {
			summary: '{server} 与主节点之间使用 TLS（tls-replication），恢复无法使用',
			hint: '请在恢复期间关闭：redis-cli config set tls-replication no。',
		},
	},
	'redis-own-save-failed': {
		en: {
			summary: '{server} could not save ({cause}); no backup was published, the old ones stay',
			hint: 'Read the server’s log; usually its disk is full or its folder cannot be written.',
		},
		zh: {
			summary: '{server} 保存失败（{cause}）；未发布备份，旧备份保留',
			hint: '请查看服务器日志；通常是磁盘已满或目录不可写。',
		},
	},
	'redis-bad-dump': {
		en: {
			summary: 'the dump {file} is damaged or no dump ({fault})',
			hint: 'It was not used. Make the backup again, or take another one.',
		},
		zh: {
			summary: '转储文件 {file} 已损坏或不是转储（{fault}）',
			hint: '未使用该文件。请重新备份或改用其他备份。',
		},
	},
	'redis-old-dump': {
		en: {
			summary: 'the dump of {server} is from {at}, before this save began',
			hint: 'The server writes to another place than it says; check `dir` and `dbfilename`.',
		},
		zh: {
			summary: '{server} 的转储时间为 {at}，早于本次保存',
			hint: '服务器实际写入的位置与其声明不符；请检查 `dir` 和 `dbfilename`。',
		},
	},
	'redis-scratch-failed': {
		en: {
			summary: 'the scratch server did not load the dump: {cause}',
			hint: 'The live server was not touched. The dump may be of a newer version, or memory is short.',
		},
		zh: {
			summary: '临时服务器未能加载转储：{cause}',
			hint: '线上服务器未受影响。转储可能来自更新的版本，或内存不足。',
		},
	},
	'redis-wrong-keys': {
		en: {
			summary: '{where} has {found}, and the backup has {expected}',
			hint: 'The data is not what the manifest says; take another backup.',
		},
		zh: {
			summary: '{where} 为 {found}，而备份为 {expected}',
			hint: '数据与清单不符；请改用其他备份。',
		},
	},
	'redis-not-synced': {
		en: {
			summary: '{server} did not take over the data: {cause}',
			hint: 'It keeps its old data and is a master again. Look into its log for the cause.',
		},
		zh: {
			summary: '{server} 未能接收数据：{cause}',
			hint: '它保留原有数据并恢复为主节点。请查看其日志。',
		},
	},
	'redis-unclear': {
		en: {
			summary:
				'{server} was restarted in the middle; its keys are neither those of before nor those of the backup',
			hint: 'Look at its keys. The data of before is in the safety backup {backup}: opsconsole restore redis {backup}.',
		},
		zh: {
			summary: '{server} 在中途被重启；其键既不同于之前，也不同于备份',
			hint: '请检查其中的键。之前的数据在安全备份 {backup} 中：opsconsole restore redis {backup}。',
		},
	},
	'redis-not-master': {
		en: {
			summary: '{server} is still a replica of the scratch server: {cause}',
			hint: 'Do it by hand: redis-cli replicaof no one.',
		},
		zh: {
			summary: '{server} 仍是临时服务器的副本：{cause}',
			hint: '请手动执行：redis-cli replicaof no one。',
		},
	},
	'redis-not-persisted': {
		en: {
			summary: 'the restored data of {server} is only in memory: {cause}',
			hint: 'Do not restart it. Free its disk, then: redis-cli bgrewriteaof; redis-cli bgsave.',
		},
		zh: {
			summary: '{server} 恢复后的数据仅在内存中：{cause}',
			hint: '请勿重启。先释放磁盘，再执行：redis-cli bgrewriteaof; redis-cli bgsave。',
		},
	},
	'redis-pattern-too-wide': {
		en: {
			summary: 'the prefix {prefix} is too short or has wildcards',
			hint: 'Give at least {least} characters that stand for themselves, as in session:old: .',
		},
		zh: {
			summary: '前缀 {prefix} 太短或含有通配符',
			hint: '请给出至少 {least} 个普通字符，例如 session:old: 。',
		},
	},
	'redis-nothing-matches': {
		en: {
			summary: 'no key of database {database} starts with {prefix}',
			hint: 'Nothing to delete. Look at the keys with the Redis view of the console.',
		},
		zh: {
			summary: '数据库 {database} 中没有以 {prefix} 开头的键',
			hint: '无需删除。可在控制台的 Redis 视图中查看键。',
		},
	},
	'redis-not-set': {
		en: {
			summary: '{setting} of {server} is {found} after it was set to {wanted}',
			hint: 'Something else changes it too; look for a configuration tool.',
		},
		zh: {
			summary: '{server} 的 {setting} 设为 {wanted} 后仍为 {found}',
			hint: '可能有其他程序也在修改；请检查配置管理工具。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
