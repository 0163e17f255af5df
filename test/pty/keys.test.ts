import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {prepareEngine} from '../support/lab.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {readRestored, type Terminal} from '../support/terminal.ts';
import {consoles, type SmallProject, startProject} from './own-console.ts';

const engine = await requireComponent('a Docker engine', prepareEngine);
const {start, closeAll} = consoles();

afterEach(closeAll);

const hostPanel = /\d Host/;
const help = /All keys|Move up/;

/** Text that does something in many places: every letter of the key table, ctrl-c, line ends, sequences. */
const garbage =
	'q\u0003Q\r\nx!:wq\u001B[A\u001BOP\u001B\u001B q\u0000\u009Bq d l L h ? / rm\u001A\u0004';

/** The name after the mark of the selected row. */
function selected(terminal: Terminal): string | undefined {
	return /[▶>] +(\w+)/.exec(terminal.screen().text)?.[1];
}

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'keys on a list'), () => {
	let project: SmallProject;
	beforeAll(async () => {
		project = await startProject([{name: 'ww'}, {name: 'xx'}, {name: 'yy'}, {name: 'zz'}]);
	});
	afterAll(() => project.remove());

	async function open(): Promise<Terminal> {
		const terminal = start({
			config: 'discovery: {enabled: false}\n',
			args: ['--project', project.name],
		});
		await terminal.waitForText(/ww +running[^]*xx +running[^]*yy +running[^]*zz +running/);
		return terminal;
	}

	test('several in one piece are each a key', async () => {
		const terminal = await open();
		terminal.type('jjj');
		await terminal.waitForScreen(() => selected(terminal) === 'zz', {what: 'zz selected'});
		terminal.type('kk');
		await terminal.waitForScreen(() => selected(terminal) === 'xx', {what: 'xx selected'});
		terminal.type('j\u001B[A\u001BOB\u001B[B');
		await terminal.waitForScreen(() => selected(terminal) === 'zz', {what: 'zz selected again'});
		// The first return opens the list, the second one the container.
		terminal.type('k\r\r');
		await terminal.waitForScreen(({text}) => /yy/.test(text) && !/ww +running/.test(text), {
			what: 'the container yy',
		});
	});

	test('a filter typed and accepted in one piece', async () => {
		const terminal = await open();
		terminal.type('/xx\r');
		const {screen} = await terminal.waitForScreen(({text}) => !/ww +running/.test(text), {
			what: 'only xx',
		});
		expect(screen.text).toMatch(/xx +running/);
		terminal.press('esc');
		await terminal.waitForText(/ww +running/);
	});

	test('Home, End and the paging keys of every terminal', async () => {
		const terminal = await open();
		terminal.press('enter');
		await terminal.waitForScreen(({text}) => !hostPanel.test(text), {
			what: 'the list of containers',
		});
		const ends = ['\u001B[F', '\u001BOF', '\u001B[4~', '\u001B[8~', '\u001B[6~', 'G'];
		const homes = ['\u001B[H', '\u001BOH', '\u001B[1~', '\u001B[7~', '\u001B[5~', 'g'];
		for (const [index, end] of ends.entries()) {
			terminal.type(end);
			await terminal.waitForScreen(() => selected(terminal) === 'zz', {what: `the end by ${end}`});
			terminal.type(homes[index] ?? '');
			await terminal.waitForScreen(() => selected(terminal) === 'ww', {
				what: `the start by ${String(homes[index])}`,
			});
		}
	});

	test('a marked paste of 1 MB does nothing in a list, and is one line in the filter', async () => {
		const terminal = await open();
		const text = garbage.repeat(Math.ceil(1_000_000 / garbage.length));
		terminal.type(`\u001B[200~${text}\u001B[201~`);
		terminal.press('j');
		await terminal.waitForScreen(() => selected(terminal) === 'xx', {what: 'one row further'});
		expect(terminal.screen().text).toMatch(/ww +running/);
		terminal.type(`/\u001B[200~xx\n${text}\u001B[201~`);
		await terminal.waitForScreen(({text: shown}) => !/ww +running/.test(shown), {what: 'only xx'});
		terminal.press('enter', 'esc');
		await terminal.waitForText(/ww +running/);
		terminal.press('q');
		expect(await terminal.exit).toMatchObject({code: 0});
	});

	test('an unmarked paste is no keys either', async () => {
		const terminal = await open();
		terminal.type('quit! j x q / d l '.repeat(20));
		// Longer than the end of a paste is waited for, so that the next key is one.
		await terminal.waitForText(/data (now|\d)/);
		for (const what of ['the next tick', 'the one after it']) {
			const before = terminal.screen().lines[0];
			await terminal.waitForScreen(({lines}) => lines[0] !== before, {what});
		}

		terminal.press('j');
		await terminal.waitForScreen(() => selected(terminal) === 'xx', {what: 'one row further'});
		terminal.press('q');
		expect(await terminal.exit).toMatchObject({code: 0});
	});

	test('a held key, 200 a second for three seconds, is followed to its end', async () => {
		const terminal = await open();
		for (let count = 0; count < 600; count++) {
			terminal.type(count % 2 === 0 ? 'j' : '\u001B[B');
			await new Promise(resolve => setTimeout(resolve, 5));
		}
		await terminal.waitForScreen(() => selected(terminal) === 'zz', {
			what: 'the last row',
			deadlineMs: 20_000,
		});
	});
});

describe('keys', () => {
	test('Esc alone, F1, F5 and shift-tab', async () => {
		const terminal = start();
		await terminal.waitForText(hostPanel);
		for (const f1 of ['\u001BOP', '\u001B[11~', '\u001B[[A', '?', 'h']) {
			terminal.type(f1);
			await terminal.waitForText(help);
			terminal.press('esc');
			await terminal.waitForScreen(({text}) => !help.test(text), {what: `the end of help (${f1})`});
		}

		const titles = ({text}: {readonly text: string}) => text.replace(/[\d:.]+/g, '');
		const first = titles(terminal.screen());
		terminal.press('tab', 'shift-tab', 'f1');
		await terminal.waitForText(help);
		terminal.type('\u001B[15~\u001B');
		await terminal.waitForScreen(({text}) => !help.test(text), {what: 'the dashboard'});
		expect(titles(terminal.screen()).slice(0, 20)).toBe(first.slice(0, 20));
	});

	test('Alt with q does not leave', async () => {
		const terminal = start();
		await terminal.waitForText(hostPanel);
		terminal.type('\u001Bq');
		terminal.press('?');
		await terminal.waitForText(help);
	});

	test('that are typed while it starts are done, and never shown', async () => {
		const terminal = start({checkAfterwards: true});
		terminal.type('?');
		await terminal.waitForText(help);
		// A key that was echoed before the program ran must not move the first line, which is as wide as the screen.
		expect(terminal.screen().lines[0]).toMatch(/^\S.*opsconsole.* \d\d:\d\d:\d\d/);
		terminal.press('esc');
		await terminal.waitForText(hostPanel);
		terminal.press('q');
		expect(await readRestored(terminal)).toMatchObject({status: 0, isLineMode: true});
	});
});
