/** Local TCP ports that somebody listens on, reachable by 127.0.0.1, from `/proc/net/tcp` and `/proc/net/tcp6`. */
export function listeningPorts(text: string): ReadonlySet<number> {
	const ports = new Set<number>();
	// The address is the kernel's hexadecimal form: 127.0.0.1, any, and the same two of IPv6; 0A means LISTEN.
	const line = /^\s*\d+: (0100007F|0{8}|0{32}|0{24}01000000):([0-9A-F]{4}) \S+ 0A /gm;
	for (const [, , port = ''] of text.matchAll(line)) {
		ports.add(Number.parseInt(port, 16));
	}

	return ports;
}

/** Paths of the Unix sockets that are bound now, from `/proc/net/unix`; a file left by a crash is not among them. */
export function boundSockets(text: string): ReadonlySet<string> {
	return new Set(text.split('\n').map(line => line.slice(line.indexOf(' /') + 1)));
}

/** The password of `~/.pgpass` for a server on this machine; `*` matches anything. */
export function passwordOfPgpass(
	text: string,
	wanted: {readonly port: number; readonly database: string; readonly user: string},
): string | undefined {
	const matches = (pattern: string | undefined, values: readonly string[]) =>
		pattern === '*' || (pattern !== undefined && values.includes(pattern));
	for (const line of text.split('\n').filter(each => !each.startsWith('#'))) {
		const fields = line.split(/(?<!\\):/).map(field => field.replace(/\\(.)/g, '$1'));
		const isMatch =
			matches(fields[0], ['localhost', '127.0.0.1']) &&
			matches(fields[1], [String(wanted.port)]) &&
			matches(fields[2], [wanted.database]) &&
			matches(fields[3], [wanted.user]);
		if (isMatch && fields[4] !== undefined) {
			return fields[4];
		}
	}

	return undefined;
}

/** TCP ports that somebody listens on for other machines too, from `/proc/net/tcp` and `/proc/net/tcp6`. */
export function openPorts(text: string): ReadonlySet<number> {
	const ports = new Set<number>();
	const line = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ 0A /gm;
	for (const [, address = '', port = ''] of text.matchAll(line)) {
		// The kernel writes each four bytes backwards: 127.x.y.z ends with 7F, also inside of ::ffff:127.0.0.1.
		const isMapped = address.startsWith('0000000000000000FFFF0000');
		const isLoopback =
			address === '00000000000000000000000001000000' ||
			((address.length === 8 || isMapped) && address.endsWith('7F'));
		if (!isLoopback) ports.add(Number.parseInt(port, 16));
	}

	return ports;
}
