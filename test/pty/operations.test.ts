import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {readAudit} from '../../src/work/audit.ts';
import {listJobs} from '../../src/work/jobs.ts';
import {docker} from '../lab/docker.ts';
import {type Bundle, bundleOf} from '../support/bundle.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {openTerminal, readRestored, type Terminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait.ts';
import {prepareEngine} from '../support/prepare-engine.ts';
import {pressUntil, selectRow, typeSlowly} from './operate.ts';
import {type Home, makeHome, type SmallProject, startProject} from './own-console.ts';

const flock = await requireComponent('flock', () => existsSync('/usr/bin/flock'));

const engine = await requireComponent('a Docker engine', prepareEngine);

let bundle: Bundle;
let home: Home;
let open: readonly Terminal[] = [];

const files = () => ({
	place: join(home.folder, 'place'),
	go: join(home.folder, 'go'),
	state: join(home.folder, 'ops-state'),
});

/** A console on files of its own, in which two operations move a folder. */
function start(
	parameters: readonly string[] = ['--project', 'opsct-none'],
	checkAfterwards = false,
): Terminal {
	const {place, go, state} = files();
	const terminal = openTerminal({
		command: process.execPath,
		args: ['--', bundle.file, ...parameters],
		cwd: home.folder,
		checkAfterwards,
		env: {...home.env, OPSCONSOLE_STATE: state, OPSCT_FOLDER: place, OPSCT_WAIT: go},
	});
	open = [...open, terminal];
	return terminal;
}

/** Opens the whole stack's menu and chooses an action by its title. */
async function choose(terminal: Terminal, title: string): Promise<void> {
	await terminal.waitForText(/\d Host/);
	terminal.press('A');
	await terminal.waitForText(title);
	await pressUntil(terminal, 'down', `▶ ${title}`);
	terminal.press('enter');
}

/** Chooses the backup of files, and the one set that there is. */
async function chooseFiles(terminal: Terminal): Promise<void> {
	await choose(terminal, 'Back up configuration');
	await terminal.waitForText('▶ etc');
	terminal.press('enter');
}

/** What a terminal is like after a program that cleaned up. */
const restored = {isMainScreen: true, isCursorVisible: true, isLineMode: true};

const jobs = () => listJobs(join(files().state, 'ops'));

beforeAll(async () => {
	bundle = await bundleOf('screen-main.ts');
});
afterAll(() => bundle.remove());

beforeEach(() => {
	home = makeHome(
		'refresh: 500ms\nenvironment: {kind: test, name: t}\ndiscovery: {enabled: false}\nfile_sets: [{id: etc, folder: /etc}]\n',
	);
	mkdirSync(join(files().place, 'live'), {recursive: true});
	writeFileSync(join(files().place, 'live', 'data'), 'old');
});

afterEach(async () => {
	// A worker that still waits may end.
	writeFileSync(files().go, '');
	for (const terminal of open) await terminal.close();
	open = [];
	await waitFor(
		async () => ((await jobs()).every(({state}) => state === 'ended') ? true : undefined),
		{what: 'the end of every worker'},
	);
	home.remove();
});

