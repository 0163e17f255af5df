import {numberAfter} from '../../domain/cgroup.ts';
import {clean, cleanLine} from '../../domain/clean.ts';
import {
	kernelFindings,
	lockedMounts,
	type KernelFinding,
	type KernelMessage,
} from '../../domain/kernel-log.ts';
import {secondsSince} from '../figures.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {kernelMessages} from './kernel-messages.ts';

const hourMs = 3_600_000;
const shownCount = 20;

function lineOf({atMs, text}: KernelMessage): string {
	const time = atMs === undefined ? '' : `${new Date(atMs).toISOString().slice(0, 19)}Z `;
	return cleanLine(time + text, 300);
}

function oomValues(recent: readonly KernelFinding[], facts: LookFacts, nowMs: number) {
	const ooms = recent.flatMap(({atMs, trouble}) =>
		trouble.kind === 'oom' ? [{...trouble, atMs}] : [],
	);
	const last = ooms.at(-1);
	const id = last?.place.containerId;
	const container = facts.containers.find(each => each.id === id)?.name ?? id?.slice(0, 12);
	return {
		'oom-kills': ooms.length,
		'oom-victim': last === undefined ? undefined : clean(last.victim, 60),
		'oom-container': container,
		'oom-is-limit': last?.isLimit,
		'oom-age': secondsSince(last?.atMs, nowMs),
	};
}

function messageValues(messages: readonly KernelMessage[], facts: LookFacts, nowMs: number) {
	const all = kernelFindings(messages);
	// A message without a time is as old as the ring: it cannot count as recent.
	const recent = all.filter(({atMs}) => atMs !== undefined && nowMs - atMs <= hourMs);
	const of = (kind: KernelFinding['trouble']['kind']) =>
		recent.filter(({trouble}) => trouble.kind === kind);
	const lastIo = of('io').at(-1)?.trouble;
	return {
		all,
		values: {
			...oomValues(recent, facts, nowMs),
			'io-errors': of('io').length,
			'io-device': lastIo?.kind === 'io' ? clean(lastIo.device, 60) : undefined,
			'hung-tasks': of('hung').length,
			crashes: of('crash').length,
			'last-age': secondsSince(all.at(-1)?.atMs, nowMs),
		},
	};
}

const unreadable = {
	'oom-kills': undefined,
	'oom-victim': undefined,
	'oom-container': undefined,
	'oom-is-limit': undefined,
	'oom-age': undefined,
	'io-errors': undefined,
	'io-device': undefined,
	'hung-tasks': undefined,
	crashes: undefined,
	'last-age': undefined,
};

/** What the kernel has said in the last hour, and what it counts since boot. */
export const readHostKernel: LookReader<'host.kernel'> = async facts => {
	const {io} = facts;
	const read = (path: string) => io.files.readText(path).catch(() => '');
	const [vmstat, mounts] = await Promise.all(['/proc/vmstat', '/proc/self/mountinfo'].map(read));
	const messages = await kernelMessages(facts);
	const nowMs = io.clock.now();
	const found = messages === undefined ? undefined : messageValues(messages, facts, nowMs);
	const locked = lockedMounts(mounts ?? '');
	return {
		values: {
			'is-readable': messages !== undefined,
			...(found?.values ?? unreadable),
			'oom-kills-since-boot': numberAfter(vmstat, 'oom_kill'),
			'is-read-only': mounts === '' ? undefined : locked.length > 0,
			'read-only-mount': locked[0] === undefined ? undefined : clean(locked[0], 200),
		},
		lines: (found?.all ?? []).slice(-shownCount).reverse().map(lineOf),
	};
};
