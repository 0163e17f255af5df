import {shellTokens} from './shell-tokens.ts';
import {callsOf, type Call} from './simple.ts';

/** One command of a handbook, with all its lines. */
export type Command = {
	/** First and last line in the handbook, counted from 1. */
	readonly line: number;
	readonly endLine: number;
	/** As it is written. */
	readonly text: string;
	/** The comment above it, the last one where there are several, without its number. */
	readonly note?: string;
	readonly calls: readonly Call[];
	/** What is fed to it between `<<EOF` and `EOF`. */
	readonly here?: {readonly line: number; readonly text: string};
	/** Five fields of cron stood before it. */
	readonly isCron: boolean;
};

/** A block of shell commands with what counts for all of them. */
export type Script = {
	readonly commands: readonly Command[];
	/** Numbered comments without a command: what a person does. */
	readonly remarks: readonly {readonly line: number; readonly text: string}[];
	/** It begins with `#!`: nobody watches while it runs. */
	readonly isScript: boolean;
	/** The file that it is, as its first comment says (`# backup_database.sh`). */
	readonly name?: string;
	readonly hasPipefail: boolean;
	/** Meant for /etc/cron.d, where a line names a user. */
	readonly isCronFolder: boolean;
};

/** A command is at most this many lines long; a quote that is never closed ends before. */
const maxJoined = 40;

/**
 * Puts pasted text straight: prompts (of a shell, psql and redis-cli), the quotes, dashes and signs that word processors and Chinese input methods put in
 * place of the plain ones, and `<placeholders>`, which a shell would take for files.
 */
