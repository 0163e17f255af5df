import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {hostname, release} from 'node:os';
import {describe, expect, test} from 'vitest';

import type {HostValue} from '../../src/domain/host.ts';
import {createFiles} from '../../src/io/files.ts';
import {createHost} from '../../src/io/host.ts';
import {hostLoad} from '../../src/sources/host-load.ts';
import {hostProcesses} from '../../src/sources/host-processes.ts';
import {localIo} from '../support/io.ts';
import {waitFor} from '../support/wait.ts';

const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;

/** Output of a program, split into lines of words. */
function table(program: string, ...args: readonly string[]): readonly (readonly string[])[] {
	return execFileSync(program, args, {encoding: 'utf8', env: {...process.env, LC_ALL: 'C'}})
		.trim()
		.split('\n')
		.map(line => line.trim().split(/\s+/));
}

/** Every number in a value. */
function numbers(value: unknown): readonly number[] {
	if (typeof value === 'number') return [value];
	if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbers);
	return [];
}

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
	test('values agree with free, df, uptime and /proc', async () => {
		const reader = hostLoad.open(localIo(), undefined);
		const first = await reader.read(signal);
		expect(first.cpu.busyPercent).toBeUndefined();
		expect(first.cpu.cores).toBe(table('nproc', '--all').flat().map(Number)[0]);
		expect(first.hostname).toBe(hostname());
		expect(first.kernel).toBe(release());

		const uptime = Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
		expect(Math.abs((first.uptimeSeconds ?? 0) - uptime)).toBeLessThan(60);
		expect(first.load).toHaveLength(3);

		const free = table('free', '-b').find(row => row[0] === 'Mem:') ?? [];
		expect(first.memory?.totalBytes).toBe(Number(free[1]));
		expect(Math.abs((first.memory?.availableBytes ?? 0) - Number(free[6]))).toBeLessThan(
			512 * mebibyte,
		);
		const swap = table('free', '-b').find(row => row[0] === 'Swap:') ?? [];
		expect(first.swap?.totalBytes ?? 0).toBe(Number(swap[1]));
	});

	test('disks agree with df', async () => {
		const value = await hostLoad.open(localIo(), undefined).read(signal);
		const rows = table('df', '-B1', '--output=target,size,used,avail,pcent,ipcent').slice(1);
		for (const disk of value.disks) {
			const row = rows.find(columns => columns[0] === disk.mount);
			// df leaves out what is mounted over a file, as in containers.
			if (row === undefined) continue;
			expect(disk.totalBytes).toBe(Number(row[1]));
			expect(Math.abs(disk.usedBytes - Number(row[2]))).toBeLessThan(1024 * mebibyte);
			expect(Math.abs(disk.usedPercent - Number.parseInt(row[4] ?? '', 10))).toBeLessThanOrEqual(2);
			if (disk.inodesUsedPercent !== undefined) {
				const inodesPercent = Number.parseInt(row[5] ?? '', 10);
				expect(Math.abs(disk.inodesUsedPercent - inodesPercent)).toBeLessThanOrEqual(2);
			}
		}

		expect(new Set(value.disks.map(disk => disk.device)).size).toBe(value.disks.length);
	});

	test('the second sample has rates, and nothing is NaN', async () => {
		const reader = hostLoad.open(localIo(), undefined);
		const first = await reader.read(signal);
		// The kernel counts in steps of 10 ms, so the next one may come too soon.
		const second = await waitFor<HostValue>(
			async () => {
				const value = await reader.read(signal);
				return value.cpu.busyPercent === undefined ? undefined : value;
			},
			{what: 'a CPU share'},
		);
		expect(second.cpu.busyPercent).toBeGreaterThanOrEqual(0);
		expect(second.cpu.busyPercent).toBeLessThanOrEqual(100);
		for (const card of second.network) {
			expect(card.receivedBytesPerSecond).toBeGreaterThanOrEqual(0);
			expect(card.sentBytesPerSecond).toBeGreaterThanOrEqual(0);
		}

		for (const value of [first, second]) {
			expect(numbers(value).every(Number.isFinite)).toBe(true);
			expect(value.network.map(card => card.name)).not.toContain('lo');
		}
	});

	test('a mount that hangs or is forbidden is named and delays nothing', async () => {
		const files = createFiles();
		let asked = 0;
		const mounts = [
			'1 0 0:1 / / rw - ext4 /dev/vda rw',
			'2 1 0:2 / /mnt/away rw - nfs4 away:/a rw',
			'3 1 0:3 / /mnt/closed rw - ext4 /dev/vdb rw',
		].join('\n');
		const io = localIo({
			files: {
				...files,
				readText: async (path, maxBytes) =>
					path === '/proc/self/mountinfo' ? mounts : files.readText(path, maxBytes),
				async statfs(path) {
					if (path === '/mnt/away') {
						asked++;
						return await new Promise<never>(() => undefined);
					}

					if (path === '/mnt/closed') {
						throw Object.assign(new Error('no'), {code: 'EACCES'});
					}

					return files.statfs(path);
				},
			},
		});
		const reader = hostLoad.open(io, undefined);
		const expected = [
			{mount: '/mnt/closed', reason: 'no-right'},
			{mount: '/mnt/away', reason: 'no-answer'},
		];
		for (let round = 0; round < 3; round++) {
			const value = await reader.read(signal);
			expect(value.disks.map(disk => disk.mount)).toEqual(['/']);
			expect(value.unreadDisks).toEqual(expected);
		}

		expect(asked).toBe(1);
	});

	test('A19: without any disk, swap or network the rest is there', async () => {
		const files = createFiles();
		const io = localIo({
			files: {
				...files,
				async readText(path, maxBytes) {
					if (path === '/proc/stat') return files.readText(path, maxBytes);
					if (path === '/proc/meminfo') return 'MemTotal: 1000 kB\nMemAvailable: 10 kB\n';
					throw Object.assign(new Error('no'), {code: 'ENOENT'});
				},
			},
		});
		const value = await hostLoad.open(io, undefined).read(signal);
		expect(value).toMatchObject({disks: [], network: [], memory: {usedPercent: 99}});
		expect(value).not.toHaveProperty('swap');
		expect(value).not.toHaveProperty('load');
		expect(value).not.toHaveProperty('uptimeSeconds');
		expect(numbers(value).every(Number.isFinite)).toBe(true);
	});

	test('top processes: this one with its owner and start', async () => {
		const {processes} = await hostProcesses.read(localIo(), undefined, signal);
		expect(processes.length).toBeGreaterThan(0);
		expect(numbers(processes).every(Number.isFinite)).toBe(true);
		const me = processes.find(entry => entry.pid === process.pid);
		expect(me).toMatchObject({user: execFileSync('id', ['-un'], {encoding: 'utf8'}).trim()});
		const startedAtMs = Date.now() - performance.now();
		expect(Math.abs((me?.startedAtMs ?? 0) - startedAtMs)).toBeLessThan(60_000);
		expect(me?.memoryBytes).toBeGreaterThan(10 * mebibyte);
	});
});

test('the fallback has the same shape', async () => {
	const value = await createHost().fallback(signal);
	expect(value.hostname).toBe(hostname());
	expect(value.cpu.cores).toBeGreaterThan(0);
	expect(value.memory?.totalBytes).toBeGreaterThan(0);
	expect(value.uptimeSeconds).toBeGreaterThan(0);
	expect(value.disks.length).toBeGreaterThan(0);
	expect(numbers(value).every(Number.isFinite)).toBe(true);
});
