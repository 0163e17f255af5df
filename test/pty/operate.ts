import {type Terminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait.ts';

/** Presses keys until the screen says so: a key that comes before its card was read does not count. */
export async function pressUntil(
	terminal: Terminal,
	key: string,
	text: string | RegExp,
): Promise<void> {
	const isThere = () => (terminal.screen().text.match(text) ? true : undefined);
	await waitFor(
		() => {
			if (isThere()) return true;
			terminal.press(key);
			return undefined;
		},
		{what: String(text), everyMs: 400},
	);
}

/** Types as a person does: each character when the one before is there, and not faster than a hand can. */
export async function typeSlowly(terminal: Terminal, text: string): Promise<void> {
	for (const [index, character] of Array.from(text).entries()) {
		const nextMs = performance.now() + 40;
		terminal.type(character);
		await terminal.waitForText(`> ${text.slice(0, index + 1)}_`);
		await waitFor(() => (performance.now() >= nextMs ? true : undefined));
	}
}

/** Moves a selection down to the row with this text, looking where it is after each key, so that none is overshot. */
export async function selectRow(terminal: Terminal, text: string | RegExp): Promise<void> {
	const selected = () =>
		terminal.screen().lines.findIndex(line => line.startsWith('▶') || line.startsWith(' ▶'));
	const isThere = () => (terminal.screen().lines[selected()] ?? '').match(text) !== null;
	// A frame that is only half there has no selection, and none is not the one that is looked for.
	await terminal.waitForScreen(() => selected() >= 0, {what: 'a selected row'});
	for (let row = 0; row < 40 && !isThere(); row++) {
		const before = selected();
		terminal.press('down');
		await terminal.waitForScreen(() => selected() >= 0 && selected() !== before, {
			what: `a row below ${before}`,
		});
	}
}
