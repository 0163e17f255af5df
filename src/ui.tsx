import process from 'node:process';
import {setImmediate as nextTurn, setTimeout as sleep} from 'node:timers/promises';
import {render, useApp} from 'ink';
import {useEffect, useState} from 'react';
import {createStore} from 'zustand/vanilla';
import type {Store} from './store/store.ts';
import {readWindowSize} from './window-size.ts';
import {App} from '../views/app.tsx';

/** Automatic wrapping off while the console draws: one character that a terminal measures otherwise costs one row, not the screen. */
const wrapOff = '\u001B[?7l';
const wrapOn = '\u001B[?7h';

/** How long to wait for the stop that the program asked for: where nothing can continue it, the kernel refuses it. */
const stopWaitMs = 50;

/** Least time between frames for what was read, and most frames a second for keys. */
const readFrameMs = 33;
const maxKeyFrames = 100;

/** The console on the terminal. */
export type Ui = {
	/** Draws everything again, for example after another program wrote over the screen. */
	redraw(): Promise<void>;
	/** Gives the terminal back to the shell until `fg`. */
	pauseToShell(): Promise<void>;
	/** Gives the terminal to something else until its promise is settled; undefined where somebody has it already. */
	handOver<T>(borrow: () => Promise<T>): Promise<T | undefined>;
	/** Whether the terminal is given away now. */
	isHandedOver(): boolean;
	/** Leaves the screen; `ended` resolves then. */
	leave(): void;
	/** Throws in a view (for tests). */
	fail(error: Error): void;
	/** Resolves when the screen was left and the terminal took it, rejects with what a view threw. */
	readonly ended: Promise<unknown>;
};

type Controls = {
	readonly suspend: (callback: () => void | Promise<void>) => Promise<void>;
	readonly fail: (error: Error) => void;
};

/** Hands Ink's control over the terminal out of the tree. */
function Control({onReady}: {readonly onReady: (controls: Controls) => void}) {
	const {suspendTerminal} = useApp();
	const [failure, fail] = useState<Error>();
	useEffect(() => {
		onReady({suspend: callback => suspendTerminal(callback), fail});
	}, [onReady, suspendTerminal]);
	if (failure) throw failure;
	return null;
}

/** Node keeps reading a terminal that it was told to leave; two turns before and after make it let go. */
async function releaseInput(): Promise<void> {
	await nextTurn();
	await nextTurn();
	process.stdin.pause();
	await nextTurn();
	await nextTurn();
}

/**
 * Makes writing to the terminal wait in a queue instead of in the program. Node blocks in every write to a terminal, so
 * that one whose connection hangs would stop all reading of servers; there is no public switch.
 */
function writeWithoutBlocking(): void {
	// Also standard error: what Ink is made of writes there when the process ends.
	for (const stream of [process.stdout, process.stderr]) {
		const handle: unknown = '_handle' in stream ? stream._handle : undefined;
		if (stream.isTTY && canBlock(handle)) handle.setBlocking(false);
	}
}

function canBlock(handle: unknown): handle is {setBlocking(isBlocking: boolean): void} {
	return (
		typeof handle === 'object' &&
		handle !== null &&
		'setBlocking' in handle &&
		typeof handle.setBlocking === 'function'
	);
}

/**
 * The store as the views see it. What the operator does is shown at once; what was read changes the screen at most 30
 * times a second, so that a key does not wait behind frames that nobody can follow. While the terminal is behind, it
 * stands still, and frames are left out.
 */
function createShownStore(store: Store): Store {
	const api = createStore(() => store.state());
	let isScheduled = false;
	let isAsked = false;
	let shownAtMs = Number.NEGATIVE_INFINITY;
	let timer: NodeJS.Timeout | undefined;
	const show = () => {
		clearTimeout(timer);
		timer = undefined;
		if (process.stdout.writableNeedDrain || api.getState() === store.state()) return;
		shownAtMs = performance.now();
		api.setState(store.state(), true);
	};
	const plan = () => {
		isScheduled = false;
		const waitMs = isAsked ? 0 : shownAtMs + readFrameMs - performance.now();
		isAsked = false;
		if (waitMs <= 0) show();
		else timer ??= setTimeout(show, waitMs);
	};
	process.stdout.on('drain', show);
	store.api.subscribe(() => {
		if (isScheduled) return;
		isScheduled = true;
		// Keys that came together change the screen together.
		queueMicrotask(plan);
	});
	return {
		...store,
		api,
		send(event) {
			isAsked = true;
			store.send(event);
			isAsked = isScheduled;
		},
	};
}

