/** The characters that are more than letters, for good terminals and for plain ones. All are one cell wide. */
export type Glyphs = {
	readonly rule: string;
	readonly select: string;
	readonly ellipsis: string;
	readonly barFull: string;
	readonly barEmpty: string;
	/** Eight steps from low to high. */
	readonly spark: readonly string[];
	readonly dot: string;
	readonly up: string;
	readonly down: string;
	readonly branch: string;
	readonly lastBranch: string;
	readonly sortUp: string;
	readonly sortDown: string;
};

/** For UTF-8 terminals. */
export const unicodeGlyphs: Glyphs = {
	rule: '─',
	select: '▶',
	ellipsis: '…',
	barFull: '█',
	barEmpty: '░',
	spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
	dot: '·',
	up: '↑',
	down: '↓',
	branch: '├ ',
	lastBranch: '└ ',
	sortUp: '▲',
	sortDown: '▼',
};

/** For `LANG=C`, the Linux console and dumb terminals. */
export const asciiGlyphs: Glyphs = {
	rule: '-',
	select: '>',
	ellipsis: '~',
	barFull: '#',
	barEmpty: '.',
	spark: ['_', '.', ':', '-', '=', '+', '*', '#'],
	dot: '-',
	up: '^',
	down: 'v',
	branch: '|- ',
	lastBranch: '`- ',
	sortUp: '^',
	sortDown: 'v',
};
