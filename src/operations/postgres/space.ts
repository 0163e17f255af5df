const gibibyte = 1024 ** 3;

/** Sizes for the space rule, in bytes. */
export type SpaceNeed = {
	readonly databaseBytes: number;
	readonly maxWalBytes: number;
	/** Size of the file system. */
	readonly totalBytes: number;
};

/** What must stay free at the start: 2 GiB or a twentieth of the file system. */
export function reserveBytes(totalBytes: number): number {
	return Math.max(2 * gibibyte, totalBytes * 0.05);
}

/**
 * What must be free in the server's data folder before a second copy of a database is loaded into it. SAFETY 3.4: 962 MB
 * of WAL were measured for 1,248 MB of data, and a cluster whose WAL has no space is down and does not start again.
 */
export function neededBytes({databaseBytes, maxWalBytes, totalBytes}: SpaceNeed): number {
	return Math.ceil(
		1.15 * databaseBytes + Math.min(maxWalBytes, databaseBytes) + reserveBytes(totalBytes),
	);
}

/** Below this a running load is ended: half of the reserve is still there for the server itself. */
export function watchdogBytes(totalBytes: number): number {
	return Math.floor(reserveBytes(totalBytes) / 2);
}

/** What `df -Pk` says of a folder; undefined where its output is something else. */
export function parseDf(
	text: string,
): {readonly totalBytes: number; readonly freeBytes: number} | undefined {
	const row = text.trim().split('\n').at(-1) ?? '';
	const found = /\s(\d+)\s+\d+\s+(-?\d+)\s+\d+%\s/.exec(row);
	if (!found) {
		return undefined;
	}
	return {totalBytes: Number(found[1]) * 1024, freeBytes: Math.max(0, Number(found[2]) * 1024)};
}
