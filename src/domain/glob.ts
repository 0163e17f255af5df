/** Characters that have a meaning in a regular expression. */
const special = /[.+^$()|[\]\\{}]/g;

/** Whether a text is a glob and not a plain name. */
export function isGlob(pattern: string): boolean {
	return /[*?{]/.test(pattern);
}

/**
 * Compiles a glob over a whole name: `*` is any text (also `/`), `?` one character, `{a,b}` one of several.
 * Anything else stands for itself; an unclosed brace too.
 */
export function globMatcher(pattern: string): (name: string) => boolean {
	const source = pattern
		.split(/(\*+|\?|\{[^{}]*\})/)
		.map((part, index) => {
			if (index % 2 === 0) return part.replace(special, '\\$&');
			// Several stars are one: otherwise matching a long name takes quadratic time and worse.
			if (part.startsWith('*')) return '.*';
			if (part === '?') return '.';
			const choices = part.slice(1, -1).split(',');
			return `(?:${choices.map(choice => choice.replace(special, '\\$&')).join('|')})`;
		})
		.join('');
	const expression = new RegExp(`^${source}$`, 'su');
	return name => expression.test(name);
}
