/** What /proc/PID/stat says about one process; times in clock ticks. */
export type ProcessStat = {
	readonly pid: number;
	readonly name: string;
	readonly ticks: number;
	readonly startTicks: number;
	readonly residentPages: number;
};

/** Clock ticks per second in /proc: always 100 for programs, whatever the kernel's own clock (time(7)). */
export const ticksPerSecond = 100;

/** /proc/PID/stat. The name may hold blanks and brackets, so the fields start behind the last bracket. */
export function parseProcessStat(text: string): ProcessStat | undefined {
	const open = text.indexOf('(');
	const close = text.lastIndexOf(')');
	if (open < 0 || close < open) return undefined;
	const pid = Number.parseInt(text, 10);
	const fields = text
		.slice(close + 2)
		.split(' ')
		.map(Number);
	// Fields 14, 15, 22 and 24 of proc(5); the first one here is field 3.
	const [userTicks, systemTicks, startTicks, residentPages] = [
		fields[11],
		fields[12],
		fields[19],
		fields[21],
	];
	if (userTicks === undefined || systemTicks === undefined) return undefined;
	if (startTicks === undefined || residentPages === undefined) return undefined;
	const figures = [pid, userTicks, systemTicks, startTicks, residentPages];
	if (!figures.every(Number.isFinite)) return undefined;
	return {
		pid,
		name: text.slice(open + 1, close),
		ticks: userTicks + systemTicks,
		startTicks,
		residentPages,
	};
}

/** User id and resident memory from /proc/PID/status; kernel threads have no memory. */
export function parseProcessStatus(text: string): {
	readonly userId?: number;
	readonly residentBytes?: number;
} {
	const userId = /^Uid:\s+\d+\s+(\d+)/m.exec(text)?.[1];
	const resident = /^VmRSS:\s+(\d+) kB/m.exec(text)?.[1];
	return {
		...(userId !== undefined && {userId: Number(userId)}),
		...(resident !== undefined && {residentBytes: Number(resident) * 1024}),
	};
}

/** User names by id, from /etc/passwd; the first name of an id counts. */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
	const names = new Map<number, string>();
	for (const line of text.split('\n')) {
		const [name = '', , id = ''] = line.split(':');
		if (name !== '' && /^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
	}

	return names;
}
