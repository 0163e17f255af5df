import {readFileSync, writeFileSync} from 'node:fs';
import {afterEach, describe, expect, test} from 'vitest';
import type {Screen} from '../support/screen.ts';
import {readRestored, type Terminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait.ts';
import {consoles, hostOnly, launcher} from './own-console.ts';
import {clearsScreen, hasColour, isAsciiOnly} from './terminal-bytes.ts';

const {start, closeAll} = consoles();

afterEach(closeAll);

const hostPanel = /\d Host/;
const help = /All keys|Move up/;

/** All but the status line: the help screen stands still, so two of them can be compared. */
function withoutFigures(screen: Screen): string {
	return screen.lines.slice(1).join('\n');
}

/** Processor time of a process so far, in ticks of 10 ms. */
function ticks(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /, '')
		.split(' ');
	return Number(fields[11]) + Number(fields[12]);
}

/** Whether a process is no more, or waits only for its parent to take notice. */
function hasEnded(pid: number): boolean {
	try {
		return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
	} catch {
		return true;
	}
}

/** Writes on the screen behind the console's back, as `wall` does. */
function writeOver(terminal: Terminal, text: string): void {
	writeFileSync(`/proc/${terminal.pid}/fd/1`, text);
}

describe('the size', () => {
	test('changed two hundred times leaves a screen as if drawn anew', async () => {
		const terminal = start();
		await terminal.waitForText(hostPanel);
		for (let count = 0; count < 200; count++) {
			terminal.resize(1 + ((count * 37) % 300), 1 + ((count * 13) % 100));
			if (count % 20 === 0) await new Promise(resolve => setImmediate(resolve));
		}

		for (const [columns, rows] of [
			[1, 1],
			[300, 100],
			[61, 15],
			[100, 30],
		] as const) {
			terminal.resize(columns, rows);
			if (columns >= 60) await terminal.waitForText(hostPanel);
		}

		terminal.press('?');
		const {screen} = await terminal.waitForScreen(({text}) => help.test(text) && /Esc/.test(text));
		const fresh = start({columns: 100, rows: 30});
		fresh.press('?');
		await fresh.waitForScreen(({text}) => help.test(text));
		await waitFor(
			() =>
				withoutFigures(terminal.screen()) === withoutFigures(fresh.screen()) ? true : undefined,
			{what: `the same screen as a fresh one; it was\n${screen.text}`},
		);
		terminal.press('esc');
		await terminal.waitForText(hostPanel);
		terminal.press('q');
		expect(await terminal.exit).toMatchObject({code: 0});
	});

	test('too small for the console says so, takes q, and comes back when it grows', async () => {
		const terminal = start({columns: 40, rows: 10, checkAfterwards: true});
		await terminal.waitForText(/40.*10/);
		terminal.resize(80, 24);
		await terminal.waitForText(hostPanel);
		terminal.resize(20, 5);
		await terminal.waitForText(/20/);
		terminal.press('q');
		expect(await readRestored(terminal)).toMatchObject({status: 0, isMainScreen: true});
	});
});

describe('no size', () => {
	test.each([
		['', 80],
		['COLUMNS=100 LINES=30 ', 100],
	])('a serial line is taken as it says (%s) or as usual', async (variables, columns) => {
		const terminal = start({
			command: '/bin/sh',
			args: ['-c', `stty cols 0 rows 0; ${variables}${launcher}`],
			columns: 120,
			rows: 40,
		});
		await terminal.waitForText(hostPanel);
		const border = /^. \d Host .*$/m.exec(terminal.screen().text)?.[0];
		expect(border).toHaveLength(columns);
		terminal.press('q');
		expect(await terminal.exit).toMatchObject({code: 0});
	});
});

describe('foreign text', () => {
	test('is repaired by ctrl-l', async () => {
		const terminal = start();
		terminal.press('?');
		// The footer comes last: with it the whole frame is there.
		await terminal.waitForScreen(
			({lines}) => help.test(lines.join('\n')) && /Esc back/.test(lines.at(-1) ?? ''),
		);
		const before = withoutFigures(terminal.screen());
		writeOver(terminal, '\u001B[5;10HBroadcast message from root\n\n\nstops at noon\u001B[2;2Hx');
		await terminal.waitForText('Broadcast message');
		terminal.press('ctrl-l');
		await terminal.waitForScreen(screen => withoutFigures(screen) === before, {
			what: 'the screen as before',
		});
		terminal.press('esc');
		await terminal.waitForText(hostPanel);
	});
});

