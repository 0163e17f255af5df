/** Steps, warnings and results of backups, their verification and retention. */
export const backupPhrases = {
	'step-backup-prepare': {
		en: 'make the folder of the new backup in {series}',
		zh: '在 {series} 中创建新备份的目录',
	},
	'step-backup-publish': {
		en: 'write the manifest and publish the backup as {id}',
		zh: '写入清单并将备份发布为 {id}',
	},
	'step-dump': {
		en: 'dump {database} in one snapshot and count its rows',
		zh: '在同一快照中转储 {database} 并统计行数',
	},
	'step-dump-hashed': {
		en: 'dump {database} in one snapshot, count its rows and hash their content',
		zh: '在同一快照中转储 {database}，统计行数并计算内容哈希',
	},
	'step-dump-check': {
		en: 'read the whole dump back and compute its checksum',
		zh: '完整读回转储文件并计算校验和',
	},
	'title-backup-everything': {
		en: 'back up everything: {count} backups',
		zh: '备份全部：{count} 个备份',
	},
	'title-backup-everything-any': {en: 'back up everything', zh: '备份全部'},
	'step-backup-part': {en: '{name}', zh: '{name}'},
	'step-backup-sum': {en: 'look how each of them ended', zh: '查看各备份的结果'},
	'note-backup-part': {en: '{name}: {id}', zh: '{name}：{id}'},
	'warn-backup-part': {en: '{name}: {outcome}: {cause}', zh: '{name}：{outcome}：{cause}'},
	'title-backup-database': {en: 'back up database {database}', zh: '备份数据库 {database}'},
	'title-backup-database-any': {en: 'back up a database', zh: '备份数据库'},
	'warn-backup-standby': {
		en: 'this server is a standby: the backup may be behind the primary, and a conflict with recovery may end it',
		zh: '此服务器为备库：备份可能落后于主库，恢复冲突可能使其中止',
	},
	'warn-backup-same-disk': {
		en: 'the backups are on the same disk as the database: if it is lost, both are',
		zh: '备份与数据库位于同一磁盘：磁盘损坏时两者会同时丢失',
	},
	'warn-backup-counts-only': {
		en: 'tables hold {size}, more than the limit of {limit}: rows are counted, their content is not hashed',
		zh: '表大小为 {size}，超过 {limit} 上限：只统计行数，不计算内容哈希',
	},
	'warn-backup-suspicious': {
		en: 'the backup is {size}, less than half of the usual {usual}: nothing is deleted until this was looked at',
		zh: '备份大小为 {size}，不足平常 {usual} 的一半：在确认之前不会删除任何旧备份',
	},
	'warn-backup-newer-program': {
		en: 'this server (PostgreSQL {server}) cannot load what pg_dump {program} wrote: install pg_dump {server}, or restore into version {program}',
		zh: '此服务器（PostgreSQL {server}）无法加载 pg_dump {program} 写出的转储：请安装 pg_dump {server}，或恢复到版本 {program}',
	},
	'warn-backup-tables': {
		en: 'the backup has {count} tables, less than half of the usual {usual}: nothing is deleted until this was looked at',
		zh: '备份包含 {count} 张表，不足平常 {usual} 张的一半：在确认之前不会删除任何旧备份',
	},
	'warn-backup-rows': {
		en: 'all tables of the backup are empty, {usual} rows are usual: nothing is deleted until this was looked at',
		zh: '备份中所有表均为空，平常约有 {usual} 行：在确认之前不会删除任何旧备份',
	},
	'warn-backup-other-server': {
		en: 'the backup is of another server ({here}) than the one before it ({from}): nothing is deleted until this was looked at',
		zh: '备份来自另一台服务器（{here}），与上一个备份（{from}）不同：在确认之前不会删除任何旧备份',
	},
	'warn-backup-waiting': {
		en: 'process {pid} ({application}) waits for the backup; it is stopped if this goes on',
		zh: '进程 {pid}（{application}）正在等待备份；若持续等待将停止备份',
	},
	'retention-pinned': {en: 'pinned', zh: '已固定'},
	'retention-in-use': {en: 'an unfinished operation works with it', zh: '有未完成的操作正在使用'},
	'retention-newest': {en: 'the newest', zh: '最新的备份'},
	'retention-proven': {
		en: 'the newest that was restored for proof',
		zh: '最新一个经恢复验证的备份',
	},
	'retention-safety': {en: 'safety backup, younger than 14 days', zh: '安全备份，未满 14 天'},
	'retention-minimum': {en: 'one of the fewest that must stay', zh: '属于必须保留的最少数量'},
	'retention-last': {en: 'one of the last', zh: '属于最近的备份'},
	'retention-daily': {en: 'the last of its day', zh: '当天最后一个'},
	'retention-weekly': {en: 'the last of its week', zh: '当周最后一个'},
	'retention-monthly': {en: 'the last of its month', zh: '当月最后一个'},
	'retention-unproven': {
		en: 'not verified, but younger than what stays',
		zh: '未经验证，但比保留的备份更新',
	},
	'retention-refused': {en: 'nothing of its series is deleted now', zh: '该系列目前不删除任何备份'},
	'retention-expired': {en: 'no rule keeps it any longer', zh: '不再符合任何保留规则'},
	'retention-unproven-old': {
		en: 'never verified, and older than all that stays',
		zh: '从未验证，且比所有保留的备份更旧',
	},
	'retention-trash': {en: 'in the trash for more than a day', zh: '已在回收目录中超过一天'},
	'title-prune-backups': {en: 'take out {count} old backups', zh: '清理 {count} 个旧备份'},
	'title-prune-backups-any': {en: 'take out old backups', zh: '清理旧备份'},
	'step-retention-trash': {
		en: 'move {count} backups into the trash of the backup folder',
		zh: '将 {count} 个备份移入备份目录的回收区',
	},
	'step-retention-unlink': {
		en: 'delete {count} backups that were in the trash for a day',
		zh: '删除已在回收区超过一天的 {count} 个备份',
	},
	'undo-prune': {
		en: 'what is moved stays in the .trash folder for a day: move it back by hand; what is deleted from there is gone',
		zh: '移出的备份会在 .trash 目录中保留一天，可手工移回；从中删除的无法恢复',
	},
	'warn-retention-newest': {
		en: 'nothing of {series} is deleted: its newest backup {id} is not verified, or suspicious',
		zh: '{series} 不删除任何备份：其最新备份 {id} 未经验证或可疑',
	},
	'warn-retention-size': {
		en: 'the backups that stay are {size} over the limit',
		zh: '保留的备份超出上限 {size}',
	},
	'title-pin': {en: 'keep backup {id} for ever', zh: '永久保留备份 {id}'},
	'title-pin-any': {en: 'keep a backup for ever', zh: '永久保留备份'},
	'title-unpin': {en: 'leave backup {id} to retention again', zh: '取消固定备份 {id}'},
	'title-unpin-any': {en: 'leave a backup to retention again', zh: '取消固定备份'},
	'undo-pin': {en: 'unpin {id}', zh: '取消固定 {id}'},
	'undo-unpin': {en: 'pin {id} again', zh: '重新固定 {id}'},
	'title-verify-backup': {
		en: 'verify backup {id} up to level {level}',
		zh: '校验备份 {id}（至 {level} 级）',
	},
	'title-verify-backup-any': {en: 'verify a backup', zh: '校验备份'},
	'step-verify-files': {
		en: 'compare the checksums of {count} files',
		zh: '核对 {count} 个文件的校验和',
	},
	'step-verify-read': {en: 'read the whole archive', zh: '完整读取归档'},
	'step-verify-restore': {
		en: 'restore into a throw-away server and compare {tables} tables',
		zh: '恢复到临时服务器并比对 {tables} 张表',
	},
	'step-verify-assert': {en: 'check {count} assertions', zh: '检查 {count} 条断言'},
	'step-verify-drop': {en: 'remove the throw-away server', zh: '删除临时服务器'},
	'step-verify-record': {
		en: 'write down that {id} is proven at level {level}',
		zh: '记录 {id} 已通过 {level} 级验证',
	},
	'undo-verify': {en: 'nothing is changed but the record', zh: '除记录外不作任何改变'},
	'undo-backup': {
		en: 'delete the backup: it is a new folder and changes nothing else',
		zh: '删除该备份即可：它只是一个新目录，不改变其他任何内容',
	},
} as const;
