import type {Block} from './blocks.ts';
import {scriptOf, type Command, type Script} from './commands.ts';
import {begin, heading, type DraftCommand, type Growing, type Walk} from './draft-walk.ts';
import {marksOfCommand, marksOfSql, marksOfText, scriptInside, type Mark} from './marks.ts';
import {safe} from './rule.ts';
import {statementsOf} from './sql.ts';
import {looksFor, looksForSql} from './suggest.ts';

/** Takes the statements of an SQL block. */
export function takeSql(lines: readonly string[], line: number, walk: Walk): void {
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

/** Commands that only talk, count or set variables. */
const chatter =
	/^(?:echo|printf|date|hostname|exit|return|break|continue|read|local|shift|set|test|\[|\[\[|cd|true|false|:|)$/;

/** Takes the commands of a shell block: an item for each comment. */
export function takeScript(
	script: Script,
	lines: readonly string[],
	line: number,
	walk: Walk,
): void {
	let item: Growing | undefined;
	let note: string | undefined;
	const {commands, remarks, name} = script;
	if (name !== undefined) walk.scripts.set(name, {line, endLine: line + lines.length - 1});
	for (const command of commands) {
		const made = commandsOf(command, script, walk);
		const isTalk = command.calls.every(call => chatter.test(call.program)) && !command.here;
		// A comment above `echo "checking …"` is about what comes after it.
		note = command.note ?? note;
		if (isTalk && made.every(({marks}) => marks.length === 0)) continue;
		if (!item || note !== undefined) item = begin(walk, command.line, note ?? heading(walk));
		note = undefined;

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

/** Commands between backquotes in a list, a table or a text: only those that are dangerous. */
export function takeInline(
	{line, code}: {readonly line: number; readonly code: readonly string[]},
	text: string,
	walk: Walk,
): void {
	for (const written of code) {
		const script = scriptOf([written], line);
		const commands = script.commands
			.flatMap(command => commandsOf(command, script, walk))
			.filter(({marks}) => marks.length > 0);
		if (commands.length === 0) continue;
		const last = walk.items.at(-1);
		const item = last?.line === line ? last : begin(walk, line, text);
		item.commands.push(...commands);
	}
}

/** Takes from any other block only the lines that are marked. */
export function takeText({language, lines, line}: Block & {kind: 'code'}, walk: Walk): void {
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
