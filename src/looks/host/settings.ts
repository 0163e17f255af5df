import {differingSettings, wantedSettings} from '../../domain/wanted-settings.ts';
import {percentOf} from '../figures.ts';
import type {LookReader} from '../reader.ts';

/** Connections that Redis itself wants to queue (`tcp-backlog`, its default). */
const redisBacklog = 511;

/** The first figure of a file of /proc/sys; undefined where there is none. */
function figureOf(text: string | undefined): number | undefined {
	const [word = ''] = (text ?? '').trim().split(/\s+/);
	return /^\d+$/.test(word) ? Number(word) : undefined;
}

/** What is chosen of `always [madvise] never`. */
export function chosenOf(text: string): 'always' | 'madvise' | 'never' | undefined {
	const chosen = /\[(\w+)\]/.exec(text)?.[1];
	return chosen === 'always' || chosen === 'madvise' || chosen === 'never' ? chosen : undefined;
}

/** What Redis asks of the kernel; undefined where a part is not known and none is wrong. */
function isRightForRedis(
	overcommit: number | undefined,
	pages: string | undefined,
	somaxconn: number | undefined,
): boolean | undefined {
	const isWrong =
		(overcommit !== undefined && overcommit !== 1) ||
		pages === 'always' ||
		(somaxconn !== undefined && somaxconn < redisBacklog);
	if (isWrong) return false;
	return [overcommit, pages, somaxconn].includes(undefined) ? undefined : true;
}

const paths = {
	overcommit: '/proc/sys/vm/overcommit_memory',
	pages: '/sys/kernel/mm/transparent_hugepage/enabled',
	somaxconn: '/proc/sys/net/core/somaxconn',
	backlog: '/proc/sys/net/ipv4/tcp_max_syn_backlog',
	swappiness: '/proc/sys/vm/swappiness',
	fileMax: '/proc/sys/fs/file-max',
	fileNr: '/proc/sys/fs/file-nr',
	pidMax: '/proc/sys/kernel/pid_max',
	threadsMax: '/proc/sys/kernel/threads-max',
	load: '/proc/loadavg',
	tracked: '/proc/sys/net/netfilter/nf_conntrack_count',
	trackedMax: '/proc/sys/net/netfilter/nf_conntrack_max',
} as const;

type Texts = {readonly [Name in keyof typeof paths]: string};

/** Processes and threads against the smaller of the two limits of the kernel. */
function pidsPercent({load, pidMax, threadsMax}: Texts): number | undefined {
	const threads = /\d+\/(\d+)/.exec(load)?.[1];
	const limits = [pidMax, threadsMax].flatMap(text => figureOf(text) ?? []);
	if (threads === undefined || limits.length === 0) return undefined;
	return percentOf(Number(threads), Math.min(...limits));
}

/** Settings of the kernel that servers depend on, and how near its limits are. */
export const readHostSettings: LookReader<'host.settings'> = async ({io, settings}) => {
	const read = async ([name, path]: readonly [string, string]) =>
		[name, await io.files.readText(path, 4096).catch(() => '')] as const;
	const texts = Object.fromEntries(await Promise.all(Object.entries(paths).map(read))) as Texts;
	const overcommit = figureOf(texts.overcommit);
	const pages = chosenOf(texts.pages);
	const somaxconn = figureOf(texts.somaxconn);
	const fileMax = figureOf(texts.fileMax);
	const backlog = figureOf(texts.backlog);
	const values: Readonly<Record<string, string | number | undefined>> = {
		'vm.overcommit_memory': overcommit,
		transparent_hugepage: pages,
		'net.core.somaxconn': somaxconn,
		'net.ipv4.tcp_max_syn_backlog': backlog,
		'fs.file-max': fileMax,
	};
	const wanted = wantedSettings(settings.system, 'kernel');
	const differing = differingSettings(wanted, name => values[name]);
	return {
		values: {
			'overcommit-memory': overcommit,
			'transparent-huge-pages': pages,
			somaxconn,
			'syn-backlog': backlog,
			swappiness: figureOf(texts.swappiness),
			'file-max': fileMax,
			'files-open-percent': percentOf(figureOf(texts.fileNr), fileMax),
			'pids-percent': pidsPercent(texts),
			'conntrack-percent': percentOf(figureOf(texts.tracked), figureOf(texts.trackedMax)),
			'is-right-for-redis': isRightForRedis(overcommit, pages, somaxconn),
			differing: differing?.length,
			'first-differing': differing?.[0]?.name,
		},
		lines: (differing ?? []).map(setting => {
			const asked = 'atLeast' in setting ? `>= ${setting.atLeast}` : `= ${setting.exactly}`;
			return `${setting.name}: ${values[setting.name] ?? '—'}; ${setting.row}: ${asked}`;
		}),
	};
};
