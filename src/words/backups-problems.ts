import type {ProblemWords} from './words.ts';

/** What can go wrong with backups: what failed, and what to do next. */
export const backupsProblems = {
	'backups-folder-missing': {
		en: {
			summary: 'backup folder {folder} does not exist',
			hint: 'Either no backup ran yet, its disk is not mounted, or the path is wrong; check with `ls -ld {folder}` and correct `backups` in opsconsole.yaml.',
		},
		zh: {
			summary: '备份目录 {folder} 不存在',
			hint: '可能尚未做过备份、磁盘未挂载，或路径有误；请用 `ls -ld {folder}` 检查，并修改 opsconsole.yaml 中的 `backups`。',
		},
	},
	'backups-no-permission': {
		en: {
			summary: 'no right to read backup folder {folder}',
			hint: 'Grant reading to this user: `sudo setfacl -m u:$USER:rx {folder}`.',
		},
		zh: {
			summary: '无权读取备份目录 {folder}',
			hint: '请授予当前用户读取权限：`sudo setfacl -m u:$USER:rx {folder}`。',
		},
	},
	'backups-not-a-folder': {
		en: {
			summary: '{folder} is not a folder',
			hint: 'Set `folder` of this backup set in opsconsole.yaml to the folder that holds the files.',
		},
		zh: {
			summary: '{folder} 不是目录',
			hint: '请把 opsconsole.yaml 中该备份集的 `folder` 改为存放备份文件的目录。',
		},
	},
	'backups-unreadable': {
		en: {
			summary: 'backup folder {folder} could not be read: {cause}',
			hint: 'Check the disk or the network share behind it with `ls -l {folder}`.',
		},
		zh: {
			summary: '无法读取备份目录 {folder}：{cause}',
			hint: '请用 `ls -l {folder}` 检查其所在磁盘或网络共享。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
