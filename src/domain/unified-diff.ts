import {cleanLine} from './clean.ts';
import {isSecretName, mask, maskText} from './mask.ts';

/** A comparison that an operator may see: changed lines with their surroundings, secrets masked. */
export type TextDiff = {
	/** `@@ …`, ` same`, `-old`, `+new`. */
	readonly lines: readonly string[];
	readonly added: number;
	readonly removed: number;
	/** There were more lines than are shown. */
	readonly isCut: boolean;
};

const contextLines = 2;
// Beyond it the comparison of lines costs too much; then all old lines are removed and all new ones added.
const maxEdits = 2000;

/** Compares two texts line by line. `isSecret`: every value is masked, whatever its name. */
export function unifiedDiff(
	before: string,
	after: string,
	{isSecret, maxLines = 60}: {readonly isSecret: boolean; readonly maxLines?: number},
): TextDiff {
	const [a, b] = [linesOf(before), linesOf(after)];
	const edits = editsOf(a, b);
	const shown = hunks(edits).map(line => show(line, isSecret));
	return {
		lines: shown.slice(0, maxLines),
		added: edits.filter(({sign}) => sign === '+').length,
		removed: edits.filter(({sign}) => sign === '-').length,
		isCut: shown.length > maxLines,
	};
}

type Edit = {readonly sign: ' ' | '-' | '+'; readonly text: string};

function linesOf(text: string): readonly string[] {
	const lines = text.split('\n');
	return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** The shortest way from one list to the other (E. Myers, An O(ND) Difference Algorithm, 1986). */
function editsOf(a: readonly string[], b: readonly string[]): readonly Edit[] {
	const trace: Map<number, number>[] = [];
	let furthest = new Map<number, number>([[1, 0]]);
	for (let depth = 0; depth <= Math.min(a.length + b.length, maxEdits); depth += 1) {
		trace.push(new Map(furthest));
		const next = new Map(furthest);
		for (let k = -depth; k <= depth; k += 2) {
			const isDown = k === -depth || (k !== depth && at(next, k - 1) < at(next, k + 1));
			let x = isDown ? at(next, k + 1) : at(next, k - 1) + 1;
			while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
			next.set(k, x);
			if (x >= a.length && x - k >= b.length) return walkBack(trace, a, b);
		}

		furthest = next;
	}

	return [
		...a.map(text => ({sign: '-' as const, text})),
		...b.map(text => ({sign: '+' as const, text})),
	];
}

function at(furthest: ReadonlyMap<number, number>, k: number): number {
	return furthest.get(k) ?? 0;
}

function walkBack(
	trace: readonly ReadonlyMap<number, number>[],
	a: readonly string[],
	b: readonly string[],
): readonly Edit[] {
	const edits: Edit[] = [];
	let [x, y] = [a.length, b.length];
	for (let depth = trace.length - 1; depth >= 0; depth -= 1) {
		const before = trace[depth] ?? new Map<number, number>();
		const k = x - y;
		const isDown = k === -depth || (k !== depth && at(before, k - 1) < at(before, k + 1));
		const fromK = isDown ? k + 1 : k - 1;
		const fromX = depth === 0 ? 0 : at(before, fromK);
		const fromY = depth === 0 ? 0 : fromX - fromK;
		while (x > fromX && y > fromY) {
			edits.push({sign: ' ', text: a[x - 1] ?? ''});
			x -= 1;
			y -= 1;
		}

		if (depth === 0) break;
		if (isDown) edits.push({sign: '+', text: b[fromY] ?? ''});
		else edits.push({sign: '-', text: a[fromX] ?? ''});
		[x, y] = [fromX, fromY];
	}

	return edits.reverse();
}

/** Only what is near a change, with a heading for each part that gives the line number in the old text. */
function hunks(edits: readonly Edit[]): readonly (Edit | string)[] {
	const isNear = edits.map((_, index) =>
		edits
			.slice(Math.max(0, index - contextLines), index + contextLines + 1)
			.some(({sign}) => sign !== ' '),
	);
	const lines: (Edit | string)[] = [];
	let oldLine = 1;
	edits.forEach((edit, index) => {
		if (isNear[index] === true) {
			if (isNear[index - 1] !== true) lines.push(`@@ ${oldLine} @@`);
			lines.push(edit);
		}

		if (edit.sign !== '+') oldLine += 1;
	});
	return lines;
}

function show(line: Edit | string, isSecret: boolean): string {
	if (typeof line === 'string') return line;
	return line.sign + cleanLine(maskLine(line.text, isSecret), 300);
}

const assignment = /^(\s*(?:export\s+|- )?["']?)([\w.-]{1,200})(["']?\s*[=:]\s*)(.+)$/;

/** A line of a configuration file as it may be shown. In a secret file only names and comments are. */
function maskLine(line: string, isSecret: boolean): string {
	const [, before = '', name = '', between = '', value = ''] = assignment.exec(line) ?? [];
	if (name !== '') {
		const isHidden = isSecret || isSecretName(name);
		return isHidden && value.trim() !== '' ? before + name + between + mask : maskText(line);
	}

	const isHarmless = /^\s*(?:#.*|[\w.-]+:\s*|[[\]{}]*)$/.test(line);
	return isSecret && !isHarmless ? mask : maskText(line);
}
