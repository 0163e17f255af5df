import {describe, expect, test} from 'vitest';
import type {Container} from '../../../src/domain/containers.ts';
import type {FileEntry, Files} from '../../../src/io/io.ts';
import {openCgroup} from '../../../src/sources/cgroup-reader.ts';
import {partialIo} from '../../support/io.ts';
import {container} from '../../support/state.ts';

const id = 'c0ffee'.repeat(10) + 'abcd';
const pid = 4242;
const round = {atMs: 1000, systemNanoseconds: 5e9, onlineCpus: 2, hostBytes: 8 * 2 ** 30};

/** Files of a machine as a map; a path that is a beginning of another one is a folder. */
function filesOf(texts: Readonly<Record<string, string>>, inodes: Record<string, number> = {}) {
	const open: string[] = [];
	const entry = (path: string): FileEntry => ({
		name: path.slice(path.lastIndexOf('/') + 1),
		kind: texts[path] === undefined ? 'folder' : 'file',
		bytes: 0,
		modifiedAtMs: 0,
		mode: 0o644,
		ownerId: 0,
		groupId: 0,
		inode: inodes[path] ?? 1,
		device: 1,
	});
	const isThere = (path: string): boolean =>
		Object.keys({...texts, ...inodes}).some(one => one === path || one.startsWith(`${path}/`));
	const missing = (path: string) => Promise.reject(new Error(`ENOENT ${path}`));
	const files: Files = {
		...partialIo().files,
		stat: path => (isThere(path) ? Promise.resolve(entry(path)) : missing(path)),
		readText: path => {
			const text = texts[path];
			return text === undefined ? missing(path) : Promise.resolve(text);
		},
		probe: path => {
			const text = texts[path];
			if (text === undefined) return undefined;
			open.push(path);
			return {read: () => texts[path], close: () => void open.splice(open.indexOf(path), 1)};
		},
	};
	return {files, open};
}

function running(): Container {
	return container('web', {id, pid});
}

/** The files of a v2 group as the kernel writes them (admin-guide/cgroup-v2). */
function unifiedGroup(folder: string, limit = 'max'): Record<string, string> {
	return {
		'/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma misc\n',
		[`${folder}/cpu.stat`]:
			'usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n',
		[`${folder}/memory.current`]: '52428800\n',
		[`${folder}/memory.stat`]:
			'anon 31457280\nfile 20971520\nkernel 102400\ninactive_anon 0\nactive_anon 31457280\ninactive_file 10485760\nactive_file 10485760\n',
		[`${folder}/memory.max`]: `${limit}\n`,
		[`${folder}/pids.current`]: '7\n',
		[`${folder}/io.stat`]:
			'8:16 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n8:0 rbytes=100 wbytes=200 rios=1 wios=1 dbytes=0 dios=0\n',
	};
}

const netDev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     999      10    0    0    0     0          0         0      999      10    0    0    0     0       0          0
  eth0: 1234567    1000    0    0    0     0          0         0   765432     800    0    0    0     0       0          0
