import {blocksOf, type Block} from './blocks.ts';
import {scriptOf, type Command, type Script} from './commands.ts';
import {marksOfCommand, marksOfSql, marksOfText, scriptInside, type Mark} from './marks.ts';
import {safe} from './rule.ts';
import {statementsOf} from './sql.ts';
import {looksFor, looksForSql} from './suggest.ts';

/** A command of a handbook with what was found out about it. It is only ever shown. */
export type DraftCommand = {
	readonly line: number;
	readonly endLine: number;
	readonly text: string;
	readonly marks: readonly Mark[];
	/** Looks that see what it is typed for. */
	readonly looks: readonly string[];
	/** Scripts of the handbook that it starts, by name. */
	readonly starts: readonly string[];
};

/** One line of the checklist. */
export type DraftItem = {
	readonly line: number;
	readonly title: string;
	/** The headings above it, outermost first. */
	readonly section: readonly string[];
	readonly notes: readonly string[];
	readonly commands: readonly DraftCommand[];
};

/** What became of a handbook. */
export type Draft = {
	/** Its first heading. */
	readonly title: string;
	readonly lineCount: number;
	readonly items: readonly DraftItem[];
};

type Growing = {
	line: number;
	title: string;
	section: readonly string[];
	notes: string[];
	commands: DraftCommand[];
};

type Walk = {
	readonly items: Growing[];
	readonly headings: {level: number; text: string}[];
	/** What was said since the last item and belongs to the next. */
	notes: string[];
	/** Lines of each script of the handbook, by file name. */
	readonly scripts: Map<string, {line: number; endLine: number}>;
};

const shells = /^(?:bash|sh|shell|zsh|console|shell-session|terminal|cron|crontab)$/;
const sqls = /^(?:sql|postgres|postgresql|pgsql|plpgsql)$/;
const known =
	/^\s*(?:\$\s+)?(?:sudo\s+)?(?:docker|kubectl|systemctl|psql|pg_\w+|redis-cli|curl|git|apt|ssh|tar|df|free|ps|rm|cp|find|grep|journalctl|crontab)\b/;

/** Turns a handbook into items, each marked where a command is dangerous. Nothing is executed. */
export function draftOf(markdown: string): Draft {
	const walk: Walk = {items: [], headings: [], notes: [], scripts: new Map()};
	const blocks = blocksOf(markdown);
	for (const block of blocks) take(block, walk);
	const title = blocks.find(block => block.kind === 'heading')?.text ?? '';
	return {
		title,
		lineCount: markdown.split('\n').length,
		items: withStarted(walk).filter(
			({commands, notes, title}) => title !== '' || commands.length + notes.length > 0,
		),
	};
}

function section({headings}: Walk): readonly string[] {
	// The title of the document stands over all of it.
	return headings.filter(({level}) => level > 1).map(({text}) => text);
}

function begin(walk: Walk, line: number, title: string): Growing {
	const item = {line, title, section: section(walk), notes: walk.notes, commands: []};
	walk.notes = [];
	walk.items.push(item);
	return item;
}

