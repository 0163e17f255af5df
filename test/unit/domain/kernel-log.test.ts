import {describe, expect, it} from 'vitest';
import {
	kernelFindings,
	lockedMounts,
	parseDmesg,
	parseKernelJournal,
} from '../../../src/domain/kernel-log.ts';

const id = 'ab'.repeat(32);

describe('messages of the kernel', () => {
	it('reads those of the journal and of dmesg with their times', () => {
		expect(
			parseKernelJournal('1763751600.250000 web-1 kernel: hello: world\n-- No entries --'),
		).toEqual([{atMs: 1_763_751_600_250, text: 'hello: world'}]);
		expect(parseDmesg('[   12.500000] up\n[    1.0', 1000)).toEqual([
			{atMs: 13_500, text: 'up'},
			{text: '[    1.0'},
		]);
		expect(parseDmesg('[   12.500000] up', undefined)).toEqual([{text: 'up'}]);
	});

	it('names the container of a process that its limit killed', () => {
		const text = [
			`[10.0] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${id},mems_allowed=0,oom_memcg=/docker/${id},task_memcg=/docker/${id},task=python3,pid=77,uid=0`,
			'[10.1] Memory cgroup out of memory: Killed process 77 (python3) total-vm:478108kB, anon-rss:260944kB',
			'[11.0] Out of memory: Killed process 78 (java (main)) total-vm:1kB, anon-rss:1kB',
		].join('\n');
		expect(kernelFindings(parseDmesg(text, 0)).map(({trouble}) => trouble)).toEqual([
			{kind: 'oom', victim: 'python3', pid: 77, isLimit: true, place: {containerId: id}},
			{kind: 'oom', victim: 'java (main)', pid: 78, isLimit: false, place: {}},
		]);
	});

	it.each([
		['blk_update_request: I/O error, dev sda, sector 2048 op 0x0', {kind: 'io', device: 'sda'}],
		['critical medium error, dev nvme0n1, sector 1', {kind: 'io', device: 'nvme0n1'}],
		['Buffer I/O error on dev dm-0, logical block 9', {kind: 'io', device: 'dm-0'}],
		['EXT4-fs error (device sda1): ext4_lookup:1', {kind: 'io', device: 'sda1'}],
		['EXT4-fs (sda1): Remounting filesystem read-only', {kind: 'read-only', device: 'sda1'}],
		[
			'XFS (sdb1): Corruption detected. Shutting down filesystem',
			{kind: 'read-only', device: 'sdb1'},
		],
		['INFO: task kworker/1:2:99 blocked for more than 120 seconds.', {kind: 'hung'}],
		['app[12]: segfault at 0 ip 0000 sp 0000 error 4', {kind: 'crash'}],
	])('recognises %s', (text, trouble) => {
		expect(kernelFindings([{text}])).toEqual([{text, trouble}]);
	});

	it.each(['blk_update_request: I/O error, dev fd0, sector 0', 'eth0: link up', ''])(
		'leaves alone %s',
		text => expect(kernelFindings([{text}])).toEqual([]),
	);

	it('tells a mount that became read-only from one that was meant to be', () => {
		const mounts = [
			'1 0 8:1 / / rw,relatime - ext4 /dev/sda1 ro,errors=remount-ro',
			'2 0 8:2 / /media ro,relatime - ext4 /dev/sdb1 ro',
			'3 0 0:5 / /run rw - tmpfs tmpfs ro',
		];
		expect(lockedMounts(mounts.join('\n'))).toEqual(['/']);
	});
});
