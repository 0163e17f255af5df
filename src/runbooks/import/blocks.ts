/** A piece of a Markdown document; lines count from 1. */
export type Block =
	| {
			readonly kind: 'heading';
			readonly line: number;
			readonly level: number;
			readonly text: string;
	  }
	| {
			readonly kind: 'item';
			readonly line: number;
			/** How far it is indented, in steps. */
			readonly depth: number;
			readonly form: 'check' | 'number' | 'bullet';
			readonly text: string;
			readonly code: readonly string[];
	  }
	| {
			readonly kind: 'code';
			/** The first line inside. */
			readonly line: number;
			/** The word after the fence, in small letters; empty where there is none. */
			readonly language: string;
			readonly lines: readonly string[];
	  }
	| {
			readonly kind: 'row';
			readonly line: number;
			readonly cells: readonly string[];
			readonly code: readonly string[];
	  }
	| {
			readonly kind: 'text';
			readonly line: number;
			readonly text: string;
			/** What stands between backquotes. */
			readonly code: readonly string[];
	  };

const fenceOpen = /^\s*(`{3,}|~{3,})\s*([^\s`{]*)[^`]*$/;
const heading = /^ {0,3}(#{1,6})\s+(.+?)\s*#*$/;
const listItem = /^(\s*)(?:([-*+])|(\d{1,4}[.)、]))\s+(.*)$/;
const checkbox = /^\[[ xX✓✔]?\]\s*(.*)$/;

/** Texts of Markdown without its marks: links become their text; emphasis, code marks and pictures go. */
export function plainText(text: string): string {
	return text
		.replace(/!\[([^\]]{0,200})\]\([^)\s]{0,500}\)/g, '$1')
		.replace(/\[([^\]]{1,200})\]\([^)]{0,500}\)/g, '$1')
		.replace(/<br\s*\/?>/gi, ' ')
		.replace(/(\*\*|__|`)/g, '')
		.replace(/[\p{Extended_Pictographic}\uFE0F\u200D]/gu, '')
		.replace(/\s+/g, ' ')
		.trim();
}

/**
 * Cuts a Markdown document into its pieces. A fence that ends with text glued to it (lost line ends of a pasted
 * document) ends there, and the text goes on as if it stood on a line of its own.
 */
export function blocksOf(markdown: string): readonly Block[] {
	const lines = markdown.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
	const blocks: Block[] = [];
	let at = 0;
	while (at < lines.length) {
		const line = lines[at] ?? '';
		const fence = fenceOpen.exec(line);
		if (!fence) {
			const block = lineBlock(line, at + 1);
			if (block) blocks.push(block);
			at++;
			continue;
		}

		const end = fenceEnd(lines, at + 1, fence[1] ?? '```');
		blocks.push({
			kind: 'code',
			line: at + 2,
			language: (fence[2] ?? '').toLowerCase(),
			lines: lines.slice(at + 1, end),
		});
		const glued = gluedText(lines[end] ?? '');
		at = end + 1;
		if (glued === '') continue;
		// The rest of the text stands on the next line.
		const next = lines[at] ?? '';
		const isTorn = heading.test(glued) && /^[^\s#|>`~*-]/.test(next);
		const block = lineBlock(isTorn ? glued + next : glued, end + 1);
		if (block) blocks.push(block);
		if (isTorn) at++;
	}

	return blocks;
}

function fenceEnd(lines: readonly string[], from: number, mark: string): number {
	for (let at = from; at < lines.length; at++) {
		const text = (lines[at] ?? '').trimStart();
		if (!text.startsWith(mark)) continue;
		const rest = text.slice(mark.length).replace(/^[`~]+/, '');
		if (rest.trim() === '' || /^\s*#{1,6}\s/.test(rest)) return at;
	}

	return lines.length;
}

function gluedText(line: string): string {
	return line
		.trim()
		.replace(/^[`~]+/, '')
		.trim();
}

function lineBlock(line: string, number: number): Block | undefined {
	// Quoted text is text; rules and rows of dashes are nothing.
	const bare = line.replace(/^\s{0,3}(?:>\s?)+/, '');
	const title = heading.exec(bare);
	if (title) {
		const [, marks = '', text = ''] = title;
		return {kind: 'heading', line: number, level: marks.length, text: plainText(text)};
	}

	if (/^\s*([-*_=]\s*){3,}$/.test(bare) || bare.trim() === '') return undefined;
	const code = [...bare.matchAll(/`([^`]{2,400})`/g)].map(match => match[1] ?? '');
	const item = listItem.exec(bare);
	if (item) {
		const [, indent = '', bullet, , rest = ''] = item;
		const box = checkbox.exec(rest);
		const text = plainText(box?.[1] ?? rest);
		// A table of contents is no list of things to do.
		if (text === '' || /^\[[^\]]{1,200}\]\(#[^)]{0,200}\)$/.test(rest.trim())) return undefined;
		const form = box ? 'check' : bullet === undefined ? 'number' : 'bullet';
		const depth = Math.floor(indent.replace(/\t/g, '    ').length / 2);
		return {kind: 'item', line: number, depth, form, text, code};
	}

	if (/^\s*\|.*\|\s*$/.test(bare)) {
		const cells = bare
			.trim()
			.slice(1, -1)
			.split('|')
			.map(cell => plainText(cell));
		if (cells.every(cell => /^:?-+:?$/.test(cell))) return undefined;
		return {kind: 'row', line: number, cells, code};
	}

	return {kind: 'text', line: number, text: plainText(bare), code};
}
