import {afterEach, describe, expect, test} from 'vitest';
import {
	openTerminal,
	readRestored,
	type Terminal,
	type TerminalOptions,
} from '../support/terminal.ts';

const open: Terminal[] = [];

afterEach(async () => {
	for (const terminal of open.splice(0)) await terminal.close();
});

function start(options: TerminalOptions): Terminal {
	const terminal = openTerminal(options);
	open.push(terminal);
	return terminal;
}

function shell(script: string, options: Partial<TerminalOptions> = {}): Terminal {
	return start({command: '/bin/sh', args: ['-c', script], ...options});
}

describe('the terminal that the tests drive programs with', () => {
	test('shows what a program wrote, with colours and wide characters', async () => {
		const terminal = shell(String.raw`printf '\033[31;1m容器\033[0m ok\n'; cat`);
		const {screen} = await terminal.waitForText('容器 ok');
		expect(screen.cells(0)[0]).toMatchObject({text: '容', width: 2, foreground: 1, isBold: true});
		expect(screen.cells(0)[1]).toMatchObject({width: 0});
		expect(screen.cells(0)[5]).toMatchObject({text: 'o', foreground: 'default', isBold: false});
	});

	test('sends text and keys, and gives the program the new size', async () => {
		const terminal = shell(
			'trap "stty size" WINCH; read -r line; echo "got $line"; read -r line; read -r line',
		);
		terminal.type('abc');
		terminal.press('enter');
		await terminal.waitForText('got abc');
		terminal.resize(100, 30);
		terminal.press('enter');
		await terminal.waitForText('30 100');
	});

	test('takes CI away, and says TERM and LANG', async () => {
		const terminal = shell('echo "[$CI][$TERM][$LANG]"');
		await terminal.waitForText('[][xterm-256color][C.UTF-8]');
		expect(await terminal.exit).toEqual({code: 0, signal: undefined});
	});

	test('tells how a program ended', async () => {
		expect(await shell('exit 3').exit).toEqual({code: 3, signal: undefined});
		const sleeper = start({command: 'sleep', args: ['60']});
		sleeper.kill('SIGTERM');
		expect(await sleeper.exit).toMatchObject({signal: 15});
	});

	test('a hang-up ends a program that does not catch it', async () => {
		const terminal = shell('echo here; exec sleep 60');
		await terminal.waitForText('here');
		terminal.hangUp();
		expect(await terminal.exit).toMatchObject({signal: 1});
	});

	test('sees modes that a program left behind', async () => {
		const clean = shell('exit 4', {checkAfterwards: true});
		expect(await readRestored(clean)).toEqual({
			status: 4,
			isMainScreen: true,
			isCursorVisible: true,
			isPasteOff: true,
			isAutowrapOn: true,
			isMouseOff: true,
			isLineMode: true,
		});
		const dirty = shell(
			String.raw`stty -icanon -echo; printf '\033[?1049h\033[?25l\033[?2004h\033[?7l\033[?1000h'`,
			{checkAfterwards: true},
		);
		expect(await readRestored(dirty)).toEqual({
			status: 0,
			isMainScreen: false,
			isCursorVisible: false,
			isPasteOff: false,
			isAutowrapOn: false,
			isMouseOff: false,
			isLineMode: false,
		});
	});

	test('says what the screen was when a text does not come', async () => {
		const terminal = shell('echo something else');
		await expect(terminal.waitForText('expected')).rejects.toThrow(/ended[^]*something else/);
	});
});
