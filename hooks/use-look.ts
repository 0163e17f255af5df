import {useMemo} from 'react';
import type {Language} from '../src/domain/settings.ts';
import {asciiGlyphs, type Glyphs, unicodeGlyphs} from '../src/words/glyphs.ts';
import {say, type ScreenWord} from '../src/words/screen.ts';
import {useShown} from './store-context.ts';

/** How things are written now: language and characters. */
export type Look = {
	readonly language: Language;
	readonly glyphs: Glyphs;
	/** A text of the screen in the operator's language. */
	say(word: ScreenWord, values?: Readonly<Record<string, string | number>>): string;
};

/** Makes a look; exported for tests and for the plain report. */
export function makeLook(language: Language, isAscii: boolean): Look {
	return {
		language,
		glyphs: isAscii ? asciiGlyphs : unicodeGlyphs,
		say: (word, values) => say(language, word, values),
	};
}

/** The language and the characters for this terminal. */
export function useLook(): Look {
	const language = useShown(state => state.ui.language);
	const isAscii = useShown(state => state.ui.isAscii);
	return useMemo(() => makeLook(language, isAscii), [language, isAscii]);
}
