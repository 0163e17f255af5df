/** Largest configuration file. */
export const maxFileBytes = 256 * 1024;

/** Deepest nesting of maps and lists. */
export const maxDepth = 32;

/** Most brackets of flow style in one file; a bound on what a spoofed depth count could hide. */
const maxFlowBrackets = 2000;

/** Most lines, and most commas, of one file: together they bound how many values the parser has to build. */
export const maxLines = 5000;

/** Longest line, in UTF-16 units. */
export const maxLineLength = 4096;

/** Where a text has too many lines or commas, or a line that is too long. */
export function findExcessiveLength(text: string, most: number = maxLines): Excess | undefined {
	let commas = 0;
	for (const [index, line] of text.split('\n').entries()) {
		for (let column = line.indexOf(','); column !== -1; column = line.indexOf(',', column + 1)) {
			commas++;
			if (commas > most) return {line: index + 1, column: column + 1};
		}

		if (line.length > maxLineLength) return {line: index + 1, column: maxLineLength + 1};
		if (index >= most && line !== '') return {line: index + 1, column: 1};
	}

	return undefined;
}

/** Where a text goes beyond a limit; line and column count from 1. */
export type Excess = {readonly line: number; readonly column: number};

/** The indentation of a line and the `- `, `? ` and `: ` indicators that follow it; by hand, as a pattern could exhaust the stack. */
function lead(line: string): {indent: number; indicators: number; end: number} {
	let indent = 0;
	while (line[indent] === ' ' || line[indent] === '\t') indent++;
	let indicators = 0;
	let end = indent;
	while (end < line.length) {
		const character = line[end] ?? '';
		const isIndicator = '-?:'.includes(character) && ' \t'.includes(line[end + 1] ?? 'x');
		if (!isIndicator && character !== ' ' && character !== '\t') break;
		if (isIndicator) indicators++;
		end++;
	}

	return {indent, indicators, end};
}

/**
 * Finds nesting deeper than the limit before a parser sees the text, because the parser itself can abort the process
 * on it. It counts flow brackets wherever they stand (in quotes too), the steps of indentation and the `- ` and `? `
 * indicators of a line, so it may refuse an odd text that a parser would accept, never the other way round.
 */
export function findExcessiveDepth(text: string, most: number = maxDepth): Excess | undefined {
	const indents: number[] = [];
	let flowDepth = 0;
	let brackets = 0;
	for (const [index, line] of text.split('\n').entries()) {
		const {indent, indicators, end} = lead(line);
		if (line.trim() !== '') {
			while ((indents.at(-1) ?? -1) >= indent) indents.pop();
			indents.push(indent);
		}

		if (indents.length + indicators > most) return {line: index + 1, column: indent + 1};
		for (let column = end; column < line.length; column++) {
			const character = line[column];
			if (character === '[' || character === '{') {
				flowDepth++;
				brackets++;
			} else if (character === ']' || character === '}') {
				flowDepth = Math.max(0, flowDepth - 1);
			}

			if (flowDepth > most || brackets > maxFlowBrackets)
				return {line: index + 1, column: column + 1};
		}
	}

	return undefined;
}
