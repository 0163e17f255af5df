import type {Words} from './words.ts';

/** What the commands that only look print: the list of backups, and the way back to a point in time. */
export const listWords = {
	'no-backups': {en: 'There is no backup in {folder} yet.', zh: '{folder} 中还没有备份。'},
	id: {en: 'ID', zh: '编号'},
	kind: {en: 'KIND', zh: '类型'},
	time: {en: 'TIME', zh: '时间'},
	age: {en: 'AGE', zh: '年龄'},
	size: {en: 'SIZE', zh: '大小'},
	ratio: {en: 'OF MEDIAN', zh: '比中位数'},
	proof: {en: 'PROVEN', zh: '验证'},
	marks: {en: 'NOTES', zh: '备注'},
	'kind.database': {en: 'database', zh: '数据库'},
	'kind.redis': {en: 'redis', zh: 'redis'},
	'kind.files': {en: 'files', zh: '文件'},
	'kind.logs': {en: 'logs', zh: '日志'},
	proven: {en: 'L{level}, {age}', zh: 'L{level}，{age}'},
	unproven: {en: 'NO', zh: '未验证'},
	bad: {en: 'BAD (L{level}, {age})', zh: '损坏（L{level}，{age}）'},
	pinned: {en: 'pinned', zh: '已固定'},
	suspicious: {en: 'SUSPICIOUS', zh: '可疑'},
	safety: {en: 'before a change', zh: '变更前'},
	damaged: {en: 'DAMAGED {series}/{id}: {cause}', zh: '已损坏 {series}/{id}：{cause}'},
	unfinished: {
		en: '{series}/{id}: not finished (being written, or left by a crash)',
		zh: '{series}/{id}：未完成（正在写入，或崩溃后遗留）',
	},
	trash: {en: 'in the trash: {count}', zh: '回收站中：{count}'},
	truncated: {
		en: 'there is more in this folder than is read',
		zh: '该目录内容过多，未全部读取',
	},
	'pitr-yes': {
		en: '{server}: READY for a restore to a point in time',
		zh: '{server}：可以恢复到任意时间点',
	},
	'pitr-no': {
		en: '{server}: NOT READY for a restore to a point in time',
		zh: '{server}：尚不能恢复到任意时间点',
	},
	'verify-line': {en: '{series}/{id}: {result}', zh: '{series}/{id}：{result}'},
} as const satisfies Readonly<Record<string, Words>>;
