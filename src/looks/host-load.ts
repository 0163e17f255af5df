import type {HostValue} from '../domain/host.ts';
import {freshOf} from './fresh-of.ts';
import type {LookReader} from './reader.ts';

/** The one with the largest figure. */
function most<T>(list: readonly T[], figure: (item: T) => number | undefined): T | undefined {
	return list.reduce<T | undefined>(
		(best, item) =>
			best === undefined || (figure(item) ?? -1) > (figure(best) ?? -1) ? item : best,
		undefined,
	);
}

function seen(value: HostValue) {
	const {cpu, memory, swap, load, disks} = value;
	const fullest = most(disks, disk => disk.usedPercent);
	const fewest = most(disks, disk => disk.inodesUsedPercent);
	return {
		cpu: cpu.busyPercent,
		memory: memory?.usedPercent,
		swap: swap?.usedPercent,
		'load-per-core': load && cpu.cores > 0 ? load[0] / cpu.cores : undefined,
		'fullest-mount': fullest?.mount,
		disk: fullest?.usedPercent,
		'disk-free': fullest?.availableBytes,
		'inode-mount': fewest?.inodesUsedPercent === undefined ? undefined : fewest.mount,
		inodes: fewest?.inodesUsedPercent,
		'disk-busy': most(disks, disk => disk.busyPercent)?.busyPercent,
	};
}

/** The load of the host as its panel has it. */
export const readHostLoad: LookReader<'host.load'> = async ({reading}) => ({
	values: seen(freshOf('host.load', await reading('host.load', 'host'))),
});
