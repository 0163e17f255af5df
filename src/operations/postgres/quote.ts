/** Longest name of PostgreSQL in bytes of UTF-8 (NAMEDATALEN - 1). */
export const maxNameBytes = 63;

/** A name as SQL identifier, always quoted; what is inside can never end it. */
export function quoteName(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

/** A table or other object with its schema, both quoted. */
export function quoteQualified(schema: string, name: string): string {
	return `${quoteName(schema)}.${quoteName(name)}`;
}

/** A text as SQL literal that means the same with any `standard_conforming_strings`. */
export function quoteText(text: string): string {
	const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
	return text.includes('\\') ? `E${quoted}` : quoted;
}

/**
 * A connection text that libpq reads as exactly these settings. A bare database name that holds `=` would be read as
 * further settings, `host=…` among them (SAFETY 3.0.6). PostgreSQL documentation, "Connection Strings".
 */
export function conninfo(settings: Readonly<Record<string, string | number>>): string {
	return Object.entries(settings)
		.map(([name, value]) => {
			const text = String(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'");
			return `${name}='${text}'`;
		})
		.join(' ');
}

/** One field of a password file; `*` alone would stand for anything. */
export function passwordFileField(text: string): string {
	return text === '*' ? '\\*' : text.replaceAll('\\', '\\\\').replaceAll(':', '\\:');
}
