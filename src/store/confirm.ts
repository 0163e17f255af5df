/** One key with what is needed to tell typing from pasting. */
export type Press = {
	/** Name of the key: `return`, `a`. */
	readonly key: string;
	/** The text that it types. */
	readonly text: string;
	/** Monotonic time in ms; a key without it never confirms anything. */
	readonly atMs?: number;
	/** How many keys came in the same piece of input; people send one at a time. */
	readonly together?: number;
};

/** What was typed of a confirming text. */
export type Typed = {
	readonly text: string;
	readonly firstAtMs?: number;
	readonly lastAtMs?: number;
	/** Since when the text is the right one. */
	readonly rightSinceMs?: number;
	/** Why the last thing done did not count. */
	readonly notice?: 'pasted' | 'too-fast' | 'wrong' | 'early' | 'dwell';
};

/** Nothing typed. */
export const nothingTyped: Typed = {text: ''};

/** Enter must come at least this long after the last character (SAFETY 5.1, terminal replies). */
export const enterGapMs = 150;

/** How long the right text has to stand before a production server is changed (SAFETY 5.1, wrong environment). */
export const productionDwellMs = 3000;

/** More characters than this in one piece of input were not typed, not even over a slow line. */
const mostTogether = 3;

/** Nobody types a whole text faster than this for each character; input that is fed key by key is. */
const leastPerCharacterMs = 20;

/** A confirming text is never longer. */
const mostCharacters = 200;

/** A card must have been on the screen this long before Enter counts, so that it was not meant for what stood before. */
export const readingMs = 300;

/** Types one key. What came too many at once counts as pasted: everything typed so far is dropped. */
export function typeKey(typed: Typed, press: Press, wanted: string): Typed {
	const {text, atMs, together = 1} = press;
	if (together > mostTogether) return pasted();
	if (text === '') return typed;
	const now = typed.text + text;
	const firstAtMs = typed.text === '' ? atMs : typed.firstAtMs;
	return withText(now.slice(0, mostCharacters), wanted, atMs, firstAtMs);
}

/** Takes the last character back. */
export function eraseKey(typed: Typed, press: Press, wanted: string): Typed {
	const text = Array.from(typed.text).slice(0, -1).join('');
	return text === '' ? nothingTyped : withText(text, wanted, press.atMs, typed.firstAtMs);
}

function withText(
	text: string,
	wanted: string,
	atMs: number | undefined,
	firstAtMs: number | undefined,
): Typed {
	return {
		text,
		...(firstAtMs === undefined ? {} : {firstAtMs}),
		...(atMs === undefined ? {} : {lastAtMs: atMs}),
		...(text === wanted && atMs !== undefined ? {rightSinceMs: atMs} : {}),
	};
}

/** A paste never counts, whatever it says. */
export function pasted(): Typed {
	return {text: '', notice: 'pasted'};
}

/** How long Enter is still refused, in ms; 0 where it counts, undefined while the text is not the right one. */
export function remainingDwellMs(typed: Typed, dwellMs: number, nowMs: number): number | undefined {
	if (typed.rightSinceMs === undefined) return undefined;
	return Math.max(0, typed.rightSinceMs + dwellMs - nowMs);
}

/**
 * Whether this Enter confirms: the exact text, typed at a person's speed, a key of its own and not at once after the
 * last character. Else what to tell the operator; what was not typed by hand is dropped.
 */
export function tryEnter(
	typed: Typed,
	press: Press,
	wanted: string,
	dwellMs: number,
): {readonly isConfirmed: boolean; readonly typed: Typed} {
	const {atMs, together = 1} = press;
	const refuse = (notice: NonNullable<Typed['notice']>, base: Typed = typed) => ({
		isConfirmed: false,
		typed: {...base, notice},
	});
	if (together > mostTogether) return {isConfirmed: false, typed: pasted()};
	if (typed.text !== wanted || wanted === '') return refuse('wrong');
	const {firstAtMs, lastAtMs, rightSinceMs} = typed;
	if (atMs === undefined || firstAtMs === undefined || lastAtMs === undefined)
		return refuse('early');
	const characters = Array.from(wanted).length;
	if (lastAtMs - firstAtMs < (characters - 1) * leastPerCharacterMs)
		return refuse('too-fast', nothingTyped);
	if (together > 1 || atMs - lastAtMs <= enterGapMs) return refuse('early');
	if (rightSinceMs === undefined || atMs - rightSinceMs < dwellMs) return refuse('dwell');
	return {isConfirmed: true, typed};
}
