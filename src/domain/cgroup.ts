/** Texts of control group files (kernel: admin-guide/cgroup-v1, cgroup-v2) and of /proc, as numbers. */

/** The number of a file that holds one; undefined for `max` and for anything else. */
export function numberIn(text: string | undefined): number | undefined {
	const value = text === undefined ? Number.NaN : Number.parseInt(text, 10);
	return Number.isFinite(value) ? value : undefined;
}

/** The number behind a name in a file of `name number` lines, for example `memory.stat`. */
export function numberAfter(text: string | undefined, name: string): number | undefined {
	if (text === undefined) {
		return undefined;
	}

	const start = text.startsWith(`${name} `) ? 0 : text.indexOf(`\n${name} `) + 1;
	return start === 0 && !text.startsWith(`${name} `)
		? undefined
		: numberIn(text.slice(start + name.length + 1, start + name.length + 24));
}

/** Bytes read and written by `blkio.throttle.io_service_bytes` (`8:0 Read 4096`), summed over the devices. */
export function blockBytesV1(text: string | undefined): {read: number; written: number} {
	return {read: sum(text, /^\S+ Read (\d+)$/gm), written: sum(text, /^\S+ Write (\d+)$/gm)};
}

/** Bytes read and written by `io.stat` (`8:0 rbytes=4096 wbytes=0 …`), summed over the devices. */
export function blockBytesV2(text: string | undefined): {read: number; written: number} {
	return {read: sum(text, /\brbytes=(\d+)/g), written: sum(text, /\bwbytes=(\d+)/g)};
}

function sum(text: string | undefined, pattern: RegExp): number {
	let total = 0;
	for (const [, digits] of (text ?? '').matchAll(pattern)) {
		total += Number(digits);
	}

	return total;
}

/** Bytes received and sent by all interfaces of `/proc/PID/net/dev` but the loopback. */
export function networkBytes(text: string): {received: number; sent: number} {
	let received = 0;
	let sent = 0;
	for (const line of text.split('\n')) {
		const colon = line.indexOf(':');
		if (colon === -1 || line.slice(0, colon).trim() === 'lo') {
			continue;
		}

		const fields = line
			.slice(colon + 1)
			.trim()
			.split(/\s+/, 9);
		received += Number(fields[0]);
		sent += Number(fields[8]);
	}

	return {received, sent};
}

/**
 * CPU time of the host and its cores from `/proc/stat`, as the engine sums it: the first seven fields, so without
 * steal (moby, daemon/stats: getSystemCPUUsage). The kernel counts in hundredths of a second on every architecture.
 */
export function systemCpu(text: string): {nanoseconds: number; cpus: number} {
	const fields = text.slice(0, text.indexOf('\n')).trim().split(/\s+/).slice(1, 8);
	const ticks = fields.reduce((total, field) => total + (Number(field) || 0), 0);
	return {nanoseconds: ticks * 1e7, cpus: text.match(/^cpu\d+ /gm)?.length ?? 1};
}

/** Path of a controller's group in `/proc/PID/cgroup`; an empty controller name means the v2 hierarchy. */
export function groupPath(text: string, controller: string): string | undefined {
	for (const line of text.split('\n')) {
		const [, controllers = '', ...path] = line.split(':');
		if (path.length > 0 && controllers.split(',').includes(controller)) {
			return path.join(':');
		}
	}

	return undefined;
}
