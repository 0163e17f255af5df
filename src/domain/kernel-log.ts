import {placeOfGroup, type ProcessPlace} from './process-group.ts';

/** One message of the kernel; without a time where it is not known. */
export type KernelMessage = {readonly atMs?: number; readonly text: string};

/** What of the kernel's messages tells of trouble. */
export type KernelTrouble =
	| {
			readonly kind: 'oom';
			readonly victim: string;
			readonly pid: number;
			/** A limit of its control group was reached, not the end of the host's memory. */
			readonly isLimit: boolean;
			readonly place: ProcessPlace;
	  }
	| {readonly kind: 'io' | 'read-only'; readonly device: string}
	| {readonly kind: 'hung' | 'crash'};

/** A message that tells of trouble. */
export type KernelFinding = KernelMessage & {readonly trouble: KernelTrouble};

/** Output of `journalctl -k -o short-unix`: `1763751600.123456 web-1 kernel: message`. */
export function parseKernelJournal(text: string): readonly KernelMessage[] {
	return text.split('\n').flatMap(line => {
		const [, seconds, message] = /^(\d+\.\d+) \S+ kernel: (.*)$/.exec(line) ?? [];
		return message === undefined ? [] : [{atMs: Number(seconds) * 1000, text: message}];
	});
}

/** Output of `dmesg`: `[ 1234.567890] message`, in seconds since boot. */
export function parseDmesg(text: string, bootedAtMs: number | undefined): readonly KernelMessage[] {
	return text.split('\n').flatMap(line => {
		const [, seconds, message = line] = /^\[ *(\d+\.\d+)\] (.*)$/.exec(line) ?? [];
		if (message === '') return [];
		const isTimed = seconds !== undefined && bootedAtMs !== undefined;
		return [{...(isTimed && {atMs: bootedAtMs + Number(seconds) * 1000}), text: message}];
	});
}

// The texts are those of mm/oom_kill.c, block/blk-core.c, fs/buffer.c, fs/ext4/super.c, fs/xfs, fs/btrfs and kernel/hung_task.c.
const killed =
	/(Memory cgroup out of memory|Out of memory.*?): Killed process (\d+) \((.+?)\)(?:,| total-vm|$)/;
const killedBefore = /^Killed process (\d+) \((.+?)\)(?:,| total-vm|$)/;
const oomGroup = /^oom-kill:.*?task_memcg=([^,]*),task=.*,pid=(\d+)/;
const ioError =
	/(?:I\/O|critical (?:medium|target|nexus)) error, dev (\S+?),|Buffer I\/O error on dev(?:ice)? (\S+?),|EXT4-fs error \(device (\S+?)\)|XFS \((\S+?)\): .*(?:I\/O error|[Cc]orruption)|BTRFS (?:error|critical) \(device (\S+?)[):]/;
const readOnly =
	/(?:EXT4-fs|BTRFS\D*?) .*?\(?(?:device )?([\w-]+)\)?: .*(?:[Rr]emounting filesystem read-only|forced readonly)|XFS \((\S+?)\): .*[Ss]hutting down filesystem/;
const hung = /^(?:INFO: )?task \S+:\d+ blocked for more than/;
const crash = /: segfault at|general protection fault|^traps: .* trap /;

/** Drives without a medium complain whenever somebody looks at them. */
const emptyDrive = /^(?:fd|sr)\d/;

function firstGroup(found: RegExpExecArray | null): string | undefined {
	return found?.slice(1).find(group => (group as string | undefined) !== undefined);
}

function oomOf(text: string, places: ReadonlyMap<number, ProcessPlace>): KernelTrouble | undefined {
	const [, why, pid, victim] = killed.exec(text) ?? [];
	const [, oldPid, oldVictim] = why === undefined ? (killedBefore.exec(text) ?? []) : [];
	const name = victim ?? oldVictim;
	if (name === undefined) return undefined;
	const number = Number(pid ?? oldPid);
	return {
		kind: 'oom',
		victim: name,
		pid: number,
		isLimit: why?.startsWith('Memory cgroup') === true,
		place: places.get(number) ?? {},
	};
}

function troubleOf(
	text: string,
	places: ReadonlyMap<number, ProcessPlace>,
): KernelTrouble | undefined {
	const oom = oomOf(text, places);
	if (oom) return oom;
	const locked = firstGroup(readOnly.exec(text));
	if (locked !== undefined) return {kind: 'read-only', device: locked};
	const device = firstGroup(ioError.exec(text));
	if (device !== undefined && !emptyDrive.test(device)) return {kind: 'io', device};
	if (hung.test(text)) return {kind: 'hung'};
	return crash.test(text) ? {kind: 'crash'} : undefined;
}

/** The messages that tell of trouble, in their order. A killed process is given the control group named just before. */
export function kernelFindings(messages: readonly KernelMessage[]): readonly KernelFinding[] {
	const places = new Map<number, ProcessPlace>();
	return messages.flatMap(message => {
		const [, group, pid] = oomGroup.exec(message.text) ?? [];
		if (group !== undefined) places.set(Number(pid), placeOfGroup(`${group}\n`));
		const trouble = troubleOf(message.text, places);
		// Numbers of processes are used again: the next one says anew where it was.
		if (trouble?.kind === 'oom') places.delete(trouble.pid);
		return trouble ? [{...message, trouble}] : [];
	});
}

/**
 * Mounts of block devices that the kernel itself has made read-only after an error: the file system is `ro` while its mount
 * is still `rw`. One that was mounted read-only on purpose is `ro` in both.
 */
export function lockedMounts(mountinfo: string): readonly string[] {
	return mountinfo.split('\n').flatMap(line => {
		const [front = '', back = ''] = line.split(' - ');
		const [, , , , mount, options = ''] = front.split(' ');
		const [, device = '', own = ''] = back.split(' ');
		const isLocked = own.split(',').includes('ro') && options.split(',').includes('rw');
		return mount !== undefined && device.startsWith('/dev/') && isLocked ? [mount] : [];
	});
}