`;

describe('control groups v2', () => {
	test.each([
		['cgroupfs driver', `/docker/${id}`],
		['systemd driver', `/system.slice/docker-${id}.scope`],
		['rootless', `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`],
		['a parent of its own', `/my.slice/docker-${id}.scope`],
	])('%s', async (_name, path) => {
		const {files, open} = filesOf(
			{
				...unifiedGroup(`/sys/fs/cgroup${path}`, '67108864'),
				[`/proc/${pid}/cgroup`]: `0::${path}\n`,
				[`/proc/${pid}/net/dev`]: netDev,
			},
			{[`/proc/${pid}/ns/net`]: 77, '/proc/self/ns/net': 1},
		);
		const reader = await openCgroup(partialIo({files}), running());
		expect(reader?.read(round)).toEqual({
			atMs: 1000,
			systemNanoseconds: 5e9,
			onlineCpus: 2,
			cpuNanoseconds: 1.5e9,
			memoryUsedBytes: 52_428_800 - 10_485_760,
			memoryLimitBytes: 67_108_864,
			receivedBytes: 1_234_567,
			sentBytes: 765_432,
			readBytes: 4196,
			writtenBytes: 8392,
			pids: 7,
		});
		reader?.close();
		expect(open).toEqual([]);
	});

	test('a group in which nothing ran is read in full now and then, one that ran always', async () => {
		const folder = `/sys/fs/cgroup/docker/${id}`;
		const texts = unifiedGroup(folder);
		const {files} = filesOf(texts);
		const reader = await openCgroup(partialIo({files}), running());
		const read = () => reader?.read({...round, atMs: 0}) ?? {pids: undefined, atMs: undefined};
		expect(read()).toMatchObject({pids: 7, atMs: 0});
		texts[`${folder}/pids.current`] = '8\n';
		expect(reader?.read({...round, atMs: 2000})).toMatchObject({pids: 7, atMs: 2000});
		expect([read(), read(), read(), read()].map(({pids}) => pids)).toEqual([7, 7, 7, 8]);
		texts[`${folder}/pids.current`] = '9\n';
		texts[`${folder}/cpu.stat`] = 'usage_usec 1500001\n';
		expect(read().pids).toBe(9);
		texts[`${folder}/pids.current`] = '10\n';
		texts[`${folder}/memory.current`] = '52428801\n';
		expect(read().pids).toBe(10);
	});

	test('packets are counted although nothing ran in the group', async () => {
		const path = `/docker/${id}`;
		const texts: Record<string, string> = {
			...unifiedGroup(`/sys/fs/cgroup${path}`),
			[`/proc/${pid}/cgroup`]: `0::${path}\n`,
			[`/proc/${pid}/net/dev`]: netDev,
		};
		const {files} = filesOf(texts, {[`/proc/${pid}/ns/net`]: 77, '/proc/self/ns/net': 1});
		const reader = await openCgroup(partialIo({files}), running());
		expect(reader?.read(round)?.receivedBytes).toBe(1_234_567);
		texts[`/proc/${pid}/net/dev`] = netDev.replace('1234567', '1234568');
		expect(reader?.read(round)?.receivedBytes).toBe(1_234_568);
	});

	test('no limit, no process id, no block device: what is not there is not told', async () => {
		const folder = `/sys/fs/cgroup/docker/${id}`;
		const {[`${folder}/io.stat`]: _io, ...group} = unifiedGroup(folder);
		const {files} = filesOf(group);
		const {pid: _pid, ...container} = running();
		const sample = (await openCgroup(partialIo({files}), container))?.read(round);
		expect(sample?.cpuNanoseconds).toBe(1.5e9);
		expect(sample).not.toHaveProperty('memoryLimitBytes');
		expect(sample).not.toHaveProperty('receivedBytes');
		expect(sample).not.toHaveProperty('readBytes');
	});

	test('the network of the host is not the container’s', async () => {
		const path = `/docker/${id}`;
		const {files} = filesOf(
			{
				...unifiedGroup(`/sys/fs/cgroup${path}`),
				[`/proc/${pid}/cgroup`]: `0::${path}\n`,
				[`/proc/${pid}/net/dev`]: netDev,
			},
			{[`/proc/${pid}/ns/net`]: 1, '/proc/self/ns/net': 1},
		);
		const sample = (await openCgroup(partialIo({files}), running()))?.read(round);
		expect(sample).not.toHaveProperty('receivedBytes');
	});

	test('a group or its files out of sight: another way is needed', async () => {
		const nothing = filesOf({'/sys/fs/cgroup/cgroup.controllers': 'cpu\n'});
		expect(await openCgroup(partialIo({files: nothing.files}), running())).toBeUndefined();
		const folder = `/sys/fs/cgroup/docker/${id}`;
		const {[`${folder}/cpu.stat`]: _cpu, ...group} = unifiedGroup(folder);
		const half = filesOf(group);
		expect(await openCgroup(partialIo({files: half.files}), running())).toBeUndefined();
		expect(half.open).toEqual([]);
	});
});
