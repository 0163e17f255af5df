/** A TCP socket that listens, from /proc/net/tcp or tcp6. */
export type Listener = {
	readonly port: number;
	/** Only for connections from the same machine or container. */
	readonly isLocalOnly: boolean;
	readonly inode: number;
};

// local_address rem_address st … uid timeout inode; 0A is LISTEN (kernel: net/tcp_states.h).
const line =
	/^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ 0A \S+ \S+ \S+ +\d+ +\d+ (\d+)/gm;

/** 127.0.0.0/8 ends with 7F in the kernel's byte order; ::1; ::ffff:127.0.0.1. */
function isLoopback(address: string): boolean {
	return address.length === 8
		? address.endsWith('7F')
		: address === '00000000000000000000000001000000' || /^0{16}FFFF0000.{6}7F$/.test(address);
}

/** The listening sockets of these tables. */
export function tcpListeners(text: string): readonly Listener[] {
	return [...text.matchAll(line)].map(([, address = '', port = '', inode = '']) => ({
		port: Number.parseInt(port, 16),
		isLocalOnly: isLoopback(address),
		inode: Number(inode),
	}));
}
