import {performance} from 'node:perf_hooks';
import {spawn} from '@lydell/node-pty';
import type {Terminal as Emulator} from '@xterm/headless';
import {keyBytes} from './keys.ts';
import {openEmulator, readScreen, type Screen} from './screen.ts';

/** What to run, and in what terminal. */
export type TerminalOptions = {
	readonly command: string;
	readonly args?: readonly string[];
	/** Added to the environment of the tests; `undefined` takes a variable away. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly columns?: number;
	readonly rows?: number;
	readonly cwd?: string;
	/** Runs the command in a shell that afterwards prints its status and `stty -a`, for `readRestored`. */
	readonly checkAfterwards?: boolean;
};

/** How a program ended: with a status, or by a signal number. */
export type Exit = {readonly code: number; readonly signal: number | undefined};

/** When a screen came: `atMs` is when its bytes arrived (performance.now). */
export type Seen = {readonly screen: Screen; readonly atMs: number};

/** A program behind a real pseudo-terminal, with an emulated screen. */
export type Terminal = {
	readonly pid: number;
	/** When the program was started (performance.now). */
	readonly startedAtMs: number;
	readonly emulator: Emulator;
	screen(): Screen;
	isCursorVisible(): boolean;
	/** Everything that the program wrote so far. */
	raw(): Buffer;
	/** Number of bytes written so far. */
	rawBytes(): number;
	/** Resolves when the text is on the screen; rejects with the screen after the deadline (20 s) or when the program ended. */
	waitForText(text: string | RegExp, options?: {readonly deadlineMs?: number}): Promise<Seen>;
	/** Resolves with the first screen that the check accepts, looking after every piece of output. */
	waitForScreen(
		check: (screen: Screen) => boolean,
		options?: {readonly deadlineMs?: number; readonly what?: string},
	): Promise<Seen>;
	/** Sends text as it is. */
	type(text: string): void;
	/** Sends keys by name, one after the other in one piece each. */
	press(...keys: readonly string[]): void;
	resize(columns: number, rows: number): void;
	/** Sends a signal to the program. */
	kill(signal: NodeJS.Signals): void;
	/** Takes the terminal away, as a broken connection does. */
	hangUp(): void;
	/** Resolves after the program ended and all its output was read. */
	readonly exit: Promise<Exit>;
	/** Ends the program where it still runs, and frees the emulator. */
	close(): Promise<void>;
};

/** Starts a program in a terminal of the given size (80x24). `CI` is taken out of its environment. */
export function openTerminal(options: TerminalOptions): Terminal {
	const {columns = 80, rows = 24} = options;
	const environment = environmentOf(options);
	const {TERM: name} = environment;
	const [command, args] = withTerm(name, commandLine(options));
	const startedAtMs = performance.now();
	const pty = spawn(command, [...args], {
		// node-pty sets TERM to this, whatever the environment says.
		name: name ?? 'dumb',
		cols: columns,
		rows,
		cwd: options.cwd ?? process.cwd(),
		env: environment,
		encoding: null,
	});
	const emulator = openEmulator(columns, rows);
	const cursor = watchCursor(emulator);
	const pieces: Buffer[] = [];
	let total = 0;
	const watchers = new Set<(atMs: number) => void>();
	let ended: Exit | undefined;

	const onBytes = (data: unknown): void => {
		const atMs = performance.now();
		const bytes = Buffer.isBuffer(data) ? data : Buffer.from(String(data));
		pieces.push(bytes);
		total += bytes.length;
		emulator.write(bytes, () => {
			for (const watcher of [...watchers]) watcher(atMs);
		});
	};
	pty.onData(onBytes);
	const send = (text: string): void => {
		if (ended === undefined) pty.write(text);
	};
	// Answers of the terminal to the program's questions.
	emulator.onData(send);

	const exit = new Promise<Exit>(resolve => {
		pty.onExit(({exitCode, signal}) => {
			emulator.write('', () => {
				ended = {code: exitCode, signal: signal === 0 ? undefined : signal};
				for (const watcher of [...watchers]) watcher(performance.now());
				resolve(ended);
			});
		});
	});

	const waitForScreen: Terminal['waitForScreen'] = (check, {deadlineMs = 20_000, what} = {}) =>
		new Promise((resolve, reject) => {
			const finish = (): void => {
				clearTimeout(timer);
				watchers.delete(look);
			};
			const refuse = (why: string): void => {
				finish();
				const {text} = readScreen(emulator);
				reject(
					new Error(`${why} before ${what ?? 'the expected screen'}; the screen was:\n${text}`),
				);
			};
			const look = (atMs: number): void => {
				const screen = readScreen(emulator);
				if (check(screen)) {
					finish();
					resolve({screen, atMs});
				} else if (ended !== undefined) {
					refuse(`the program ended (${JSON.stringify(ended)})`);
				}
			};
			const timer = setTimeout(() => refuse(`${deadlineMs} ms passed`), deadlineMs);
			watchers.add(look);
			look(performance.now());
		});

	const hangUp = (): void => {
		if (canBeDestroyed(pty)) pty.destroy();
	};

	return {
		pid: pty.pid,
		startedAtMs,
		emulator,
		screen: () => readScreen(emulator),
		isCursorVisible: cursor,
		raw: () => Buffer.concat(pieces),
		rawBytes: () => total,
		waitForText: (text, waitOptions) =>
			waitForScreen(screen => contains(screen, text), {...waitOptions, what: String(text)}),
		waitForScreen,
		type: send,
		press: (...keys) => {
			for (const key of keys) send(keyBytes(key));
		},
		resize: (newColumns, newRows) => {
			emulator.resize(newColumns, newRows);
			pty.resize(newColumns, newRows);
		},
		kill: signal => {
			process.kill(pty.pid, signal);
		},
		hangUp,
		exit,
		close: async () => {
			if (ended === undefined) pty.kill('SIGKILL');
			await exit;
			emulator.dispose();
		},
	};
}

