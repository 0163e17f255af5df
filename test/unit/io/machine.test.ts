import {mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';

import {createClock} from '../../../src/io/clock.ts';
import {createFiles} from '../../../src/io/files.ts';
import {createProcesses} from '../../../src/io/processes.ts';
import {ProblemError} from '../../../src/domain/problem.ts';

let folder = '';
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsconsole-files-'));
});
afterEach(() => rm(folder, {recursive: true}));

const never = new AbortController().signal;
const processes = createProcesses({PATH: process.env['PATH'], LANG: 'zh_CN.UTF-8'});

test('a program runs with an argument array, the C locale and its exit code', async () => {
	const result = await processes.run(['sh', '-c', 'echo "$LC_ALL:$0"; exit 3', '$(id)'], never);
	expect(result).toEqual({exitCode: 3, stdout: 'C:$(id)', stderr: ''});
});

test('a program that is not there is a problem, not a crash', async () => {
	await expect(processes.run(['opsconsole-no-such-program'], never)).rejects.toThrow(ProblemError);
	expect(await processes.has('opsconsole-no-such-program')).toBe(false);
	expect(await processes.has('sh')).toBe(true);
});

test('the signal ends a program and its reason is what rejects', async () => {
	const abort = new AbortController();
	const running = processes.run(['sleep', '60'], abort.signal);
	abort.abort(new Error('enough'));
	await expect(running).rejects.toThrow('enough');
});

test('lines come while the program runs, and stopping to read ends it', async () => {
	const seen: string[] = [];
	for await (const line of processes.lines(['yes', 'line'], never)) {
		seen.push(line);
		if (seen.length === 3) {
			break;
		}
	}

	expect(seen).toEqual(['line', 'line', 'line']);
});

test('files are read from an offset, with a limit, also where their size says 0', async () => {
	const files = createFiles();
	const path = join(folder, 'a.txt');
	await writeFile(path, '0123456789');
	await symlink(path, join(folder, 'b'));
	expect(Buffer.from(await files.readBytes(path, 4, 3)).toString()).toBe('456');
	expect(await files.readText('/proc/self/status')).toContain('VmRSS');
	const entries = await files.list(folder);
	expect(entries.map(({name, kind}) => `${name} ${kind}`).sort()).toEqual(['a.txt file', 'b link']);
	await expect(files.readText(join(folder, 'none'))).rejects.toMatchObject({code: 'ENOENT'});
});

test('a watch calls back by its timer even where the folder does not exist', async () => {
	const abort = new AbortController();
	await new Promise<void>(resolve => {
		createFiles().watch(join(folder, 'no', 'file'), 5, resolve, abort.signal);
	});
	abort.abort();
});

test('sleep rejects with the reason of the signal', async () => {
	const abort = new AbortController();
	const sleeping = createClock().sleep(60_000, abort.signal);
	abort.abort(new Error('woken'));
	await expect(sleeping).rejects.toThrow('woken');
});
