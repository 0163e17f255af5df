/** Whether something keeps the clock right, and what. */
export type ClockState = {readonly isSynchronised?: boolean; readonly service?: string};

/** Output of `timedatectl show`: `NTPSynchronized=yes`. */
export function parseTimedatectl(text: string): boolean | undefined {
	const answer = /^NTPSynchronized=(yes|no)$/m.exec(text)?.[1];
	return answer === undefined ? undefined : answer === 'yes';
}

/** Output of `chronyc -c tracking`: one line of commas whose last word is the leap status. */
export function parseChrony(text: string): boolean | undefined {
	const status = text.trim().split(',').at(-1) ?? '';
	if (/^(?:Normal|(?:Insert|Delete) second)$/.test(status)) return true;
	return status === 'Not synchronised' ? false : undefined;
}

/** What one comparison with a server's clock saw; all in ms, wall clock. */
export type ClockAnswer = {
	readonly sentAtMs: number;
	readonly receivedAtMs: number;
	readonly serverMs: number;
	/** How coarse the server's time is: 1000 for whole seconds. */
	readonly grainMs: number;
};

/**
 * How far a server's clock is certainly from ours, with its sign: what the way there and back and the grain of its time can
 * explain is no difference.
 */
export function clockOffset({sentAtMs, receivedAtMs, serverMs, grainMs}: ClockAnswer): number {
	if (serverMs > receivedAtMs) return serverMs - receivedAtMs;
	const latestMs = serverMs + grainMs;
	return latestMs < sentAtMs ? latestMs - sentAtMs : 0;
}