describe('job control', () => {
	/** A console under a shell that can stop and continue it. */
	async function underBash(command = launcher): Promise<Terminal> {
		const terminal = start({
			command: '/bin/bash',
			args: ['--norc', '--noprofile', '-i'],
			env: {PS1: 'shell> '},
		});
		await terminal.waitForText('shell>');
		terminal.type(`${command}\r`);
		await terminal.waitForText(hostPanel);
		return terminal;
	}

	async function useAgain(terminal: Terminal): Promise<void> {
		await terminal.waitForScreen(
			screen => hostPanel.test(screen.text) && screen.isAlternateScreen && screen.isBracketedPaste,
			{what: 'the console again'},
		);
		terminal.press('?');
		await terminal.waitForText(help);
		terminal.press('esc');
		await terminal.waitForText(hostPanel);
		terminal.press('q');
		await terminal.waitForScreen(screen => !screen.isAlternateScreen);
		terminal.type('echo status $?\r');
		await terminal.waitForText('status 0');
		terminal.type('exit\r');
		await terminal.exit;
	}

	test('ctrl-z gives the terminal to the shell, and fg brings the console back', async () => {
		const terminal = await underBash();
		terminal.press('ctrl-z');
		const {screen} = await terminal.waitForText(/Stopped/);
		expect(screen).toMatchObject({isAlternateScreen: false, isAutowrap: true});
		terminal.type('echo 1 and $((1+1))\r');
		await terminal.waitForText('1 and 2');
		terminal.type('fg\r');
		await useAgain(terminal);
	});

	test('ctrl-z stops everything that the shell waits for', async () => {
		const terminal = await underBash(`sh -c '${launcher}; exit $?'`);
		terminal.press('ctrl-z');
		await terminal.waitForText(/Stopped/);
		terminal.type('fg\r');
		await useAgain(terminal);
	});

	test('where no shell can continue it, ctrl-z only draws again', async () => {
		const terminal = start();
		await terminal.waitForText(hostPanel);
		terminal.press('ctrl-z');
		await waitFor(() =>
			terminal.raw().toString().split('\u001B[?1049h').length > 2 ? true : undefined,
		);
		await terminal.waitForText(hostPanel);
		terminal.press('q');
		expect(await terminal.exit).toMatchObject({code: 0});
	});

	test.each(['SIGSTOP', 'SIGTSTP'] as const)('stopped by %s and continued', async signal => {
		const terminal = await underBash();
		terminal.press('?');
		await terminal.waitForText(help);
		const shell = terminal.pid;
		const [child = ''] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').split(' ');
		process.kill(Number(child), signal);
		await terminal.waitForText(/Stopped/);
		terminal.type('\u000C\rfg\r');
		await terminal.waitForText(help);
		terminal.press('esc');
		await useAgain(terminal);
	});
});

describe('a terminal that takes nothing', () => {
	/** A console whose terminal is read by `script`, which is stopped until nothing more fits between them. */
	async function blocked() {
		const terminal = start({
			command: '/usr/bin/script',
			args: ['-qfec', launcher, '/dev/null'],
			columns: 200,
			rows: 60,
		});
		await terminal.waitForText(hostPanel);
		let pid = terminal.pid;
		await waitFor(() => {
			const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0];
			pid = Number(below) || pid;
			return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.js') ? true : undefined;
		});
		process.kill(terminal.pid, 'SIGSTOP');
		let times = 0;
		// Each makes it draw the whole screen.
		const fill = () => {
			process.kill(pid, 'SIGCONT');
			return ++times > 60 ? true : undefined;
		};
		await waitFor(fill, {everyMs: 30});
		return {terminal, pid};
	}

	test('stops neither the reading of servers nor anything else, and gets the newest screen later', async () => {
		const {terminal, pid} = await blocked();
		const reads = () => Number(/^syscr: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
		const from = {ticks: ticks(pid), reads: reads()};
		await waitFor(() => (reads() > from.reads + 150 ? true : undefined), {what: 'more reading'});
		const usedMs = (ticks(pid) - from.ticks) * 10;
		// CPU and not time: half a millisecond for a reading; one that spins meanwhile takes fifty times as much.
		expect(usedMs / (reads() - from.reads)).toBeLessThan(10);
		process.kill(terminal.pid, 'SIGCONT');
		terminal.press('?');
		await terminal.waitForText(help);
	});

	test('does not keep the console from ending', async () => {
		const {terminal, pid} = await blocked();
		process.kill(pid, 'SIGTERM');
		await waitFor(() => (hasEnded(pid) ? true : undefined), {what: 'the end of the console'});
		process.kill(terminal.pid, 'SIGCONT');
		await terminal.exit;
	});
});