function take(block: Block, walk: Walk): void {
	switch (block.kind) {
		case 'heading': {
			const {headings} = walk;
			while ((headings.at(-1)?.level ?? 0) >= block.level) headings.pop();
			headings.push({level: block.level, text: block.text});
			walk.notes = [];
			break;
		}

		case 'item':
			takeItem(block, walk);
			break;
		case 'row':
			walk.notes.push(block.cells.join(' | '));
			break;
		case 'text':
			walk.notes.push(block.text);
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

function takeSql(lines: readonly string[], line: number, walk: Walk): void {
	let item: Growing | undefined;
	for (const statement of statementsOf(lines.join('\n'), line)) {
		if (!item || statement.note !== undefined) {
			item = begin(walk, statement.line, statement.note ?? heading(walk));
		}

		const {line: first, endLine, text, bare} = statement;
		item.commands.push({
			line: first,
			endLine,
			text,
			marks: marksOfSql(text, first),
			looks: looksForSql(bare),
			starts: [],
		});
	}
}

function heading({headings}: Walk): string {
	return headings.at(-1)?.text ?? '';
}

/** Commands that only talk, count or set variables. */
const chatter =
	/^(?:echo|printf|exit|return|break|continue|read|local|shift|set|test|\[|\[\[|cd|true|false|:|)$/;

function takeScript(script: Script, lines: readonly string[], line: number, walk: Walk): void {
	let item: Growing | undefined;
	const {commands, remarks, name} = script;
	if (name !== undefined) walk.scripts.set(name, {line, endLine: line + lines.length - 1});
	for (const command of commands) {
		const made = commandsOf(command, script, walk);
		const isTalk = command.calls.every(call => chatter.test(call.program)) && !command.here;
		if (isTalk && made.every(({marks}) => marks.length === 0)) continue;
		if (!item || command.note !== undefined) {
			item = begin(walk, command.line, command.note ?? heading(walk));
		}

		item.commands.push(...made);
	}

	for (const remark of remarks) begin(walk, remark.line, remark.text);
	const comments = lines.map(text => (/^\s*#/.test(text) ? text : ''));
	const marks = [...marksOfText(comments, line), ...lateShebang(lines, line)];
	if (marks.length > 0) {
		const own = item ?? begin(walk, line, heading(walk));
		own.commands.push(...textCommands(marks, lines, line));
	}
}

/** `#!` below the first line counts for nothing. */
function lateShebang(lines: readonly string[], line: number): readonly Mark[] {
	const at = lines.findIndex(text => text.startsWith('#!'));
	const isLate = at > 0 && lines.slice(0, at).some(text => text.startsWith('#'));
	return isLate
		? [{id: 'shebang-late', line: line + at, endLine: line + at, instead: [safe.schedule]}]
		: [];
}

function commandsOf(command: Command, script: Script, walk: Walk): readonly DraftCommand[] {
	const inside = scriptInside(command);
	const {line, endLine, text, calls, here} = command;
	const made: DraftCommand = {
		line,
		endLine: inside && here ? here.line - 1 : endLine,
		text: inside && here ? text : [text, ...(here ? [here.text] : [])].join('\n'),
		marks: marksOfCommand(command, script),
		looks: looksFor(calls),
		starts: calls
			.map(({path}) => path.slice(path.lastIndexOf('/') + 1))
			.filter(name => name.includes('.')),
	};
	if (!inside || !here) return [made];
	const written = calls.map(({into}) => into).find(into => into !== undefined);
	if (written !== undefined) {
		const name = written.slice(written.lastIndexOf('/') + 1);
		walk.scripts.set(name, {line: here.line, endLine});
	}

	return [
		made,
		...inside.commands.flatMap(each => {
			const parts = commandsOf(each, inside, walk);
			const isTalk = each.calls.every(call => chatter.test(call.program)) && !each.here;
			return isTalk && parts.every(({marks}) => marks.length === 0) ? [] : parts;
		}),
	];
}

function takeText({language, lines, line}: Block & {kind: 'code'}, walk: Walk): void {
	const marks = marksOfText(lines, line);
	const end = line + lines.length - 1;
	if (marks.length === 0) {
		if (language !== '') walk.notes.push(`${language} ${line}-${end}`);
		return;
	}

	const item = begin(walk, line, heading(walk));
	item.commands.push(...textCommands(marks, lines, line));
}

/** Lines of configuration that are marked; the others are not taken over. */
function textCommands(
	marks: readonly Mark[],
	lines: readonly string[],
	line: number,
): readonly DraftCommand[] {
	return [...new Set(marks.map(mark => mark.line))].map(at => ({
		line: at,
		endLine: at,
		text: lines[at - line] ?? '',
		marks: marks.filter(mark => mark.line === at),
		looks: [],
		starts: [],
	}));
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
