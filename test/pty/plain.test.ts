import {spawn} from 'node:child_process';
import {afterEach, describe, expect, test} from 'vitest';
import {openTerminal} from '../support/terminal.ts';
import {objectOf} from '../../src/domain/unknown.ts';
import {hasControls} from './terminal-bytes.ts';
import {hostOnly, launcher, makeHome, type Home} from './own-console.ts';

const homes: Home[] = [];

afterEach(() => {
	for (const home of homes.splice(0)) home.remove();
});

type Outcome = {
	readonly status: number | null;
	readonly signal: string | null;
	readonly stdout: string;
	readonly stderr: string;
};

/** Runs the program (or a line of shell with `$0` for it) without a terminal, to its end. */
function run(
	args: readonly string[],
	options: {readonly config?: string; readonly shell?: string} = {},
): Promise<Outcome> {
	const home = makeHome(options.config ?? hostOnly);
	homes.push(home);
	const [command, parameters] = options.shell
		? ['/bin/bash', ['-c', options.shell, launcher, ...args]]
		: [launcher, args];
	return new Promise((resolve, reject) => {
		const child = spawn(command, [...parameters], {
			cwd: home.folder,
			env: {...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...home.env},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		const texts = {stdout: '', stderr: ''};
		child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
		child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
		child.on('error', reject);
		child.on('close', (status, signal) => resolve({status, signal, ...texts}));
	});
}

describe('without a terminal', () => {
	test('prints the plain report once, without escape codes', async () => {
		const {status, stdout, stderr} = await run([]);
		expect([0, 1, 2, 3]).toContain(status);
		expect(stdout).toMatch(/cpu/i);
		expect(hasControls(stdout)).toBe(false);
		expect(stderr).toBe('');
	});

	test('--json is one JSON document', async () => {
		const {status, stdout, stderr} = await run(['--json']);
		expect([0, 1, 2, 3]).toContain(status);
		expect(Object.keys(objectOf(JSON.parse(stdout)))).toContain('version');
		expect(stderr).toBe('');
	});

	test('where only the input, only the output or both are missing', async () => {
		const lines = ['"$0" < /dev/null', '"$0" | cat', '"$0" < /dev/null | cat'];
		const outputs = await Promise.all(
			lines.map(async line => {
				const home = makeHome(hostOnly);
				homes.push(home);
				const terminal = openTerminal({
					command: '/bin/bash',
					args: ['-c', line, launcher],
					cwd: home.folder,
					env: home.env,
					rows: 60,
				});
				await terminal.exit;
				await terminal.close();
				return terminal.raw().toString('utf8');
			}),
		);
		for (const [index, text] of outputs.entries()) {
			expect(text, lines[index]).toMatch(/cpu/i);
			expect(hasControls(text), lines[index]).toBe(false);
		}
	});
});

describe('a reader that goes away', () => {
	test('is no failure', async () => {
		const all = ['status', 'status --json', 'doctor', '--help', '--version'];
		const outcomes = await Promise.all(
			all.map(args => run([], {shell: `"$0" ${args} | true; echo "\${PIPESTATUS[0]}"`})),
		);
		for (const [index, {stdout, stderr}] of outcomes.entries()) {
			expect(stderr, all[index]).toBe('');
			expect(['0', '1', '2', '3'], all[index]).toContain(stdout.trim());
		}
	});

	test('status | head -1', async () => {
		const {stdout, stderr} = await run([], {shell: '"$0" status | head -1'});
		expect(stdout.split('\n')).toHaveLength(2);
		expect(stderr).toBe('');
	});
});

describe('the command line', () => {
	test('that is wrong is refused with status 64 and its cause', async () => {
		const cases: readonly (readonly [readonly string[], RegExp])[] = [
			[['--nonsense'], /--nonsense/],
			[['start'], /unknown command "start"/],
			[['status', 'now'], /"now"/],
			[['--refresh'], /refresh/],
			[['--json=1'], /json/],
			[['--lang', 'fr'], /fr/],
			[['--environment', 'moon'], /moon/],
			[['--system', 'nothing'], /nothing/],
			[['--refresh', 'soon'], /soon/],
			[['--config', '/no/such/file.yaml'], /\/no\/such\/file\.yaml/],
		];
		const outcomes = await Promise.all(cases.map(([args]) => run(args)));
		for (const [index, {status, stdout, stderr}] of outcomes.entries()) {
			const [args, cause] = cases[index] ?? [[], /^$/];
			const what = args.join(' ');
			expect(stderr, what).toMatch(cause);
			expect(stderr, what).not.toMatch(/^\s+at /m);
			expect(stderr.trim().split('\n').length, what).toBeLessThanOrEqual(2);
			expect(stdout, what).toBe('');
			expect(status, what).toBe(64);
		}
	});

	test('--help names every option and command, within 100 columns', async () => {
		const {status, stdout, stderr} = await run(['--help']);
		expect(status).toBe(0);
		expect(stderr).toBe('');
		for (const word of ['status', 'init', 'doctor', '--config', '--system', '--environment']) {
			expect(stdout).toContain(word);
		}

		for (const word of ['--project', '--host', '--lang', '--json', '--ascii', '--read-only']) {
			expect(stdout).toContain(word);
		}

		for (const word of ['--refresh', '--force', '--output', '--version', 'Exit status']) {
			expect(stdout).toContain(word);
		}

		expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(100);
	});

	test('--version is a name and a number', async () => {
		const {status, stdout} = await run(['--version']);
		expect(status).toBe(0);
		expect(stdout).toMatch(/^opsconsole \d+\.\d+\.\d+\n$/);
	});

	test('a wrong configuration is refused with its place, in each of its mistakes', async () => {
		const config = 'refresh: often\ndocker:\n  enbled: true\nredis: 5\n';
		const {status, stdout, stderr} = await run(['status'], {config});
		expect(status).toBe(64);
		expect(stdout).toBe('');
		expect(stderr).toMatch(/opsconsole\.yaml:1:\d+: .*refresh/);
		expect(stderr).toMatch(/opsconsole\.yaml:3:3: .*enbled.*enabled/s);
		expect(stderr).toMatch(/opsconsole\.yaml:4:\d+: /);
		const broken = await run(['status'], {config: 'a: [1,\n b: "\n'});
		expect(broken.status).toBe(64);
		expect(broken.stderr).toMatch(/opsconsole\.yaml:\d+:\d+: /);
	});
});
