// Stands in for the caches of ink/build/output.js, which Ink makes anew for every frame. A screen differs in a few
// texts from the one before, so what the last frame measured is kept for the next one, and nothing older than that.
import stringWidth from 'string-width';
import {styledCharsFromTokens, styledCharsToString, tokenize} from '@alcalzone/ansi-tokenize';

const invisible = /^\p{Default_Ignorable_Code_Point}+$/u;

/** Remembers the results of `make` for what was asked in this frame and in the one before. */
export function createFrameCache(make) {
	let before = new Map();
	let now = new Map();
	return {
		get(key) {
			let value = now.get(key);
			if (value !== undefined) return value;
			value = before.get(key) ?? make(key);
			now.set(key, value);
			return value;
		},
		nextFrame() {
			before = now;
			now = new Map();
		},
	};
}

const widths = createFrameCache(stringWidth);
const blockWidths = createFrameCache(text =>
	Math.max(...text.split('\n').map(line => widths.get(line))),
);
// Standalone invisible characters must not occupy terminal cells; the first of them is U+00AD.
const styledChars = createFrameCache(line =>
	styledCharsFromTokens(tokenize(line)).filter(
		({value}) => value < '\u00ad' || !invisible.test(value),
	),
);
const lines = createFrameCache(text => {
	const characterLines = [[]];
	for (const character of styledChars.get(text)) {
		if (character.value === '\n') characterLines.push([]);
		else characterLines.at(-1).push(character);
	}
	return characterLines.map(line => styledCharsToString(line));
});
const all = [widths, blockWidths, styledChars, lines];

const caches = {
	getStringWidth: widths.get,
	getWidestLine: blockWidths.get,
	getStyledChars: styledChars.get,
	getLines: lines.get,
};

/** The caches for one frame. */
export function cachesOfFrame() {
	for (const cache of all) cache.nextFrame();
	return caches;
}
