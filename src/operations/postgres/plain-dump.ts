import {cleanLine} from '../../domain/clean.ts';

/** Why a plain dump is not taken. */
export type PlainFault = {
	readonly code: 'import-unknown' | 'import-truncated' | 'import-commands' | 'import-program';
	readonly line: number;
	readonly text: string;
};

/** Reads a plain dump line by line; knows at the end whether it may be loaded. */
export type PlainScan = {
	/** Takes the next bytes. Gives a fault as soon as there is one. */
	take(chunk: Uint8Array): PlainFault | undefined;
	/** After the last byte. */
	finish(): PlainFault | undefined;
};

type Mode =
	| {readonly kind: 'statement'}
	| {readonly kind: 'copy'}
	| {readonly kind: 'quote'; readonly end: "'" | '"'; readonly hasEscapes: boolean}
	| {readonly kind: 'dollar'; readonly tag: string}
	| {readonly kind: 'comment'; readonly depth: number};

const statement: Mode = {kind: 'statement'};
// Since August 2025 pg_dump writes these two itself (CVE-2025-8714).
const ownCommand = /^\\(?:un)?restrict [A-Za-z0-9]+$/;
const copyIn = /^COPY\s.*\sFROM\s+stdin\b.*;\s*$/i;
const runsProgram = /\bCOPY\b.*\b(?:FROM|TO)\s+PROGRAM\b/i;
const header = '-- PostgreSQL database dump';
const trailer = '-- PostgreSQL database dump complete';
/** In how many lines the header must come. */
const headerLines = 50;
/** Longest line that is looked at as a whole; data may be longer. */
const longestLine = 64 * 1024 * 1024;

/** One line outside of data: where it leaves off, and whether psql would find a command of its own in it. */
function walk(line: string, from: Mode): {readonly mode: Mode; readonly hasCommand: boolean} {
	let mode = from;
	let at = 0;
	while (at < line.length) {
		switch (mode.kind) {
			case 'copy':
				return {mode, hasCommand: false};
			case 'dollar': {
				const end = line.indexOf(mode.tag, at);
				if (end < 0) return {mode, hasCommand: false};
				at = end + mode.tag.length;
				mode = statement;
				break;
			}

			case 'quote': {
				const character = line[at];
				if (character === '\\' && mode.hasEscapes) at++;
				else if (character === mode.end && line[at + 1] === mode.end) at++;
				else if (character === mode.end) mode = statement;
				at++;
				break;
			}

			case 'comment': {
				const two = line.slice(at, at + 2);
				if (two === '/*') mode = {kind: 'comment', depth: mode.depth + 1};
				else if (two === '*/')
					mode = mode.depth === 1 ? statement : {kind: 'comment', depth: mode.depth - 1};
				at += two === '/*' || two === '*/' ? 2 : 1;
				break;
			}

			case 'statement': {
				const step = enter(line, at);
				if (step === 'command') return {mode, hasCommand: true};
				if (step === 'end') return {mode, hasCommand: false};
				mode = step.mode;
				at = step.at;
			}
		}
	}

	return {mode, hasCommand: false};
}

/** One step outside of quotes and comments. */
function enter(
	line: string,
	at: number,
): 'command' | 'end' | {readonly mode: Mode; readonly at: number} {
	const character = line[at];
	const two = line.slice(at, at + 2);
	if (character === '\\') return 'command';
	if (two === '--') return 'end';
	if (two === '/*') return {mode: {kind: 'comment', depth: 1}, at: at + 2};
	if (character === '"') return {mode: {kind: 'quote', end: '"', hasEscapes: false}, at: at + 1};
	if (character === "'") {
		const hasEscapes = /(?:^|[^\w$])e$/i.test(line.slice(Math.max(0, at - 2), at));
		return {mode: {kind: 'quote', end: "'", hasEscapes}, at: at + 1};
	}

	if (character === '$' && !/[\w$]/.test(line[at - 1] ?? '')) {
		const tag = /^\$(?:[A-Za-z_\u0080-\u00ff][\w\u0080-\u00ff]*)?\$/.exec(line.slice(at, at + 70));
		if (tag) return {mode: {kind: 'dollar', tag: tag[0]}, at: at + tag[0].length};
	}

	return {mode: statement, at: at + 1};
}

/**
 * Checks a plain dump while it goes by: that pg_dump made it, that it is there to its last comment (a cut one is loaded
 * by psql without any error, SAFETY 0.2), and that nothing in it is a command for psql or runs a program on the server.
 */
export function scanPlainDump(): PlainScan {
	let rest = '';
	let number = 0;
	let mode: Mode = statement;
	let hasHeader = false;
	let isComplete = false;
	// One byte a character: every byte of a backslash or quote is seen, whatever the encoding.
	const decoder = new TextDecoder('latin1');

	const fault = (code: PlainFault['code'], text: string): PlainFault => ({
		code,
		line: number,
		text: cleanLine(text, 120),
	});

	const see = (line: string): PlainFault | undefined => {
		number++;
		if (mode.kind === 'copy') {
			if (line === '\\.') mode = statement;
			return undefined;
		}

		hasHeader ||= line === header;
		if (!hasHeader && number > headerLines) return fault('import-unknown', line);
		if (line === trailer && mode.kind === 'statement') {
			isComplete = true;
			return undefined;
		}

		const isOwn = mode.kind === 'statement' && ownCommand.test(line);
		if (line.trim() !== '' && line !== '--' && !isOwn) isComplete = false;
		if (isOwn) return undefined;
		const isStart = mode.kind === 'statement';
		if (isStart && runsProgram.test(line)) return fault('import-program', line);
		const walked = walk(line, mode);
		if (walked.hasCommand) return fault('import-commands', line);
		mode = isStart && copyIn.test(line) ? {kind: 'copy'} : walked.mode;
		return undefined;
	};

	const seeAll = (text: string): PlainFault | undefined => {
		let from = 0;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
			const found = see(text.slice(from, end).replace(/\r$/, ''));
			if (found) return found;
			from = end + 1;
		}

		rest = text.slice(from);
		return rest.length > longestLine ? fault('import-unknown', rest) : undefined;
	};

	return {
		take: chunk => seeAll(rest + decoder.decode(chunk, {stream: true})),
		finish() {
			const found = rest === '' ? undefined : seeAll(`${rest}\n`);
			if (found) return found;
			if (!hasHeader) return fault('import-unknown', '');
			return isComplete && mode.kind === 'statement' ? undefined : fault('import-truncated', '');
		},
	};
}
