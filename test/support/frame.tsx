import {PassThrough, Writable} from 'node:stream';
import {render} from 'ink';
import type {ReactElement} from 'react';
import {keyBytes} from './keys.ts';
import {openEmulator, readScreen, type Cell, type Screen} from './screen.ts';

/** A view that is drawn in this process into an emulated terminal. */
export type Frame = {
	/** The screen after everything that was asked for is drawn. */
	settled(): Promise<Screen>;
	/** The rows without trailing blanks. */
	lines(): readonly string[];
	cells(row: number): readonly Cell[];
	/** Draws another element (or the same with other properties) in its place. */
	rerender(element: ReactElement): Promise<Screen>;
	/** Sends keys by name and resolves when the screen shows their effect. */
	press(...keys: readonly string[]): Promise<Screen>;
	resize(columns: number, rows: number): Promise<Screen>;
	/** Resolves when the drawn screen passes the check; rejects with the screen after the deadline (5 s). */
	waitForScreen(check: (screen: Screen) => boolean, deadlineMs?: number): Promise<Screen>;
	unmount(): Promise<void>;
	/** The emulated terminal, for `writePicture`. */
	readonly emulator: ReturnType<typeof openEmulator>;
};

/** Draws an element at a size (80x24), as the program would in its alternate screen. */
export async function drawFrame(
	element: ReactElement,
	size: {readonly columns?: number; readonly rows?: number} = {},
): Promise<Frame> {
	const {columns = 80, rows = 24} = size;
	const emulator = openEmulator(columns, rows, true);
	const listeners = new Set<() => void>();
	const stdout = Object.assign(
		new Writable({
			write: (chunk: Uint8Array, _encoding, done) => {
				emulator.write(chunk, () => {
					done();
					for (const listener of [...listeners]) listener();
				});
			},
		}),
		{columns, rows, isTTY: true},
	);
	const stdin = Object.assign(new PassThrough(), {
		isTTY: true,
		isRaw: false,
		setRawMode: () => stdin,
		ref: () => stdin,
		unref: () => stdin,
	});
	const app = render(element, {
		stdout,
		stdin,
		stderr: new PassThrough(),
		interactive: true,
		alternateScreen: true,
		incrementalRendering: true,
		exitOnCtrlC: false,
		patchConsole: false,
		maxFps: 1000,
	});
	const ended = app.waitUntilExit();

	const settled = async (): Promise<Screen> => {
		// Two turns of the event loop let React run the effects that the last event scheduled.
		await nextTurn();
		await nextTurn();
		await app.waitUntilRenderFlush();
		await new Promise<void>(resolve => {
			emulator.write('', resolve);
		});
		return readScreen(emulator);
	};

	await settled();
	return {
		emulator,
		settled,
		lines: () => readScreen(emulator).lines,
		cells: row => readScreen(emulator).cells(row),
		rerender: next => {
			app.rerender(next);
			return settled();
		},
		press: async (...keys) => {
			for (const key of keys) {
				stdin.write(keyBytes(key));
				if (key === 'esc') await escapeDelay();
				await settled();
			}
			return settled();
		},
		resize: (newColumns, newRows) => {
			emulator.resize(newColumns, newRows);
			Object.assign(stdout, {columns: newColumns, rows: newRows});
			stdout.emit('resize');
			return settled();
		},
		waitForScreen: (check, deadlineMs = 5000) =>
			new Promise((resolve, reject) => {
				const look = (): void => {
					const screen = readScreen(emulator);
					if (!check(screen)) return;
					clearTimeout(timer);
					listeners.delete(look);
					resolve(screen);
				};
				const timer = setTimeout(() => {
					listeners.delete(look);
					reject(
						new Error(`not within ${deadlineMs} ms; the screen was:\n${readScreen(emulator).text}`),
					);
				}, deadlineMs);
				listeners.add(look);
				look();
			}),
		unmount: async () => {
			app.unmount();
			await ended;
			app.cleanup();
			emulator.dispose();
		},
	};
}

function nextTurn(): Promise<void> {
	return new Promise(resolve => {
		setImmediate(resolve);
	});
}

/** Ink holds a lone Esc back for 20 ms, because it may be the start of a longer key. */
function escapeDelay(): Promise<void> {
	return new Promise(resolve => {
		setTimeout(resolve, 25);
	});
}
