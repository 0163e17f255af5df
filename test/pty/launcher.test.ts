import {spawnSync} from 'node:child_process';
import {chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const launcher = join(root, 'bin', 'opsconsole');
let folder = '';

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'opsconsole-launcher-'));
});

afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

/** Runs a program to its end and reads what it said. */
function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
	const {status, stdout, stderr} = spawnSync(command, [...args], {
		encoding: 'utf8',
		env: {...process.env, ...env},
	});
	return {status, stdout, stderr};
}

/** A Node on this machine that is too old for the program, where there is one. */
function oldNode(): string | undefined {
	const folders = (process.env['PATH'] ?? '').split(':');
	return folders
		.map(path => join(path, 'node'))
		.find(path => {
			const major = /^v(\d+)/.exec(spawnSync(path, ['--version'], {encoding: 'utf8'}).stdout)?.[1];
			return major !== undefined && Number(major) < 22;
		});
}

test('starts through links, relative and absolute, from another folder', () => {
	symlinkSync(launcher, join(folder, 'first'));
	symlinkSync('first', join(folder, 'second'));
	const {status, stdout, stderr} = run(join(folder, 'second'), ['--help']);
	expect(status).toBe(0);
	expect(stdout).toContain('opsconsole');
	expect(stderr).toBe('');
});

test('says in one line what to do where nothing was built', () => {
	mkdirSync(join(folder, 'bin'));
	copyFileSync(launcher, join(folder, 'bin', 'opsconsole'));
	chmodSync(join(folder, 'bin', 'opsconsole'), 0o755);
	const {status, stderr} = run(join(folder, 'bin', 'opsconsole'), []);
	expect(status).toBe(69);
	expect(stderr).toBe(
		`opsconsole: not built yet; run npm start (or npm run build) in ${folder}.\n`,
	);
});

test('an old Node runs it again with the Node that npm brought, or says what is needed', ({
	skip,
}) => {
	const node = oldNode();
	if (node === undefined) {
		skip('no Node older than 22 on this machine');
		return;
	}
	const program = join(root, 'dist', 'main.js');
	const again = run(node, [program, '--help']);
	expect(again.status).toBe(0);
	expect(again.stdout).toContain('opsconsole');
	const refused = run(node, [program, '--help'], {OPSCONSOLE_RERUN: '1'});
	expect(refused.status).toBe(69);
	expect(refused.stderr).toMatch(/^opsconsole: needs Node 22 or newer, this is [\d.]+; .*\n$/);
});