/** What a program left behind in its terminal. Everything is true when it cleaned up. */
export type Restored = {
	readonly isMainScreen: boolean;
	readonly isCursorVisible: boolean;
	readonly isPasteOff: boolean;
	readonly isAutowrapOn: boolean;
	readonly isMouseOff: boolean;
	/** Line mode and echo are on, by `stty -a`. */
	readonly isLineMode: boolean;
};

/** Reads how a program started with `checkAfterwards` left its terminal. Waits for it to end. */
export async function readRestored(
	terminal: Terminal,
): Promise<Restored & {readonly status: number}> {
	await terminal.exit;
	const output = terminal.raw().toString('utf8');
	const after = output.slice(output.lastIndexOf('\nopsconsole-status='));
	const status = /opsconsole-status=(\d+)/.exec(after)?.[1];
	if (status === undefined) throw new Error(`no status after the program:\n${output.slice(-2000)}`);
	const screen = terminal.screen();
	return {
		status: Number(status),
		isMainScreen: !screen.isAlternateScreen,
		isCursorVisible: terminal.isCursorVisible(),
		isPasteOff: !screen.isBracketedPaste,
		isAutowrapOn: screen.isAutowrap,
		isMouseOff: !screen.isMouseTracked,
		isLineMode:
			/ icanon\b/.test(after) && /[ \n]echo\b/.test(after) && / isig\b|^isig\b/m.test(after),
	};
}

function contains(screen: Screen, text: string | RegExp): boolean {
	return typeof text === 'string' ? screen.text.includes(text) : text.test(screen.text);
}

/** node-pty's own types leave out the call that closes its end of the terminal. */
function canBeDestroyed(pty: object): pty is {destroy(): void} {
	return 'destroy' in pty && typeof pty.destroy === 'function';
}

function commandLine(options: TerminalOptions): readonly [string, readonly string[]] {
	const {command, args = []} = options;
	if (options.checkAfterwards !== true) return [command, args];
	const script = '"$@"; printf "\\nopsconsole-status=%s\\n" "$?"; stty -a';
	return ['/bin/sh', ['-c', script, 'sh', command, ...args]];
}

/** The command line that runs a program without TERM where the test wants that. */
function withTerm(
	name: string | undefined,
	[command, args]: readonly [string, readonly string[]],
): readonly [string, readonly string[]] {
	return name === undefined ? ['/usr/bin/env', ['-u', 'TERM', command, ...args]] : [command, args];
}

function environmentOf(options: TerminalOptions): Record<string, string> {
	const all = {
		...process.env,
		LANG: 'C.UTF-8',
		LC_ALL: undefined,
		TERM: 'xterm-256color',
		CI: undefined,
		NO_COLOR: undefined,
		FORCE_COLOR: undefined,
		NODE_ENV: undefined,
		VITEST: undefined,
		...options.env,
	};
	const environment: Record<string, string> = {};
	for (const [name, value] of Object.entries(all)) {
		if (value !== undefined) environment[name] = value;
	}
	return environment;
}

/** Follows `CSI ? 25 h` and `l`, which the emulator does not tell. */
function watchCursor(emulator: Emulator): () => boolean {
	let isVisible = true;
	const follow = (final: string, value: boolean): void => {
		emulator.parser.registerCsiHandler({prefix: '?', final}, params => {
			if (params.includes(25)) isVisible = value;
			return false;
		});
	};
	follow('h', true);
	follow('l', false);
	return () => isVisible;
}
