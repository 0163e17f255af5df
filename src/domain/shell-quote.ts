/** Quotes one word for a shell, for commands that are shown to be copied. Plain words stay as they are. */
export function shellQuote(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Quotes a name for SQL (`"role"`). */
export function sqlName(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}
