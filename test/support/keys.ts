/** What a terminal sends for a key that has a name. */
const sequences: Readonly<Record<string, string>> = {
	enter: '\r',
	esc: '\u001b',
	tab: '\t',
	'shift-tab': '\u001b[Z',
	space: ' ',
	backspace: '\u007f',
	delete: '\u001b[3~',
	up: '\u001b[A',
	down: '\u001b[B',
	right: '\u001b[C',
	left: '\u001b[D',
	home: '\u001b[H',
	end: '\u001b[F',
	'page-up': '\u001b[5~',
	'page-down': '\u001b[6~',
	'ctrl-backslash': '\u001c',
	f1: '\u001bOP',
};

/** The bytes of a key: a name (`enter`, `shift-tab`, `ctrl-c` …) or one character as it is. */
export function keyBytes(key: string): string {
	const named = sequences[key];
	if (named !== undefined) return named;
	const control = /^ctrl-([a-z])$/.exec(key)?.[1];
	if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) - 96);
	if (key.length === 1) return key;
	throw new Error(
		`unknown key: ${key}; known: ${Object.keys(sequences).join(', ')}, ctrl-a … ctrl-z`,
	);
}
