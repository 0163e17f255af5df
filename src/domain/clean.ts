/** Longest text that is kept of one outside string, in UTF-16 units. */
export const maxTextLength = 16_384;

// Code points that take no cell or change the direction of the text (Unicode: default ignorable, bidirectional).
const invisibleRanges = [
	'ad 34f 61c 115f-1160 17b4-17b5 180b-180f 200b-200f 2028-202e 2060-206f 3164',
	'fe00-fe0f feff ffa0 fff9-fffb 1d173-1d17a e0000-e0fff',
]
	.join(' ')
	.split(' ')
	.map(range => range.replace(/[0-9a-f]+/g, '\\u{$&}'))
	.join('');
const invisible = new RegExp(`[${invisibleRanges}]`, 'gu');
// C0 without tab, DEL and C1.
const control = new RegExp(String.raw`[\u0000-\u0008\u000a-\u001f\u007f-\u009f]`, 'g');
const marks = /(\p{M}{4})\p{M}+/gu;

/** Shows one control character as text: ESC as `\x1b`. */
function showControl(character: string): string {
	return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/**
 * Makes an outside string safe to show anywhere: control characters become visible `\x1b`, bidirectional and
 * zero-width characters visible `<U+202E>`, at most four combining marks on a letter, tabs become spaces, the
 * length is capped. Nothing is dropped silently, so look-alike names stay different. SAFETY 5.1.
 */
export function clean(text: string, maxLength: number = maxTextLength): string {
	const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
	return cut
		.toWellFormed()
		.replace(/\t/g, '    ')
		.replace(control, showControl)
		.replace(
			invisible,
			character =>
				`<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
		)
		.replace(marks, '$1');
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;:]*m`, 'g');

/** As `clean`, for log lines: colour codes, which many programs write, are removed instead of shown. */
export function cleanLine(text: string, maxLength: number = maxTextLength): string {
	return clean(text.replace(colours, '').replace(/\r$/, ''), maxLength);
}
