import {clean} from './clean.ts';
import {readTime} from './log-time.ts';

/** Failed logins over SSH. */
export type FailedLogins = {
	readonly count: number;
	/** Addresses with the most first. */
	readonly from: readonly {readonly address: string; readonly count: number}[];
};

const failed =
	/sshd(?:-session)?\[\d+\]: (?:.*: )?Failed (?!none )\S+ for (invalid user )?.* from (\S+)/;
const unknownUser = /sshd(?:-session)?\[\d+\]: Invalid user .*from (\S+)/;

/**
 * Counts the failed logins of sshd in lines of a log since a moment. A user that does not exist counts where no password
 * was asked for; else the line about the password does. A line without a time is left out.
 */
export function failedLogins(
	lines: Iterable<string>,
	sinceMs: number,
	nowMs: number,
): FailedLogins {
	const byAddress = new Map<string, {known: number; asked: number; unknown: number}>();
	for (const line of lines) {
		const [, invalid, asked] = failed.exec(line) ?? [];
		const address = asked ?? unknownUser.exec(line)?.[1];
		if (address === undefined) continue;
		const atMs = readTime(line, {atMs: nowMs, isExact: false})?.atMs;
		if (atMs === undefined || atMs < sinceMs) continue;
		const counts = byAddress.get(address) ?? {known: 0, asked: 0, unknown: 0};
		if (asked === undefined) counts.unknown += 1;
		else if (invalid === undefined) counts.known += 1;
		else counts.asked += 1;
		byAddress.set(address, counts);
	}

	const from = [...byAddress]
		.map(([address, {known, asked, unknown}]) => ({
			address: clean(address, 60),
			count: known + Math.max(asked, unknown),
		}))
		.sort((a, b) => b.count - a.count);
	return {count: from.reduce((sum, {count}) => sum + count, 0), from};
}
