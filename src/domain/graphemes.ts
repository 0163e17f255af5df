/** One character as a reader sees it, and where it begins in the text (UTF-16 units). */
export type Grapheme = {readonly segment: string; readonly index: number};

/** What of `Intl.Segmenter` is needed here. */
export type GraphemeSegmenter = {
	segment(text: string): Iterable<Grapheme> & {containing(index?: number): Grapheme | undefined};
};

// Characters of which each is a grapheme of its own beside any other of them: no combining marks, joiners, variation
// selectors, surrogates or Hangul; CR is left out because CR LF is one grapheme.
const oneCell = '\\u00a1-\\u00ac\\u00ae-\\u02ff\\u2010-\\u2027\\u2190-\\u2319\\u2500-\\u25fc';
const twoCells = '\\u3041-\\u3096\\u30a1-\\u30fa\\u3105-\\u312f\\u4e00-\\u9fff\\uff01-\\uff60';
const isSimple = new RegExp(`^[\\0-\\x0c\\x0e-\\x7e${oneCell}\\u3000-\\u3029${twoCells}]*$`);
const isNarrow = new RegExp(`^[ -~${oneCell}]*$`);
const isMeasurable = new RegExp(`^[ -~${oneCell}${twoCells}]*$`);
const wide = new RegExp(`[${twoCells}]`, 'g');

let full: Intl.Segmenter | undefined;

/** Splits simple texts without ICU, which takes 20 ms to load and is ten times slower; all others with it. */
export const graphemes: GraphemeSegmenter = {
	segment(text) {
		if (isSimple.test(text)) {
			const all = Array.from(text, (segment, index) => ({segment, index}));
			return Object.assign(all, {containing: (index = 0) => all[index]});
		}

		full ??= new Intl.Segmenter(undefined, {granularity: 'grapheme'});
		return full.segment(text);
	},
};

/** Terminal cells of a text without any unusual character, as string-width counts them; undefined for all others. */
export function simpleWidth(text: string): number | undefined {
	if (isNarrow.test(text)) return text.length;
	if (!isMeasurable.test(text)) return undefined;
	return text.length + (text.match(wide)?.length ?? 0);
}
