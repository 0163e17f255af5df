import {closeSync, openSync, readSync} from 'node:fs';

import type {FileProbe} from './io.ts';

/** Far more than any control group file holds; shared, because the reads are synchronous. */
const buffer = Buffer.allocUnsafe(64 * 1024);
/** Handles that are kept at most; many systems allow 1024 of them in all. */
const maxKept = 600;
let kept = 0;

/** Reads through a kept handle; a group that was removed meanwhile gives ENODEV, which means gone. */
function keptProbe(handle: number): FileProbe {
	let isOpen = true;
	return {
		read() {
			try {
				const length = isOpen ? readSync(handle, buffer, 0, buffer.length, 0) : -1;
				return length < 0 ? undefined : buffer.toString('latin1', 0, length);
			} catch {
				return undefined;
			}
		},
		close() {
			if (isOpen) {
				isOpen = false;
				kept -= 1;
				closeSync(handle);
			}
		},
	};
}

/** Opens, reads and closes at each read: for files whose open handle would hold something of the kernel. */
function passingProbe(path: string): FileProbe {
	return {
		read() {
			let handle = -1;
			try {
				// readFileSync would take twice as long: it asks for the size, which is 0, and grows from there.
				handle = openSync(path, 'r');
				return buffer.toString('latin1', 0, readSync(handle, buffer, 0, buffer.length, 0));
			} catch {
				return undefined;
			} finally {
				if (handle !== -1) {
					closeSync(handle);
				}
			}
		},
		close: () => undefined,
	};
}

/** A file of /proc or /sys that is read again and again; undefined where it cannot be opened. */
export function openProbe(path: string, isKept: boolean): FileProbe | undefined {
	if (!isKept || kept >= maxKept) {
		const probe = passingProbe(path);
		return probe.read() === undefined ? undefined : probe;
	}

	try {
		const handle = openSync(path, 'r');
		kept += 1;
		return keptProbe(handle);
	} catch {
		return undefined;
	}
}