/** Whether leaving the alternate screen may leave the cursor behind the last line: there is none, or it can be off. */
function lacksAlternateScreen(): boolean {
	const {TERM: term = '', TMUX: tmux} = process.env;
	return /^(linux|vt\d|ansi|cons25|screen|$)/.test(term) && tmux === undefined;
}

/** Draws the console in the alternate screen; every way out of it restores the terminal. */
export function startUi(store: Store): Ui {
	let controls: Controls | undefined;
	let isPausing = false;
	let isAway = false;
	const onReady = (ready: Controls) => {
		controls = ready;
	};
	const restore = () => {
		process.stdout.write(wrapOn);
	};
	process.once('exit', restore);
	writeWithoutBlocking();
	const onResize = () => {
		store.send({type: 'resized', ...readWindowSize()});
	};
	// Before Ink's own listener, which reads the same size.
	process.stdout.on('resize', onResize);
	// The alternate screen begins where the cursor was, and keys that were echoed before may have moved it to the right.
	process.stdout.write(`\r${wrapOff}`);
	const instance = render(
		<>
			<Control onReady={onReady} />
			<App store={createShownStore(store)} />
		</>,
		{
			alternateScreen: true,
			incrementalRendering: true,
			interactive: true,
			maxFps: maxKeyFrames,
			patchConsole: false,
			exitOnCtrlC: false,
		},
	);

	/** Takes the terminal out of Ink's hands, does something, and draws everything again. */
	async function outside(callback: () => void | Promise<void>): Promise<void> {
		if (isPausing) return;
		isPausing = true;
		try {
			await controls?.suspend(async () => {
				await callback();
				process.stdout.write(`\r${wrapOff}`);
			});
		} finally {
			isPausing = false;
		}
	}

	async function redraw(): Promise<void> {
		await outside(() => undefined);
	}

	async function pauseToShell(): Promise<void> {
		await outside(async () => {
			restore();
			await releaseInput();
			process.off('SIGTSTP', onStop);
			process.off('SIGCONT', onContinue);
			const back = new Promise<void>(resolve => process.once('SIGCONT', () => resolve()));
			// The whole job: a shell waits for all of it, also for npm or an older Node above this process.
			process.kill(0, 'SIGTSTP');
			await Promise.race([back, sleep(stopWaitMs)]);
			process.on('SIGTSTP', onStop);
			process.on('SIGCONT', onContinue);
		});
		onResize();
	}

	async function handOver<T>(borrow: () => Promise<T>): Promise<T | undefined> {
		let result: T | undefined;
		await outside(async () => {
			restore();
			await releaseInput();
			isAway = true;
			try {
				result = await borrow();
			} finally {
				isAway = false;
			}
		});
		onResize();
		return result;
	}

	const onStop = () => void pauseToShell();
	// After a stop that could not be seen coming (SIGSTOP) the shell may have changed the screen and its modes.
	const onContinue = () => {
		void redraw();
		onResize();
	};
	process.on('SIGTSTP', onStop);
	process.on('SIGCONT', onContinue);

	const ended = instance.waitUntilExit().finally(async () => {
		process.stdout.off('resize', onResize);
		process.off('SIGTSTP', onStop);
		process.off('SIGCONT', onContinue);
		process.off('exit', restore);
		restore();
		await new Promise(done => {
			process.stdout.write(lacksAlternateScreen() ? '\r\n' : '', done);
		});
	});
	return {
		redraw,
		pauseToShell,
		handOver,
		isHandedOver: () => isAway,
		leave() {
			instance.unmount();
		},
		fail(error) {
			controls?.fail(error);
		},
		ended,
	};
}