describe('every terminal and locale', () => {
	/** Uses the console in such a terminal; whether everything that it wrote was ASCII. */
	async function usesAsciiOnly(
		env: Readonly<Record<string, string | undefined>>,
	): Promise<boolean> {
		const terminal = start({env, checkAfterwards: true});
		await terminal.waitForText(/cpu .*%/);
		terminal.press('?');
		await terminal.waitForText(help);
		terminal.press('esc');
		await terminal.waitForText(hostPanel);
		terminal.press('q');
		expect(await readRestored(terminal)).toMatchObject({status: 0, isLineMode: true});
		return isAsciiOnly(terminal.raw().toString('utf8'));
	}

	test('is used with the characters that it has', async () => {
		const cases = [
			{env: {TERM: 'xterm-256color', LANG: 'en_US.UTF-8'}, isAscii: false},
			{env: {TERM: 'screen', LANG: 'C.UTF-8'}, isAscii: false},
			{env: {TERM: 'tmux-256color', LANG: 'C.UTF-8'}, isAscii: false},
			{env: {TERM: 'linux', LANG: 'C.UTF-8'}, isAscii: true},
			{env: {TERM: 'vt100', LANG: 'C'}, isAscii: true},
			{env: {TERM: undefined, LANG: 'C.UTF-8'}, isAscii: true},
			{env: {TERM: 'xterm-256color', LANG: 'C'}, isAscii: true},
			{env: {TERM: 'xterm-256color', LANG: undefined}, isAscii: true},
			{env: {TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'POSIX'}, isAscii: true},
		];
		const seen = await Promise.all(cases.map(one => usesAsciiOnly(one.env)));
		expect(cases.map(({env}, index) => ({env, isAscii: seen[index]}))).toEqual(cases);
	});

	test('NO_COLOR: no colour at all', async () => {
		const terminal = start({env: {NO_COLOR: '1'}});
		await terminal.waitForText(/cpu .*%/);
		terminal.press('?');
		await terminal.waitForText(help);
		expect(hasColour(terminal.raw().toString('utf8'))).toBe(false);
		const coloured = start();
		await coloured.waitForText(/cpu .*%/);
		expect(hasColour(coloured.raw().toString('utf8'))).toBe(true);
	});

	test('TERM=dumb: the plain report', async () => {
		const terminal = start({env: {TERM: 'dumb'}});
		await terminal.exit;
		expect(terminal.raw().toString('utf8')).not.toContain('\u001B');
		expect(terminal.screen().text).toMatch(/cpu/i);
	});

	test('without an alternate screen, the shell goes on below the last frame', async () => {
		const terminal = start({env: {TERM: 'linux'}, checkAfterwards: true});
		for (const final of ['h', 'l'] as const) {
			terminal.emulator.parser.registerCsiHandler({prefix: '?', final}, parameters =>
				parameters.includes(1049),
			);
		}

		await terminal.waitForText(hostPanel);
		writeOver(terminal, 'Broadcast message from root');
		terminal.press('ctrl-l', '?');
		await terminal.waitForScreen(({text}) => help.test(text) && !text.includes('Broadcast'));
		terminal.press('ctrl-c');
		await readRestored(terminal);
		const line = terminal.screen().lines.find(text => text.includes('opsconsole-status='));
		expect(line).toBe('opsconsole-status=0');
	});
});

describe('what is sent to the terminal', () => {
	test('is little when nothing happens, and never clears the screen', async () => {
		const terminal = start({config: hostOnly.replace('500ms', '1s')});
		await terminal.waitForText(/cpu .*%/);
		const from = terminal.rawBytes();
		const clock = () => terminal.screen().lines[0];
		for (let second = 0; second < 3; second++) {
			const before = clock();
			await waitFor(() => (clock() === before ? undefined : true), {what: 'the next second'});
		}

		const sent = terminal.raw().subarray(from).toString('utf8');
		expect(clearsScreen(sent)).toBe(false);
		expect(sent.length).toBeLessThan(6000);
	});
});
