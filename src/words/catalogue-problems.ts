import type {ProblemWords} from './words.ts';

/** What can go wrong with our own catalogue of backups: cause and next step. */
export const catalogueProblems = {
	'catalogue-folder': {
		en: {
			summary: 'backup folder {folder} cannot be used: {cause}',
			hint: 'It must be a folder of this user with mode 0700 and no link in its path; correct it or set `storage.backups` in opsconsole.yaml.',
		},
		zh: {
			summary: '无法使用备份目录 {folder}：{cause}',
			hint: '该目录须属于当前用户、权限为 0700，且路径中不能有链接；请更正，或在 opsconsole.yaml 中设置 `storage.backups`。',
		},
	},
	'catalogue-foreign': {
		en: {
			summary: '{folder} belongs to another program or a later version of opsconsole',
			hint: 'Its file .opsconsole is not understood; use another folder or the version of opsconsole that made it.',
		},
		zh: {
			summary: '{folder} 属于其他程序或更高版本的 opsconsole',
			hint: '无法识别其中的 .opsconsole 文件；请改用其他目录，或使用创建它的 opsconsole 版本。',
		},
	},
	'catalogue-space': {
		en: {
			summary: 'not enough room in {folder}: {needed} needed, {free} free',
			hint: 'Free space, let `opsconsole prune` remove old backups, or set `storage.backups` to a larger disk.',
		},
		zh: {
			summary: '{folder} 空间不足：需要 {needed}，可用 {free}',
			hint: '请释放空间、用 `opsconsole prune` 清理旧备份，或将 `storage.backups` 设到更大的磁盘。',
		},
	},
	'backup-not-found': {
		en: {
			summary: 'there is no backup {id} in {folder}',
			hint: 'List what is there with `opsconsole backups`.',
		},
		zh: {
			summary: '{folder} 中没有备份 {id}',
			hint: '请用 `opsconsole backups` 列出现有备份。',
		},
	},
	'backup-damaged': {
		en: {
			summary: 'backup {id} cannot be used: {cause}',
			hint: 'Do not restore from it; verify the others with `opsconsole verify all` and make a new one.',
		},
		zh: {
			summary: '备份 {id} 不可用：{cause}',
			hint: '请勿用它恢复；用 `opsconsole verify all` 校验其他备份，并重新备份。',
		},
	},
	'backup-not-published': {
		en: {
			summary: 'backup could not be published: {cause}',
			hint: 'Nothing was kept; older backups are untouched. Check the disk behind {folder} and run it again.',
		},
		zh: {
			summary: '备份无法发布：{cause}',
			hint: '未保留任何内容，旧备份未受影响。请检查 {folder} 所在磁盘后重试。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
