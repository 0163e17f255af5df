import type {Words} from './words.ts';

/** What stands in the comments of an imported draft, and what the command says. */
export const importWords = {
	head: {
		en: 'DRAFT, made from {name} ({lines} lines). Nothing in it was executed, and nothing in it is ever executed.',
		zh: '草稿，由 {name}（{lines} 行）生成。其中的命令从未执行，也绝不会被执行。',
	},
	'head-counts': {
		en: '{items} items, {marked} commands with marked dangers. Read every line before you use it.',
		zh: '{items} 个条目，{marked} 条命令标有危险。使用前请逐行阅读。',
	},
	'head-next': {
		en: 'Then: translate the titles, replace `by: person` by looks where the console can see it, and check it with `opsconsole runbook check FILE`.',
		zh: '然后：翻译标题；控制台能看到的项目把 `by: person` 换成查看项；再用 `opsconsole runbook check FILE` 检查。',
	},
	lines: {en: 'handbook line {lines}:', zh: '手册第 {lines} 行：'},
	really: {en: 'DANGER: {text}', zh: '危险：{text}'},
	instead: {en: 'instead: {commands} — {text}', zh: '改用：{commands} — {text}'},
	'instead-nothing': {en: 'instead: {text}', zh: '改用：{text}'},
	looks: {
		en: 'opsconsole can see this itself: look {looks}',
		zh: 'opsconsole 自己能看到：查看项 {looks}',
	},
	note: {en: 'note: {text}', zh: '说明：{text}'},
	'too-long': {
		en: 'the handbook is longer than a checklist may be: the rest, from line {line} on, is left out',
		zh: '手册过长，超出清单的上限：第 {line} 行起未收入',
	},
	untitled: {en: 'Line {line} of the handbook', zh: '手册第 {line} 行'},
	done: {
		en: '{items} items, {marked} commands with marked dangers',
		zh: '{items} 个条目，{marked} 条命令标有危险',
	},
	written: {en: '{path} written', zh: '已写入 {path}'},
	empty: {
		en: 'no headings, lists or commands were found in {path}: is it Markdown?',
		zh: '在 {path} 中没有找到标题、列表或命令：它是 Markdown 吗？',
	},
	unreadable: {en: '{path} cannot be read: {cause}', zh: '无法读取 {path}：{cause}'},
	'too-large': {en: '{path} is larger than {limit}', zh: '{path} 大于 {limit}'},
	exists: {
		en: '{path} exists; --force replaces it, --output writes another file',
		zh: '{path} 已存在；用 --force 替换，或用 --output 写到别的文件',
	},
} as const satisfies Readonly<Record<string, Words>>;

export type ImportWord = keyof typeof importWords;
