/** A piece of a condition; `offset` counts characters from 0. The last one is always an `end`. */
export type Token = {readonly offset: number; readonly text: string} & (
	| {readonly kind: 'number'; readonly value: number; readonly unit: string}
	| {readonly kind: 'text'; readonly value: string}
	| {readonly kind: 'name'}
	| {readonly kind: 'sign'}
	| {readonly kind: 'end'}
);

const words = new Set(['and', 'or', 'not', 'in', 'contains']);

const patterns = [
	['number', /\d+(?:\.\d+)?(?: ?(?:%|(?:ms|min|KiB|MiB|GiB|B|s|h|d)(?![\w.-])))?/y],
	['text', /'[^']*'/y],
	['name', /[a-z][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*/y],
	['sign', /[<>!]=|[=<>+\-*/(),[\]]/y],
] as const;

/** Cuts a condition into its pieces, or names the first character that belongs to none. */
export function tokensOf(
	text: string,
): {readonly tokens: readonly Token[]} | {readonly offset: number; readonly character: string} {
	const tokens: Token[] = [];
	let offset = 0;
	while (offset < text.length) {
		const space = /\s+/y;
		space.lastIndex = offset;
		const gap = space.exec(text);
		if (gap) {
			offset += gap[0].length;
			continue;
		}

		const token = tokenAt(text, offset);
		if (!token) return {offset, character: String.fromCodePoint(text.codePointAt(offset) ?? 63)};
		tokens.push(token);
		offset += token.text.length;
	}

	return {tokens: [...tokens, {kind: 'end', offset: text.length, text: ''}]};
}

function tokenAt(text: string, offset: number): Token | undefined {
	for (const [kind, pattern] of patterns) {
		pattern.lastIndex = offset;
		const piece = pattern.exec(text)?.[0];
		if (piece === undefined) continue;
		switch (kind) {
			case 'number': {
				const [, figure = '', unit = ''] = /^([\d.]+) ?(.*)$/.exec(piece) ?? [];
				return {kind, offset, text: piece, value: Number(figure), unit};
			}

			case 'text':
				return {kind, offset, text: piece, value: piece.slice(1, -1)};
			case 'name':
				return words.has(piece) ? {kind: 'sign', offset, text: piece} : {kind, offset, text: piece};
			case 'sign':
				return {kind, offset, text: piece};
		}
	}

	return undefined;
}
