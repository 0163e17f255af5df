import type {ProblemWords} from './words.ts';

/** Problems of incidents, their reports and the record of figures. */
export const incidentProblems = {
	'incident-missing': {
		en: {
			summary: 'there is no incident {id}',
			hint: '`opsconsole incident list` shows all; its last eight characters are enough, and `open` is the only open one.',
		},
		zh: {
			summary: '没有编号为 {id} 的故障',
			hint: '`opsconsole incident list` 列出全部；可只写编号的后八位，`open` 表示唯一未关闭的故障。',
		},
	},
	'incident-several': {
		en: {
			summary: '{count} incidents are open; it is not clear which one is meant',
			hint: 'Name one of them: {ids}.',
		},
		zh: {summary: '有 {count} 个未关闭的故障，无法确定指哪一个', hint: '请写明编号：{ids}。'},
	},
	'incident-closed': {
		en: {
			summary: 'incident {id} is closed',
			hint: 'Notes can still be added; for new trouble start a new incident.',
		},
		zh: {summary: '故障 {id} 已关闭', hint: '仍可添加备注；出现新问题请登记新的故障。'},
	},
	'incident-unwritable': {
		en: {
			summary: 'the incident cannot be written down in {folder}: {cause}',
			hint: 'Make room on its disk or repair its rights; nothing of what was written before is lost.',
		},
		zh: {
			summary: '无法在 {folder} 写入故障记录：{cause}',
			hint: '请清理磁盘或修复权限；之前写入的内容没有丢失。',
		},
	},
	'report-unwritable': {
		en: {
			summary: '{path} cannot be written: {cause}',
			hint: 'Name another file with --output; an existing one is only replaced with --force.',
		},
		zh: {
			summary: '无法写入 {path}：{cause}',
			hint: '请用 --output 指定其他文件；已有文件仅在 --force 时替换。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
