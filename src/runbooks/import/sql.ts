/** One SQL statement of a handbook; lines count from 1. */
export type Statement = {
	readonly line: number;
	readonly endLine: number;
	/** As it is written. */
	readonly text: string;
	/** Without comments, with single blanks. */
	readonly bare: string;
	/** The comment above it. */
	readonly note?: string;
};

/** Cuts SQL into statements at semicolons outside of quotes; `line` is the handbook's line of the first. */
export function statementsOf(sql: string, line: number): readonly Statement[] {
	const statements: Statement[] = [];
	let text = '';
	let start = 0;
	let at = 0;
	let note: string | undefined;
	const close = (): void => {
		const lines = text.split('\n');
		const first = lines.findIndex(each => each.trim() !== '' && !each.trim().startsWith('--'));
		const comments = (first === -1 ? lines : lines.slice(0, first)).flatMap(
			each => /^\s*--+\s*(?:\d{1,2}[.)、]\s*)?(.+)$/.exec(each)?.[1]?.trim() ?? [],
		);
		note = comments.at(-1) ?? note;
		if (first !== -1) {
			const written = lines.slice(first).join('\n').trim();
			const begin = line + start + first;
			statements.push({
				line: begin,
				endLine: begin + written.split('\n').length - 1,
				text: written,
				bare: bareOf(written),
				...(note !== undefined && {note}),
			});
			note = undefined;
		}

		start += lines.length - 1;
		text = '';
	};
	let quote = '';
	while (at < sql.length) {
		const character = sql.charAt(at);
		text += character;
		at++;
		if (quote !== '') {
			if (character === quote) quote = '';
		} else if (character === "'" || character === '"') {
			quote = character;
		} else if (character === '-' && sql.charAt(at) === '-') {
			const end = sql.indexOf('\n', at);
			text += sql.slice(at, end === -1 ? sql.length : end);
			at = end === -1 ? sql.length : end;
		} else if (character === ';') {
			close();
		}
	}

	close();
	return statements;
}

function bareOf(text: string): string {
	return text
		.replace(/--[^\n]*/g, '')
		.replace(/\/\*.*?\*\//gs, ' ')
		.replace(/\s+/g, ' ')
		.replace(/\s*;\s*$/, '')
		.trim();
}
