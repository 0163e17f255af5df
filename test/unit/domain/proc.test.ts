import {describe, expect, test} from 'vitest';
import {realMounts} from '../../../src/domain/mounts.ts';
import {
	cpuShares,
	parseDiskstats,
	parseLoad,
	parseMeminfo,
	parseNetDev,
	parseStat,
	parseUptime,
	perSecond,
} from '../../../src/domain/proc.ts';

const odd = [
	'',
	'\n\n',
	'garbage',
	'cpu',
	'cpu x y z',
	'\0\0',
	'MemTotal:',
	'cpu  1 2',
	'0'.repeat(9999),
];

/** Whether a NaN is anywhere in a value. */
function hasNaN(value: unknown): boolean {
	if (typeof value === 'number') return Number.isNaN(value);
	if (value instanceof Map) return [...value.values()].some(hasNaN);
	if (typeof value === 'object' && value !== null) return Object.values(value).some(hasNaN);
	return false;
}

test('A19: odd files give nothing and never NaN', () => {
	for (const text of odd) {
		for (const parse of [
			parseStat,
			parseMeminfo,
			parseNetDev,
			parseDiskstats,
			parseLoad,
			parseUptime,
			realMounts,
		]) {
			expect(hasNaN(parse(text)), `${parse.name} of ${text.slice(0, 20)}`).toBe(false);
		}
	}

	expect(parseLoad('')).toBeUndefined();
	expect(parseUptime('')).toBeUndefined();
	expect(parseMeminfo('MemTotal: 0 kB')).toEqual({});
	expect(parseStat('').all).toBeUndefined();
});

describe('cpu', () => {
	const before = parseStat(
		'cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 50 0 50 400 0 0 0 0 0 0\ncpu1 50 0 50 400 0 0 0 0\nbtime 1795000000\n',
	);
	const after = parseStat(
		'cpu  150 0 110 900 20 0 5 15 0 0\ncpu0 100 0 60 400 20 0 5 15 0 0\ncpu2 50 0 50 400 0 0 0 0\n',
	);

	test('shares of the interval', () => {
		expect(cpuShares(before.all, after.all)).toEqual({
			busyPercent: 40,
			ioWaitPercent: 10,
			stealPercent: 7.5,
		});
		expect(before.bootedAtMs).toBe(1_795_000_000_000);
		expect([...after.cores.keys()]).toEqual([0, 2]);
	});

	test('no time passed, counters reset, a first sample: nothing', () => {
		expect(cpuShares(before.all, before.all)).toBeUndefined();
		expect(cpuShares(after.all, before.all)).toBeUndefined();
		expect(cpuShares(undefined, after.all)).toBeUndefined();
	});

	test('a counter that steps back stays within 0 and 100', () => {
		const back = parseStat('cpu  90 0 100 830 0 0 0 0 0 0').all;
		expect(cpuShares(before.all, back)?.busyPercent).toBe(0);
	});

	test('kernels with four columns', () => {
		expect(parseStat('cpu 10 0 10 80').all).toEqual({busy: 20, ioWait: 0, steal: 0, total: 100});
	});
});

describe('memory', () => {
	test('as free prints it', () => {
		const info = parseMeminfo(
			'MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\nBuffers: 50 kB\nCached: 200 kB\nSReclaimable: 10 kB\nSwapTotal: 500 kB\nSwapFree: 400 kB\n',
		);
		expect(info.memory).toEqual({
			totalBytes: 1_024_000,
			availableBytes: 409_600,
			usedBytes: 614_400,
			usedPercent: 60,
			cachedBytes: 266_240,
		});
		expect(info.swap).toEqual({totalBytes: 512_000, usedBytes: 102_400, usedPercent: 20});
	});

	test('no swap; no MemAvailable', () => {
		const info = parseMeminfo(
			'MemTotal: 1000 kB\nMemFree: 100 kB\nCached: 200 kB\nSwapTotal: 0 kB',
		);
		expect(info.swap).toBeUndefined();
		expect(info.memory?.availableBytes).toBe(300 * 1024);
	});
});

test('load and uptime', () => {
	expect(parseLoad('0.90 0.67 0.35 2/117 22421\n')).toEqual([0.9, 0.67, 0.35]);
	expect(parseUptime('1436.02 2534.41\n')).toBe(1436.02);
});

