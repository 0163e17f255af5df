import {spawn} from 'node:child_process';
import {constants} from 'node:fs';
import {open, type FileHandle} from 'node:fs/promises';
import {busyStatus} from './locks.ts';

/** Locks an open file for this process: flock(1) gets the very same open file, so the lock stays when it ends. */
async function lock(file: FileHandle, seconds: number): Promise<void> {
	const status = await new Promise<number | null>((resolve, reject) => {
		const child = spawn('flock', ['-w', String(seconds), '-E', String(busyStatus), '3'], {
			stdio: ['ignore', 'ignore', 'ignore', file.fd],
		});
		child.on('error', reject);
		child.on('exit', resolve);
	});
	if (status !== 0) {
		const code = status === busyStatus ? 'EBUSY' : 'ENOLCK';
		throw Object.assign(new Error(code), {code});
	}
}

/**
 * Does something short while no other process holds this lock file. The lock is the kernel's: one that is killed in the
 * middle gives it back at once. Rejects with `EBUSY` after `seconds`, or with Node's error.
 */
export async function withKernelLock<T>(
	path: string,
	work: () => Promise<T>,
	seconds = 10,
): Promise<T> {
	const {O_CREAT, O_RDWR, O_NOFOLLOW} = constants;
	const file = await open(path, O_CREAT | O_RDWR | O_NOFOLLOW, 0o600);
	try {
		await lock(file, seconds);
		return await work();
	} finally {
		await file.close();
	}
}
