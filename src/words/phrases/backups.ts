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
	'title-backup-database': {en: 'back up database {database}', zh: '备份数据库 {database}'},
	'title-backup-database-any': {en: 'back up a database', zh: '备份数据库'},
	'backup-verified-read': {
		en: '{entries} objects read back, {tables} tables counted',
		zh: '已读回 {entries} 个对象，统计 {tables} 张表',
	},
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
	'warn-backup-waiting': {
		en: 'process {pid} ({application}) waits for the backup; it is stopped if this goes on',
		zh: '进程 {pid}（{application}）正在等待备份；若持续等待将停止备份',
	},
	'undo-backup': {
		en: 'delete the backup: it is a new folder and changes nothing else',
		zh: '删除该备份即可：它只是一个新目录，不改变其他任何内容',
	},
} as const;
