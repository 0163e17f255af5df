import {readFileSync, readlinkSync} from 'node:fs';

/** The label that every Docker object of the lab and of the tests carries; its value says whose it is. */
export const label = 'opsconsole.test';

/** The label's value for a lab that a person brought up: never swept, only `lab down` removes it. */
export const personsRun = 'lab';

function startTicks(pid: number): string {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
}

function bootAndNamespace(): string {
	const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
	const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
	return `${namespace}.${boot}`;
}

/** This process as a label value: pid, its start time, its pid namespace and the host's boot. */
export function runId(): string {
	return `${process.pid}.${startTicks(process.pid)}.${bootAndNamespace()}`;
}

/**
 * Whether a label value names a test run that is surely over. Only runs of this pid namespace and boot
 * can be judged, so those of another container on the same engine are left alone.
 */
export function isDead(run: string): boolean {
	const parts = /^(\d+)\.(\d+)\.(\d+\.[\da-f]{8})$/.exec(run);
	if (!parts) return false;
	const [, pid = '', ticks, where = ''] = parts;
	const own = bootAndNamespace();
	if (where !== own) return where.split('.')[1] !== own.split('.')[1];
	try {
		return startTicks(Number(pid)) !== ticks;
	} catch {
		return true;
	}
}
