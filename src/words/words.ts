/** A text that an operator sees, in both languages. `{name}` places are filled by `fill`. */
export type Words = {readonly en: string; readonly zh: string};

/** Cause and next step of a problem, in both languages. */
export type ProblemWords = {
	readonly en: {readonly summary: string; readonly hint: string};
	readonly zh: {readonly summary: string; readonly hint: string};
};

/** Puts values into the `{name}` places of a text; a place without a value stays visible as it is. */
export function fill(text: string, values: Readonly<Record<string, string | number>> = {}): string {
	return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
