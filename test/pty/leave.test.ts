import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {prepareEngine} from '../support/lab.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {readRestored, type Terminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait.ts';
import {builtProgram, consoles, launcher, type SmallProject, startProject} from './own-console.ts';

const engine = await requireComponent('a Docker engine', prepareEngine);
const {start, closeAll} = consoles();

afterEach(closeAll);

/** What a terminal is like after a program that cleaned up. */
const restored = {
	isMainScreen: true,
	isCursorVisible: true,
	isPasteOff: true,
	isAutowrapOn: true,
	isMouseOff: true,
	isLineMode: true,
};

/** The text of the host panel's title, which every configuration has. */
const hostPanel = /\d Host/;

/** The pids of the processes below a process, by /proc. */
function processesBelow(pid: number): readonly number[] {
	const path = `/proc/${pid}/task/${pid}/children`;
	const children = existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ') : [];
	return children
		.filter(Boolean)
		.flatMap(child => [Number(child), ...processesBelow(Number(child))]);
}

/** The processes of the program under a shell that started it: the one that the shell knows, and the one it runs. */
function consolePids(terminal: Terminal): {readonly outer: number; readonly inner: number} {
	const pids = [terminal.pid, ...processesBelow(terminal.pid)].filter(pid =>
		/^[^\0]*node[^\0]*\0(--[a-z][^\0]*\0)*[^\0]*dist\/main\.js\0/.test(
			readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
		),
	);
	const [outer, inner = outer] = pids;
	if (outer === undefined || inner === undefined) throw new Error('the console does not run');
	return {outer, inner};
}

/** Waits for the end of a process; whether somebody already asked for its status is not its matter. */
async function gone(pid: number, deadlineMs: number): Promise<void> {
	const hasEnded = () =>
		!existsSync(`/proc/${pid}`) || /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
	await waitFor(() => (hasEnded() ? true : undefined), {
		deadlineMs,
		what: `the end of process ${pid}`,
	});
}

describe.skipIf(engine.missing !== undefined)(titleWith(engine, 'the console starts'), () => {
	let project: SmallProject;
	beforeAll(async () => {
		project = await startProject([{name: 'app'}, {name: 'db'}]);
	});
	afterAll(() => project.remove());

	test('with the containers in its first seconds, and q leaves with status 0', async () => {
		const terminal = start({
			config: 'discovery: {enabled: false}\n',
			args: ['--project', project.name],
			checkAfterwards: true,
		});
		await terminal.waitForText(/app +running[^]*db +running/);
		await terminal.waitForScreen(screen => screen.isAlternateScreen && screen.isBracketedPaste);
		terminal.press('q');
		expect(await readRestored(terminal)).toEqual({status: 0, ...restored});
	});
});

describe('the terminal is as it was', () => {
	test.each(['q', 'ctrl-c'])('after %s', async key => {
		const terminal = start({checkAfterwards: true});
		await terminal.waitForText(hostPanel);
		terminal.press(key);
		expect(await readRestored(terminal)).toEqual({status: 0, ...restored});
	});

	test('after every signal, with its status', async () => {
		const signals = {SIGTERM: 143, SIGHUP: 129, SIGINT: 130, SIGQUIT: 131} as const;
		const end = async (signal: keyof typeof signals) => {
			const terminal = start({checkAfterwards: true});
			await terminal.waitForText(hostPanel);
			process.kill(consolePids(terminal).outer, signal);
			expect(await readRestored(terminal), signal).toEqual({status: signals[signal], ...restored});
		};
		await Promise.all([end('SIGTERM'), end('SIGHUP'), end('SIGINT'), end('SIGQUIT')]);
	});

	test('after every crash, with its cause in one line and without secrets', async () => {
		const crash = async (kind: string) => {
			const terminal = start({checkAfterwards: true, env: {OPSCONSOLE_FAILPOINT: kind}});
			await terminal.waitForText(hostPanel);
			terminal.press('ctrl-l');
			expect(await readRestored(terminal), kind).toEqual({status: 70, ...restored});
			const {text} = terminal.screen();
			expect(text).toContain('opsconsole: failed on its own: Error: failpoint password=•••');
			expect(text).not.toMatch(/hunter2|second line|^\s+at |node:internal/m);
		};
		await Promise.all([crash('exception'), crash('rejection'), crash('view')]);
	});

	test('after a wrong configuration, which is told by its place', async () => {
		const terminal = start({checkAfterwards: true, config: 'docker:\n  enbled: true\n'});
		expect(await readRestored(terminal)).toEqual({status: 64, ...restored});
		expect(terminal.screen().text).toMatch(/opsconsole\.yaml:2:3: .*enbled/);
		expect(terminal.raw().toString()).not.toContain('\u001B[?1049h');
	});

	test('when q is pressed before there is anything to see', async () => {
		const terminal = start({checkAfterwards: true});
		terminal.press('q');
		expect(await readRestored(terminal)).toEqual({status: 0, ...restored});
	});

	test('under a Node that is too old and runs another one', async ({skip}) => {
		const node = ['/usr/bin/node', '/usr/local/bin/node'].find(path => {
			const version = spawnSync(path, ['--version'], {encoding: 'utf8'}).stdout;
			return /^v\d+/.test(version) && Number(/^v(\d+)/.exec(version)?.[1]) < 22;
		});
		if (node === undefined) {
			skip('no Node older than 22 on this machine');
			return;
		}

		const leaving = start({command: node, args: [builtProgram], checkAfterwards: true});
		await leaving.waitForText(hostPanel);
		leaving.press('q');
		expect(await readRestored(leaving)).toEqual({status: 0, ...restored});
		const ended = start({command: node, args: [builtProgram], checkAfterwards: true});
		await ended.waitForText(hostPanel);
		process.kill(consolePids(ended).outer, 'SIGTERM');
		expect(await readRestored(ended)).toEqual({status: 143, ...restored});
	});
});

describe('no process stays behind', () => {
	test('when the connection breaks', async () => {
		const terminal = start();
		await terminal.waitForText(hostPanel);
		const pids = [terminal.pid, ...processesBelow(terminal.pid)];
		terminal.hangUp();
		for (const pid of pids) await gone(pid, 2000);
	});

	test('when the connection breaks and a shell above it hears nothing', async () => {
		const terminal = start({
			command: '/bin/sh',
			args: ['-c', `trap '' HUP; ${launcher}; exit 0`],
		});
		await terminal.waitForText(hostPanel);
		const pid = consolePids(terminal).inner;
		terminal.hangUp();
		await gone(pid, 2000);
	});

	test('when the shell above it is killed', async () => {
		const terminal = start({command: '/bin/sh', args: ['-c', `${launcher}; exit 0`]});
		await terminal.waitForText(hostPanel);
		const pid = consolePids(terminal).inner;
		terminal.kill('SIGKILL');
		await gone(pid, 2000);
	});
});
