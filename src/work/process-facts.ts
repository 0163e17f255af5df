import {readFile} from 'node:fs/promises';

async function textOfFile(path: string): Promise<string> {
	return readFile(path, 'utf8').catch(() => '');
}

/** First eight characters of the kernel's boot id; empty where there is none. */
export async function bootId(): Promise<string> {
	return (await textOfFile('/proc/sys/kernel/random/boot_id')).slice(0, 8);
}

/** Start time of a process in clock ticks since boot, which tells it from a later one with the same number. */
export async function startTime(pid: number): Promise<string | undefined> {
	const stat = await textOfFile(`/proc/${pid}/stat`);
	// The name in brackets may hold blanks and brackets; the fields after it are plain.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return fields[0] === 'Z' ? undefined : fields[19];
}
