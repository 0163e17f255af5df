import {failureOf, number, oneOf, text, truth} from '../field.ts';
import type {LookDeclaration} from '../look.ts';

/** Looks at backups. */
export const backupLooks = {
	'backup.sets': {
		title: {en: 'All sets of backups', zh: '全部备份集'},
		on: 'stack',
		from: {
			en: 'the backup folders and the catalogue of opsconsole',
			zh: '备份目录与 opsconsole 备份目录册',
		},
		fields: {
			sets: number('count', 'Sets', '备份集数'),
			overdue: number('count', 'Overdue', '逾期'),
			'first-overdue': text('First overdue', '第一个逾期的'),
			suspicious: number('count', 'Suspicious', '可疑'),
			'first-suspicious': text('First suspicious', '第一个可疑的'),
			unproven: number('count', 'Unproven', '未经验证'),
			'first-unproven': text('First unproven', '第一个未验证的'),
			'next-proof': text('Backup to be proven next', '下一个要验证的备份'),
			never: number('count', 'Sets without any backup', '从未有备份的备份集'),
			'first-never': text('First of them', '其中第一个'),
			unreadable: number('count', 'Sets that could not be read', '无法读取的备份集'),
			'newest-age': number('seconds', 'Age of the newest', '最新备份距今'),
			'database-age': number('seconds', 'Age of the newest of a database', '最新数据库备份距今'),
			'total-bytes': number('bytes', 'All backups', '全部备份大小'),
			'folder-free': number('bytes', 'Free where opsconsole keeps them', '备份目录剩余空间'),
			'fits-another': truth('There is room for another set of backups', '空间足够再做一轮备份'),
		},
	},
	'backup.set': {
		title: {en: 'Set of backups', zh: '备份集'},
		on: 'backup',
		from: {
			en: 'its folder, or the catalogue of opsconsole',
			zh: '其目录，或 opsconsole 备份目录册',
		},
		fields: {
			'is-readable': truth('Its folder can be read', '目录可读'),
			failure: failureOf(
				['none', 'no-folder', 'no-right', 'other'],
				'Trouble reading it',
				'读取故障',
			),
			kind: oneOf(['database', 'redis', 'configuration', 'files', 'logs'], 'Kind', '类型'),
			count: number('count', 'Backups', '备份数'),
			newest: text('Newest', '最新备份'),
			age: number('seconds', 'Age of the newest', '最新备份距今'),
			'max-age': number('seconds', 'Oldest that it may be', '允许的最大时长'),
			'is-overdue': truth('Overdue', '逾期'),
			bytes: number('bytes', 'Size of the newest', '最新备份大小'),
			'size-ratio': number('ratio', 'Size against the usual one', '与通常大小之比'),
			'is-suspicious': truth('Suspicious: empty or far too small', '可疑：为空或过小'),
			'is-own': truth('Made by opsconsole', '由 opsconsole 制作'),
			'is-unproven': truth('Unproven', '未经验证'),
			'proof-level': number('count', 'How far it is proven (0 to 4)', '验证级别（0 至 4）'),
			'proof-age': number('seconds', 'Since the proof', '距上次验证'),
			'restored-age': number('seconds', 'Since one was restored for proof', '距上次恢复演练'),
			'total-bytes': number('bytes', 'All of the set', '整个备份集大小'),
			'folder-free': number('bytes', 'Free in its folder', '目录剩余空间'),
		},
	},
} as const satisfies Readonly<Record<string, LookDeclaration>>;