export function straighten(line: string): string {
	const plain = line
		.replace(/^\s*[\w.-]{1,60}:\d{2,5}(?:\[\d+\])?>\s+(?=\S)/, 'redis-cli ')
		.replace(
			/^\s*\w{1,60}[=-][#>]\s+(\S.*)$/,
			(_whole, sql: string) => `psql -c "${sql.replace(/["$`\\]/g, String.raw`\$&`)}"`,
		)
		.replace(/^\s*(?:\[?[\w.-]{1,40}@[\w.-]{1,80}[^\]$#]{0,80}\]?[$#]|[$❯%])\s+(?=\S)/, '')
		.replace(/[\u00A0\u3000]/g, ' ')
		.replace(/；/g, ';')
		.replace(/｜/g, '|')
		.replace(/＆/g, '&')
		.replace(/（/g, '(')
		.replace(/）/g, ')')
		.replace(/－/g, '-')
		.replace(/(^|\s)[–—](\w)(?=\s|$)/g, '$1-$2')
		.replace(/(^|\s)[–—]{1,2}(?=[A-Za-z])/g, '$1--')
		.replace(/<([A-Za-z\u4E00-\u9FFF][\w\u4E00-\u9FFF.-]{0,60})>/g, '‹$1›');
	return plain.includes('"') || plain.includes("'")
		? plain
		: plain.replace(/[“”]/g, '"').replace(/[‘’]/g, "'");
}

const cronFields =
	/^\s*(?:@(?:reboot|hourly|daily|weekly|monthly|yearly)|(?:[\d*][\d*/,-]*\s+){4}[\d*][\d*/,-]*)\s+(?=[\w/.~$"])/;
/** The user of a line in /etc/cron.d. */
const cronUser = /^(?:root|www-data|nobody|[a-z_][\w-]{0,31}(?=\s+[/~]))\s+/;

const hereSign = /<<(-?)\s*(['"]?)([A-Za-z_]\w*)\2/;

/** Cuts a shell block into commands; `line` is the handbook's line of its first one. */
export function scriptOf(lines: readonly string[], line: number): Script {
	const isCronFolder = lines.some(text => /^\s*#.*\/etc\/cron\.d\b/.test(text));
	const commands: Command[] = [];
	const remarks: {line: number; text: string}[] = [];
	let note: Note | undefined;
	const drop = (): void => {
		if (note?.isNumbered) remarks.push({line: note.line, text: note.text});
		note = undefined;
	};
	let at = 0;
	while (at < lines.length) {
		const text = straighten(lines[at] ?? '');
		const comment = /^\s*#/.test(text) ? commentAt(lines[at] ?? '', line + at) : undefined;
		if (comment !== undefined || text.trim() === '') {
			// What stands below a numbered comment explains it.
			if (comment?.isNumbered) drop();
			if (comment && comment.text !== '' && !note?.isNumbered) note = comment;
			at++;
			continue;
		}

		const end = endOf(lines, at);
		commands.push(commandOf(lines, {from: at, to: end.to, here: end.here}, line, note?.text));
		note = undefined;
		at = end.next;
	}

	drop();
	const name = scriptName(lines);
	return {
		commands,
		remarks,
		isScript: lines.slice(0, 2).some(text => text.startsWith('#!')),
		...(name !== undefined && {name}),
		hasPipefail: lines.some(text => /\bset\s[^#]*pipefail/.test(text)),
		isCronFolder,
	};
}

type Extent = {readonly from: number; readonly to: number; readonly here?: Here | undefined};

type Here = {readonly from: number; readonly to: number};

/** Where the command that starts here ends, and where the next one may start. */
function endOf(
	lines: readonly string[],
	from: number,
): {readonly to: number; readonly next: number; readonly here?: Here} {
	let text = '';
	for (let at = from; at < Math.min(lines.length, from + maxJoined); at++) {
		text += `${at > from ? '\n' : ''}${straighten(lines[at] ?? '')}`;
		const here = hereSign.exec(text);
		if (here) {
			const [, , , tag = ''] = here;
			const end = lines.findIndex((each, index) => index > at && each.trim() === tag);
			const to = end === -1 ? lines.length : end;
			return {to: at, next: to + 1, here: {from: at + 1, to}};
		}

		if (!shellTokens(text).isOpen && !/(?:\||&&|\\)\s*$/.test(text)) return {to: at, next: at + 1};
	}

	return {to: from, next: from + 1};
}

function commandOf(
	lines: readonly string[],
	{from, to, here}: Extent,
	line: number,
	note: string | undefined,
): Command {
	const whole = lines
		.slice(from, to + 1)
		.map(text => straighten(text))
		.join('\n');
	const isCron = cronFields.test(whole);
	const text = isCron ? whole.replace(cronFields, '').replace(cronUser, '') : whole;
	return {
		line: line + from,
		endLine: line + (here ? Math.min(here.to, lines.length - 1) : to),
		text: lines.slice(from, to + 1).join('\n'),
		...(note !== undefined && {note}),
		calls: callsOf(text),
		...(here && {here: {line: line + here.from, text: lines.slice(here.from, here.to).join('\n')}}),
		isCron,
	};
}

type Note = {readonly line: number; readonly text: string; readonly isNumbered: boolean};

const number = /^(?:\d{1,2}[.)、:：]|(?:步骤|方法|step|method)\s*\d{1,2}\s*[.:：、]?)\s*/i;

/** What a comment says, without its number, pictures and rulers; an empty text where it says nothing. */
function commentAt(comment: string, line: number): Note {
	const bare = comment.replace(/^[\s#]+/, '');
	// `#!`, the name of a script and the path of a file say where it stands, not what it does.
	const isHead =
		comment.trimStart().startsWith('#!') ||
		/^(?:[\w.-]+\.(?:sh|bash|py)|\/[\w./-]+)$/.test(bare.trim());
	const text = bare
		.replace(number, '')
		.replace(/[\p{Extended_Pictographic}\uFE0F]/gu, '')
		.replace(/^[\s=*-]+|[\s=*:：-]+$/g, '')
		.trim();
	return {line, text: isHead ? '' : text, isNumbered: number.test(bare)};
}

/** `# backup_database.sh` in the first lines of a block. */
function scriptName(lines: readonly string[]): string | undefined {
	for (const text of lines.slice(0, 3)) {
		const name = /^#\s*([\w.-]+\.(?:sh|bash|py))\s*$/.exec(text)?.[1];
		if (name !== undefined) return name;
	}

	return undefined;
}
