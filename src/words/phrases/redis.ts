/** Sentences of the operations on Redis. */
export const redisPhrases = {
	'op-backup-redis': {en: 'back up Redis {server}', zh: '备份 Redis {server}'},
	'op-restore-redis': {
		en: 'restore Redis {server} from {backup}',
		zh: '从 {backup} 恢复 Redis {server}',
	},
	'op-set-redis-memory': {
		en: 'set maxmemory of {server} to {value}',
		zh: '将 {server} 的 maxmemory 设为 {value}',
	},
	'op-set-redis-policy': {
		en: 'set the eviction policy of {server} to {value}',
		zh: '将 {server} 的淘汰策略设为 {value}',
	},
	'op-set-redis-save': {
		en: 'set the save points of {server} to “{value}”',
		zh: '将 {server} 的保存点设为“{value}”',
	},
	'op-delete-redis-keys': {
		en: 'delete the keys of {server} that start with {prefix}',
		zh: '删除 {server} 中以 {prefix} 开头的键',
	},
	'title-backup-redis': {en: 'back up Redis', zh: '备份 Redis'},
	'title-restore-redis': {en: 'restore Redis from a backup', zh: '从备份恢复 Redis'},
	'title-set-redis-memory': {en: 'set maxmemory', zh: '设置 maxmemory'},
	'title-set-redis-policy': {en: 'set the eviction policy', zh: '设置淘汰策略'},
	'title-set-redis-save': {en: 'set the save points', zh: '设置保存点'},
	'title-delete-redis-keys': {en: 'delete keys by prefix', zh: '按前缀删除键'},
	'step-redis-save': {
		en: 'let {server} save (BGSAVE) and wait for that very save',
		zh: '让 {server} 保存（BGSAVE）并等待该次保存完成',
	},
	'step-redis-copy': {
		en: 'copy {file} and check its format and checksum',
		zh: '复制 {file} 并检查格式与校验和',
	},
	'step-redis-prove': {
		en: 'read the copy with redis-check-rdb, load it into a scratch server and count its keys',
		zh: '用 redis-check-rdb 读取副本，并加载到临时服务器统计键数',
	},
	'step-redis-scratch': {
		en: 'load the backup into a scratch server and compare its keys with the manifest',
		zh: '将备份加载到临时服务器，并与清单比对键数',
	},
	'step-redis-replicate': {
		en: 'let {server} copy the data of the scratch server; its old data stays until everything has arrived',
		zh: '让 {server} 从临时服务器复制数据；全部到达之前保留旧数据',
	},
	'step-redis-promote': {en: 'make {server} a master again', zh: '将 {server} 恢复为主节点'},
	'step-redis-settle': {
		en: 'wait until the data is on the disk of {server} (AOF, BGSAVE)',
		zh: '等待数据写入 {server} 的磁盘（AOF、BGSAVE）',
	},
	'step-redis-clean': {en: 'remove the scratch server', zh: '移除临时服务器'},
	'step-redis-set': {
		en: 'set {setting} of {server} from {before} to {value}',
		zh: '将 {server} 的 {setting} 由 {before} 设为 {value}',
	},
	'step-redis-set-room': {
		en: 'set {setting} of {server} from {before} to {value}; it holds {used}, {available} of memory are free here',
		zh: '将 {server} 的 {setting} 由 {before} 设为 {value}；当前使用 {used}，本机可用内存 {available}',
	},
	'step-redis-set-limit': {
		en: 'set {setting} of {server} from {before} to {value}; it holds {used}, {available} of memory are free here, its container may take {limit}',
		zh: '将 {server} 的 {setting} 由 {before} 设为 {value}；当前使用 {used}，本机可用内存 {available}，容器上限 {limit}',
	},
	'step-redis-rewrite': {
		en: 'write it into the configuration file of {server} (CONFIG REWRITE)',
		zh: '写入 {server} 的配置文件（CONFIG REWRITE）',
	},
	'step-redis-delete': {
		en: 'delete (UNLINK) the keys of database {database} that start with {prefix}, {slice} at a time',
		zh: '逐批（每批 {slice} 个）删除（UNLINK）数据库 {database} 中以 {prefix} 开头的键',
	},
	'undo-restore-redis': {
		en: 'restore the safety backup {backup}, which is made first',
		zh: '恢复事先创建的安全备份 {backup}',
	},
	'undo-redis-set': {
		en: 'set {setting} back to {before}',
		zh: '将 {setting} 恢复为 {before}',
	},
	'undo-redis-delete': {
		en: 'deleted keys do not come back; restore a backup if you have one',
		zh: '已删除的键无法恢复；如有备份可从备份恢复',
	},
	'why-redis-basis': {
		en: 'measured 2.6 s for a million small keys; writes are refused meanwhile, reads are answered',
		zh: '实测每百万小键 2.6 秒；期间拒绝写入，读取照常',
	},
	'why-redis-keys': {
		en: '{count} of {total} keys start so; for example {sample}',
		zh: '{total} 个键中有 {count} 个以此开头；例如 {sample}',
	},
	'warn-redis-replaced': {
		en: 'all {keys} keys of {server} are replaced by the {backupKeys} keys of the backup of {at}; what was written since is lost',
		zh: '{server} 的全部 {keys} 个键将被 {at} 备份中的 {backupKeys} 个键替换；此后写入的数据会丢失',
	},
	'warn-redis-other-source': {
		en: 'the backup was made of another server ({source}) in {environment}',
		zh: '该备份来自另一台服务器（{source}），环境 {environment}',
	},
	'warn-redis-replicas': {
		en: '{count} replicas will take over the restored data',
		zh: '{count} 个副本将同步恢复后的数据',
	},
	'warn-redis-expired': {
		en: '{count} keys of the backup have expired since and are not restored',
		zh: '备份中有 {count} 个键已过期，不再恢复',
	},
	'warn-redis-not-persisted': {
		en: '{setting} is set in the running server only ({cause}); a restart brings the old value back',
		zh: '{setting} 仅在运行中的服务器上生效（{cause}）；重启后会恢复旧值',
	},
	'warn-redis-below-used': {
		en: 'the server uses {used} now, more than {value}: it evicts keys ({policy}) or refuses writes at once',
		zh: '服务器当前使用 {used}，超过 {value}：会立即淘汰键（{policy}）或拒绝写入',
	},
	'warn-redis-above-host': {
		en: '{value} is more than the memory of this host ({total}); the kernel may kill the server before the limit is reached',
		zh: '{value} 超过本机内存（{total}）；达到上限之前服务器可能被内核终止',
	},
	'warn-redis-above-container': {
		en: '{value} and what Redis needs beside its data do not fit below the limit of its container ({limit}): the kernel ends it there; raise mem_limit in the Compose file first',
		zh: '{value} 加上 Redis 自身开销超出容器上限（{limit}）：达到后会被内核终止；请先在 Compose 文件中调高 mem_limit',
	},
	'warn-redis-above-available': {
		en: 'up to {value} it may take {growth} more, and this host has {available} available: others may be ended for it',
		zh: '达到 {value} 还需 {growth} 内存，而本机只剩 {available}：其他进程可能因此被内核终止',
	},
	'warn-redis-room-unknown': {
		en: 'whether {value} fits into the memory of the machine and the container of {server} cannot be seen from here',
		zh: '从这里无法判断 {server} 所在机器和容器的内存是否容得下 {value}',
	},
	'warn-redis-evicts-all': {
		en: '{share} of the sampled keys never expire and {queues} are lists or streams: {value} may evict queued tasks and sessions; volatile-lru evicts only keys with an expiry',
		zh: '抽样的键中 {share} 永不过期，{queues} 个为列表或流：{value} 可能淘汰排队任务和会话；volatile-lru 只淘汰有过期时间的键',
	},
	'warn-redis-nothing-volatile': {
		en: 'no sampled key has an expiry: with {value} nothing can be evicted and writes are refused when memory is full',
		zh: '抽样的键均无过期时间：使用 {value} 时无可淘汰的键，内存满后将拒绝写入',
	},
	'warn-redis-no-save': {
		en: 'without save points and without AOF a restart loses all {keys} keys',
		zh: '没有保存点也没有 AOF 时，重启会丢失全部 {keys} 个键',
	},
	'warn-redis-queues': {
		en: '{count} of the keys look like queues of a task broker: {sample}',
		zh: '其中 {count} 个键疑似任务队列：{sample}',
	},
	'warn-redis-cut-short': {
		en: 'more than {count} keys start with it; only these many were looked at for the plan',
		zh: '匹配的键超过 {count} 个；制定计划时只检查了这么多',
	},
	'note-redis-expired': {en: '{count} keys had expired since', zh: '有 {count} 个键已过期'},
	'note-redis-deleted': {en: '{count} keys deleted', zh: '已删除 {count} 个键'},
} as const;