test('network: real interfaces only, also with a counter right behind the colon', () => {
	const interfaces = parseNetDev(
		[
			'Inter-|   Receive                    |  Transmit',
			' face |bytes    packets errs drop fifo frame compressed multicast|bytes packets',
			'    lo:    3245 30 0 0 0 0 0 0 3245 30 0 0 0 0 0 0',
			'  eth0:526583522 14869 0 0 0 0 0 0 1038422 10383 0 0 0 0 0 0',
			'docker0: 1 0 0 0 0 0 0 0 1 0 0 0 0 2 0 0',
			'veth12ab: 1 0 0 0 0 0 0 0 1 0 0 0 0 2 0 0',
			'br-0123: 1 0 0 0 0 0 0 0 1 0 0 0 0 2 0 0',
			'  wg0: 7 0 0 0 0 0 0 0 9 0 0 0 0 2 0 0',
		].join('\n'),
	);
	expect([...interfaces]).toEqual([
		['eth0', {receivedBytes: 526_583_522, sentBytes: 1_038_422}],
		['wg0', {receivedBytes: 7, sentBytes: 9}],
	]);
});

test('diskstats, with 14 and with 20 columns, partitions and device mapper', () => {
	const disks = parseDiskstats(
		[
			' 254       0 vda 113068 30115 5228018 69720 80288 49020 4584736 38883 0 42128 110841 6809 58 215880 1014 18659 1222',
			'   8       1 sda1 1 0 2 0 3 0 4 0 0 50 60',
			' 253       0 dm-0 1 0 2 0 3 0 4 0 0 70 60',
			'   3       1 hda1 1 2 3 4',
		].join('\n'),
	);
	expect(disks.get('254:0')).toEqual({
		name: 'vda',
		readBytes: 5_228_018 * 512,
		writtenBytes: 4_584_736 * 512,
		busyMs: 42_128,
	});
	expect(disks.get('8:1')?.busyMs).toBe(50);
	expect(disks.get('253:0')?.name).toBe('dm-0');
	expect(disks.has('3:1')).toBe(false);
});

test('rates', () => {
	expect(perSecond(100, 300, 2000)).toBe(100);
	expect(perSecond(300, 100, 2000)).toBeUndefined();
	expect(perSecond(100, 300, 0)).toBeUndefined();
	expect(perSecond(undefined, 300, 1000)).toBeUndefined();
});

/** Mount points that stay from a mountinfo. */
function mountsOf(...lines: readonly string[]): readonly string[] {
	return realMounts(lines.join('\n')).map(mount => mount.mount);
}

describe('mounts', () => {
	test('each device once, no images, layers or memory', () => {
		expect(
			mountsOf(
				'22 27 0:21 / /proc rw - proc proc rw',
				'25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw,size=24684096k',
				'27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
				'42 27 254:0 /var/lib/docker /var/lib/docker rw shared:1 - ext4 /dev/vda rw',
				'43 27 0:99 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw',
				'44 27 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro',
				'45 27 11:0 / /media/cd ro - iso9660 /dev/sr0 ro',
				'46 27 253:0 / /data rw shared:2 master:1 - xfs /dev/mapper/vg-data rw',
				'47 27 0:50 / /run/user/1/doc rw - fuse.portal /dev/fuse rw',
				'48 27 254:2 / /boot\\040files rw - vfat /dev/vda2 rw',
			),
		).toEqual(['/', '/boot files', '/data']);
	});

	test('network, zfs and btrfs', () => {
		const mounts = realMounts(
			[
				'1 0 0:40 /@ / rw - btrfs /dev/sda2 rw,subvol=/@',
				'2 1 0:40 /@home /home rw - btrfs /dev/sda2 rw,subvol=/@home',
				'3 1 0:41 / /mnt/nfs rw - nfs4 server:/export rw',
				'4 1 0:42 / /tank rw - zfs tank rw',
				'5 1 0:43 / /tank/a rw - zfs tank/a rw',
			].join('\n'),
		);
		expect(mounts.map(({mount, isRemote}) => [mount, isRemote])).toEqual([
			['/', false],
			['/tank', false],
			['/tank/a', false],
			['/mnt/nfs', true],
		]);
	});

	test('the whole device stands for its bind mounts, even where those are shorter', () => {
		expect(
			mountsOf(
				'1 0 8:1 /sub /x rw - ext4 /dev/sda1 rw',
				'2 0 8:1 / /mnt/data rw - ext4 /dev/sda1 rw',
			),
		).toEqual(['/mnt/data']);
	});

	test('in a container: files that are bound from the disk of the host; a hidden mount is not seen', () => {
		expect(
			mountsOf(
				'1 0 0:99 / / rw - overlay overlay rw',
				'2 1 254:0 /docker/x/hostname /etc/hostname rw - ext4 /dev/vda rw',
				'3 1 254:0 /docker/x/hosts /etc/hosts rw - ext4 /dev/vda rw',
				'4 1 8:1 / /data rw - ext4 /dev/sda1 rw',
				'5 1 0:98 / /data rw - tmpfs tmpfs rw',
			),
		).toEqual(['/etc/hosts']);
		expect(mountsOf('1 0 0:99 / / rw - overlay overlay rw')).toEqual([]);
	});
});
