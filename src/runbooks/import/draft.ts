import {blocksOf, type Block} from './blocks.ts';
import {scriptOf} from './commands.ts';
import {takeInline, takeScript, takeSql, takeText} from './draft-code.ts';
import {begin, type DraftItem, type Walk} from './draft-walk.ts';
import type {Mark} from './marks.ts';

/** What became of a handbook. */
export type Draft = {
	/** Its first heading. */
	readonly title: string;
	readonly lineCount: number;
	readonly items: readonly DraftItem[];
};

const shells = /^(?:bash|sh|shell|zsh|console|shell-session|terminal|cron|crontab)$/;
const sqls = /^(?:sql|postgres|postgresql|pgsql|plpgsql)$/;
const known =
	/^\s*(?:\$\s+)?(?:sudo\s+)?(?:docker|kubectl|systemctl|psql|pg_\w+|redis-cli|curl|git|apt|ssh|tar|df|free|ps|rm|cp|find|grep|journalctl|crontab)\b/;

/** Turns a handbook into items, each marked where a command is dangerous. Nothing is executed. */
export function draftOf(markdown: string): Draft {
	const blocks = blocksOf(markdown);
	const title = blocks.find(block => block.kind === 'heading');
	const titleLine = title?.line ?? 0;
	const walk: Walk = {items: [], headings: [], titleLine, notes: [], scripts: new Map()};
	for (const block of blocks) take(block, walk);
	return {
		title: title?.text ?? '',
		lineCount: markdown.split('\n').length,
		items: withStarted(walk)
			.filter(({commands, notes, title}) => title !== '' || commands.length + notes.length > 0)
			.toSorted((a, b) => a.line - b.line),
	};
}

function take(block: Block, walk: Walk): void {
	switch (block.kind) {
		case 'heading': {
			const {headings} = walk;
			while ((headings.at(-1)?.level ?? 0) >= block.level) headings.pop();
			const {line, level, text} = block;
			headings.push({line, level, text});
			walk.notes = [];
			break;
		}

		case 'item':
			takeItem(block, walk);
			takeInline(block, block.text, walk);
			break;
		case 'row':
			walk.notes.push(block.cells.join(' | '));
			takeInline(block, block.cells.join(' | '), walk);
			break;
		case 'text':
			walk.notes.push(block.text);
			takeInline(block, block.text, walk);
			break;
		case 'code':
			takeCode(block, walk);
			break;
	}
}

function takeItem({form, depth, text, line}: Block & {kind: 'item'}, walk: Walk): void {
	const last = walk.items.at(-1);
	const isBelow = depth > 0 && last !== undefined && last.commands.length === 0;
	const isMeasurable = /[<>≤≥＜＞]\s*\d|\d\s*%/.test(text);
	if (form === 'check' || (form === 'number' && depth === 0)) begin(walk, line, text);
	else if (isBelow) last.notes.push(text);
	else if (isMeasurable && depth === 0) begin(walk, line, text);
	else walk.notes.push(text);
}

function takeCode(block: Block & {kind: 'code'}, walk: Walk): void {
	const {language, lines, line} = block;
	if (/^(?:markdown|md)$/.test(language)) {
		for (const inner of blocksOf(lines.join('\n'))) {
			take({...inner, line: inner.line + line - 1}, walk);
		}
	} else if (sqls.test(language)) {
		takeSql(lines, line, walk);
	} else if (shells.test(language) || (language === '' && lines.some(text => known.test(text)))) {
		takeScript(scriptOf(lines, line), lines, line, walk);
	} else {
		takeText(block, walk);
	}
}

/** Marks commands that start a script of the same handbook in which something is marked. */
function withStarted({items, scripts}: Walk): readonly DraftItem[] {
	const all = items.flatMap(({commands}) => commands);
	const bad = new Map(
		[...scripts].filter(([, {line, endLine}]) =>
			all.some(
				command => command.marks.length > 0 && command.line >= line && command.line <= endLine,
			),
		),
	);
	return items.map(item => ({
		...item,
		commands: item.commands.map(command => {
			const started = command.starts
				.flatMap(name => bad.get(name) ?? [])
				.find(({line, endLine}) => command.line < line || command.line > endLine);
			if (!started) return command;
			const mark: Mark = {
				id: 'script-of-this-handbook',
				line: command.line,
				endLine: command.endLine,
				instead: [],
				lines: `${started.line}-${started.endLine}`,
			};
			return {...command, marks: [...command.marks, mark]};
		}),
	}));
}
