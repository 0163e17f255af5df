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
	'undo-backup': {
		en: 'delete the backup: it is a new folder and changes nothing else',
		zh: '删除该备份即可：它只是一个新目录，不改变其他任何内容',
	},
} as const;
