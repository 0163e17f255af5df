import {type Line, span} from './spans.ts';

/** Buttons in one row; the one with the focus is inverse and in brackets of its own. */
export function buttonLine(
	buttons: readonly {readonly text: string; readonly hasFocus: boolean}[],
): Line {
	return buttons.flatMap(({text, hasFocus}) => [
		span(' '),
		hasFocus ? span(`[> ${text} <]`, {inverse: true, bold: true}) : span(`[  ${text}  ]`),
	]);
}
