import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {prepareEngine} from '../support/lab.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {consoles, type SmallProject, startProject} from './own-console.ts';
import {findForeignBytes} from './terminal-bytes.ts';

const engine = await requireComponent('a Docker engine', prepareEngine);
const {start, closeAll} = consoles();

afterEach(closeAll);

const escape = '\u001B';

/** Everything that a terminal obeys, hides or turns around (SAFETY section 7), without NUL, which no argument may have. */
const hostile = [
	`${escape}[2J${escape}[3J${escape}c`,
	`${escape}]0;owned\u0007${escape}]52;c;cm0gLXJm\u0007`,
	`${escape}]8;;http://evil.example/${escape}\\link${escape}]8;;${escape}\\`,
	`${escape}[?1049l${escape}[?1000h${escape}[6n${escape}[>c`,
	`${escape}P+q544e${escape}\\${escape}_G a=T${escape}\\`,
	'\u009B2J\u009D0;owned\u009C\u0085',
	'a\bb\rc\u0007\u000B\u000C\u007F',
	'\u202Egnp.exe\u202C\u2066x\u2069\u200B\uFEFF',
	`${escape}[31mred${escape}[5mblink${escape}[8mhidden`,
	`Z${'\u0301'.repeat(40)}algo`,
	'👨‍👩‍👧 ⚠️ 容器 🇩🇪',
	'x'.repeat(3000),
];

describe('the grammar of the output', () => {
	test('knows what the console may send', () => {
		const own = `${escape}[?1049h\r${escape}[?7l${escape}[31m错误 ─${escape}[39m\r\n${escape}[23A${escape}[K`;
		expect(findForeignBytes(Buffer.from(own))).toEqual([]);
	});

	test.each(hostile.slice(0, -2))('refuses %j', text => {
		expect(findForeignBytes(Buffer.from(`ok ${text}`))).not.toEqual([]);
	});

	test.each([`${escape}[5m`, `${escape}[8m`, `${escape}[3J`, `${escape}[2J`, `${escape}M`, '\0'])(
		'refuses %j',
		text => {
			expect(findForeignBytes(Buffer.from(text))).not.toEqual([]);
		},
	);

	test('refuses what is not UTF-8', () => {
		expect(findForeignBytes(Buffer.from([0x61, 0x9b, 0x32, 0x4a]))).not.toEqual([]);
	});
});

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'hostile texts'), () => {
	let project: SmallProject;
	beforeAll(async () => {
		const all = hostile.join(' | ');
		// Written in octal, so that the shell in the container brings NUL and C1 into the log as they are.
		const octal = Array.from(Buffer.from(`${all}\0${all}\xff`, 'utf8'), byte => {
			return `\\0${byte.toString(8).padStart(3, '0')}`;
		}).join('');
		const logging = `while true; do printf '%b\\n' "ERROR $0 \\0233\\0377 end"; printf '%b\\n' "level=error msg=\\"$0\\"" >&2; echo "ERROR refused by nobody"; printf '%b\\n' "ERROR refused by $0" | tr -d '\\r'; sleep 1; done`;
		project = await startProject([
			{
				name: `evil${escape}[2J${escape}]0;owned\u0007\u202Eeman`,
				command: ['sh', '-c', logging, octal],
			},
			{
				name: '容器 ⚠️👨‍👩‍👧',
				labels: {[`label${escape}[3J`]: all, 'com.docker.compose.oneoff': `${escape}c`},
				environment: {EVIL: all, [`NAME${escape}[2J`]: 'x'},
				command: ['sh', '-c', `exit 3 # ${all.replaceAll("'", '')}`],
			},
			{name: 'plain'},
		]);
	});
	afterAll(() => project.remove());

	test.each([
		{columns: 80, rows: 24},
		{columns: 200, rows: 50},
	])('send nothing of their own to the terminal ($columns x $rows)', async size => {
		const terminal = start({
			...size,
			config: 'discovery: {enabled: false}\n',
			args: ['--project', project.name],
		});
		await terminal.waitForText(/plain/);
		// The end of its name, which is what is left of it in a narrow table.
		await terminal.waitForText(/owned\\x07/);
		await terminal.waitForText(/refused by/);
		terminal.press('5');
		terminal.press('enter');
		await terminal.waitForText(/refused by/);
		terminal.press('esc');
		terminal.press('1');
		// Into every container's detail with its log, the errors, the help and the other language.
		for (const steps of [
			['enter'],
			['g', 'enter'],
			['l'],
			['esc'],
			['j', 'enter'],
			['G'],
			['esc'],
		]) {
			terminal.press(...steps);
			await new Promise(resolve => setImmediate(resolve));
		}

		terminal.press('L', 'q', 'L');
		terminal.press('1');
		await terminal.waitForText(/plain/);
		terminal.press('/');
		terminal.type(`${escape}[200~\u202E\u009B2Jplain${escape}[201~`);
		await terminal.waitForScreen(({text}) => text.includes('<U+202E>') || !text.includes('evil'));
		terminal.press('ctrl-c');
		expect(await terminal.exit).toMatchObject({code: 0});
		expect(findForeignBytes(terminal.raw())).toEqual([]);
		// A line that is wider than the terminal believes would push every row below it.
		expect(terminal.screen().isAlternateScreen).toBe(false);
	});

	test('print nothing of their own in the plain report', async () => {
		const terminal = start({
			config: 'discovery: {enabled: false}\n',
			args: ['status', '--project', project.name],
			columns: 200,
		});
		await terminal.exit;
		expect(findForeignBytes(terminal.raw())).toEqual([]);
		expect(terminal.raw().toString('utf8')).not.toContain(escape);
	});
});
