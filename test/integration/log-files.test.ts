import {
	appendFileSync,
	copyFileSync,
	mkdtempSync,
	renameSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';

import {createClock} from '../../src/io/clock.ts';
import {createFiles} from '../../src/io/files.ts';
import {createProcesses} from '../../src/io/processes.ts';
import type {LogTarget} from '../../src/domain/targets.ts';
import type {FollowState} from '../../src/sources/logs/follow-state.ts';
import {followFiles} from '../../src/sources/logs/follow-files.ts';
import {createPace} from '../../src/sources/logs/pace.ts';
import {createWake} from '../../src/sources/logs/wake.ts';
import type {Io} from '../../src/io/io.ts';
import {waitFor} from '../support/wait.ts';

let folder = '';
let stop = new AbortController();

function fail(): never {
	throw new Error('not used here');
}

/** Follows a path; gives the lines as they come and the last state. */
function follow(path: string) {
	const clock = createClock();
	const lines: string[] = [];
	const seen: {state: FollowState | undefined} = {state: undefined};
	const io: Io = {
		clock,
		files: createFiles(),
		processes: createProcesses(process.env),
		docker: {address: '', get: fail, stream: fail, version: fail},
		postgres: fail,
		redis: fail,
		http: {get: fail},
		tcp: {knock: fail},
		host: {hostname: fail, kernel: fail, platform: fail, userId: fail, fallback: fail},
		environment: {},
	};
	const target: LogTarget = {id: 'f', service: 'f', format: 'auto', from: {kind: 'file', path}};
	const sink = {
		push: (line: string) => lines.push(line),
		skip: (count: number) => lines.push(`skipped ${count}`),
		end: () => undefined,
	};
	const tools = {
		io,
		pace: createPace(clock, stop.signal),
		wake: createWake(stop.signal),
		onState: (state: FollowState) => {
			seen.state = state;
		},
		signal: stop.signal,
	};
	followFiles({target, path, open: () => sink}, tools).catch(() => undefined);
	return {
		lines,
		seen,
		isFollowing: () =>
			waitFor(() => (seen.state?.isFollowing === true ? true : undefined), {what: 'following'}),
		async has(expected: readonly string[]) {
			await waitFor(() => (lines.length >= expected.length ? true : undefined), {
				what: `${expected.length} lines, got ${lines.length}`,
			}).catch(() => undefined);
			expect([...lines].sort()).toEqual([...expected].sort());
		},
	};
}

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'opsct-files-'));
	stop = new AbortController();
});

afterEach(() => {
	stop.abort();
	rmSync(folder, {recursive: true, force: true});
});

/** Lets other work run between two writes, so that the follower sees some of the steps in between. */
function turn(): Promise<void> {
	return new Promise(resolve => setImmediate(resolve));
}

async function write(path: string, from: number, count: number, written: string[]): Promise<void> {
	for (let index = from; index < from + count; index++) {
		appendFileSync(path, `line ${index}\n`);
		written.push(`line ${index}`);
		if (index % 10 === 0) await turn();
	}
}

test('renaming rotation under load loses nothing and repeats nothing', async () => {
	const path = join(folder, 'app.log');
	writeFileSync(path, 'first\n');
	const followed = follow(path);
	await followed.isFollowing();
	const written = ['first'];
	for (let round = 0; round < 8; round++) {
		await write(path, round * 1000, 500, written);
		for (let old = 9; old > 0; old--) {
			const from = old === 1 ? path : `${path}.${old - 1}`;
			if (round >= old - 1) renameSync(from, `${path}.${old}`);
		}

		// A writer that has not opened the new file yet.
		await write(`${path}.1`, round * 1000 + 500, 50, written);
		writeFileSync(path, '');
	}

	await write(path, 90_000, 10, written);
	await followed.has(written);
});

test('copying rotation loses nothing and repeats nothing', async () => {
	const path = join(folder, 'app.log');
	writeFileSync(path, 'first\n');
	const followed = follow(path);
	await followed.isFollowing();
	const written = ['first'];
	for (let round = 0; round < 5; round++) {
		await write(path, round * 1000, 700, written);
		copyFileSync(path, `${path}.${round + 1}`);
		truncateSync(path, 0);
		await write(path, round * 1000 + 700, 5, written);
	}

	await followed.has(written);
});

test('a pattern: files that come later, and those that rotation renames inside it', async () => {
	writeFileSync(join(folder, 'a.log'), 'a1\n');
	const followed = follow(join(folder, '*.log'));
	await followed.isFollowing();
	renameSync(join(folder, 'a.log'), join(folder, 'a-20261121.log'));
	writeFileSync(join(folder, 'a.log'), 'a2\n');
	writeFileSync(join(folder, 'b.log'), 'b1\n');
	writeFileSync(join(folder, 'c.txt'), 'no\n');
	await followed.has(['a1', 'a2', 'b1']);
});

test('a file that is not there is said and read from its first line when it comes', async () => {
	const path = join(folder, 'late.log');
	const followed = follow(path);
	await waitFor(() =>
		followed.seen.state?.cause?.code === 'logs-file-missing' ? true : undefined,
	);
	writeFileSync(path, 'one\ntwo\npart');
	await waitFor(() => (followed.lines.length === 2 ? true : undefined));
	appendFileSync(path, 'ly\n');
	await followed.has(['one', 'two', 'partly']);
});

test('the look-back is at most 500 lines of the last 15 minutes', async () => {
	const path = join(folder, 'old.log');
	const recent = new Date().toISOString();
	writeFileSync(path, '2020-01-01T00:00:00Z ERROR old\n'.repeat(700) + `${recent} ERROR new\n`);
	const followed = follow(path);
	await followed.has([`${recent} ERROR new`]);
});