describe.skipIf(flock.missing !== undefined)(titleWith(flock, 'an operation'), () => {
	test('goes on when the terminal is lost, and is there again at the next start (C01)', async () => {
		const first = start();
		await chooseFiles(first);
		await first.waitForText('[> Run <]');
		await pressUntil(first, 'enter', /step 2\/5/);
		// Always in sight, whatever else is looked at.
		first.press('esc');
		await first.waitForText(/1 Containers|2 Host/);
		expect(first.screen().lines[0]).toMatch(/> check that.* 2\/5/);
		first.hangUp();
		await first.exit;
		const second = start();
		await second.waitForText('Operations that are not over');
		second.press('enter');
		await second.waitForText(/> +2 /);
		writeFileSync(files().go, '');
		await second.waitForText(/\+ done/);
		expect(existsSync(join(files().place, 'flag'))).toBe(true);
		expect(await jobs()).toHaveLength(1);
	});

	test('that destroys starts by its typed text only: no paste, no burst, no held Enter (E10, C07, C08)', async () => {
		const terminal = start();
		await choose(terminal, 'Remove old backups');
		await terminal.waitForText('Type t/mover to confirm');
		terminal.type('\u001B[200~t/mover\r\u001B[201~');
		await terminal.waitForText('a paste does not count');
		terminal.press('backspace');
		await terminal.waitForScreen(({text}) => !text.includes('paste does not count'));
		terminal.type('t/mover\r\r');
		await terminal.waitForText('a paste does not count');
		await typeSlowly(terminal, 't/mover ');
		terminal.press('enter');
		await terminal.waitForText('this is not the text');
		terminal.press('backspace');
		await terminal.waitForText('matches; Enter runs it');
		expect(await jobs()).toEqual([]);
		writeFileSync(files().go, '');
		await pressUntil(terminal, 'enter', /\+ done|> running|step \d/);
		terminal.type('\r'.repeat(200));
		await terminal.waitForText(/\+ done/);
		expect(await jobs()).toHaveLength(1);
	});

	test('is cancelled after a question, and everything is as before', async () => {
		const terminal = start();
		await chooseFiles(terminal);
		await terminal.waitForText('[> Run <]');
		await pressUntil(terminal, 'enter', /step 2\/5/);
		terminal.press('c');
		await terminal.waitForText('It has not passed its point of no return');
		terminal.press('tab');
		await terminal.waitForText('[> Cancel it <]');
		terminal.press('enter');
		await terminal.waitForText('cancelled, taken back');
		expect(existsSync(join(files().place, 'new'))).toBe(false);
		expect(existsSync(join(files().place, 'live', 'data'))).toBe(true);
	});

	test('is refused by a read-only console, which lists it with the reason', async () => {
		const terminal = start(['--project', 'opsct-none', '--read-only']);
		await choose(terminal, 'Back up configuration');
		await terminal.waitForText('this console is read-only');
		terminal.press('enter', 'enter', 'q', 'q');
		await terminal.exit;
		expect(await jobs()).toEqual([]);
	});
});

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'a container'), () => {
	let project: SmallProject;
	beforeAll(async () => {
		// The first has a terminal and says what it reads; the other one counts and has none.
		const echo = 'while read line; do echo "got <$line>"; done';
		const count = 'n=0; while true; do n=$((n + 1)); echo "tick $n"; sleep 0.2; done';
		project = await startProject([
			{name: 'app', command: ['sh', '-c', echo], isTerminal: true},
			{name: 'ticks', command: ['sh', '-c', count]},
		]);
	});
	afterAll(() => project.remove());

	const stateOf = (number: number) =>
		docker([
			'inspect',
			'--format',
			'{{.State.Status}} {{.RestartCount}}',
			`${project.name}_${number}`,
		]);

	/** Opens the menu of a container and attaches to it. */
	async function attach(terminal: Terminal, service: string): Promise<void> {
		await terminal.waitForText(new RegExp(String.raw`\b${service} +running`));
		await selectRow(terminal, service);
		terminal.press('a');
		await terminal.waitForText('Attach to its output');
		await selectRow(terminal, 'Attach to its output');
		terminal.press('enter');
	}

	const audited = (count: number) =>
		waitFor(async () => {
			const seen = (await readAudit(join(files().state, 'audit'))).lines;
			return seen.length >= count ? seen : undefined;
		});

	test('a shell in it gets the terminal and gives it back; ctrl-c in it is for it', async () => {
		const terminal = start(['--project', project.name], true);
		await terminal.waitForText(/▶ +app/);
		terminal.press('S');
		await terminal.waitForText('Ctrl-D: back to the console');
		await terminal.waitForText(/[~/] #/);
		terminal.press('ctrl-c');
		terminal.type('echo $((40 + 2))x\r');
		await terminal.waitForText('42x');
		terminal.type('exit\r');
		await terminal.waitForText(/1 Containers/);
		expect(terminal.screen().text).not.toContain('42x');
		const lines = await audited(2);
		expect(lines.map(({kind}) => kind)).toEqual(['terminal', 'terminal-end']);
		expect(lines[1]).toMatchObject({operation: 'shell', exitStatus: 0});
		terminal.press('?');
		await terminal.waitForText('Keys');
		terminal.press('q', 'q');
		expect(await readRestored(terminal)).toMatchObject({status: 0, ...restored});
		expect(await stateOf(1)).toBe('running 0');
	});

	test('its terminal is attached to and left by the detach keys; it goes on', async () => {
		const terminal = start(['--project', project.name], true);
		await attach(terminal, 'app');
		await terminal.waitForText('Ctrl-P Ctrl-Q: back to the console');
		terminal.type('hello\r');
		await terminal.waitForText('got <hello>');
		terminal.press('ctrl-p', 'ctrl-q');
		await terminal.waitForText(/1 Containers/);
		expect(await stateOf(1)).toBe('running 0');
		const lines = await audited(2);
		expect(lines[0]).toMatchObject({kind: 'terminal', operation: 'attach'});
		// A key is answered again, and then it is left.
		terminal.press('?');
		await terminal.waitForText('Keys');
		terminal.press('q', 'q');
		expect(await readRestored(terminal)).toMatchObject({status: 0, ...restored});
	});

	test('without a terminal its output is shown until ctrl-c, which does not reach it', async () => {
		const terminal = start(['--project', project.name]);
		await attach(terminal, 'ticks');
		await terminal.waitForText('Ctrl-C: back to the console');
		await terminal.waitForText(/tick \d+\n+tick \d+/);
		terminal.press('ctrl-c');
		await terminal.waitForText(/1 Containers/);
		expect(await stateOf(2)).toBe('running 0');
		// The shell that looks afterwards would have got the ctrl-c as well; a person's shell does not.
		terminal.press('q');
		expect(await terminal.exit).toMatchObject({code: 0});
	});
});
