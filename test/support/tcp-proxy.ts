import {connect, createServer, type Socket} from 'node:net';

/** A way to a server that can be slow or swallow everything, for faults of the network. */
export type TcpProxy = {
	readonly port: number;
	/** Connections that are open on the side of the client. */
	open(): number;
	/** Connections that there ever were. */
	total(): number;
	/** Changes the fault; also for connections that are open. */
	set(fault: TcpFault): void;
	close(): Promise<void>;
};

/** `delayMs`: answers come later by so much. `swallow`: nothing goes through any more, in both directions. */
export type TcpFault = {delayMs?: number; swallow?: boolean};

/** Listens on a free port of 127.0.0.1 and passes everything to `port` there. */
export async function startProxy(port: number, fault: TcpFault = {}): Promise<TcpProxy> {
	let current = fault;
	const sockets = new Set<Socket>();
	const timers = new Set<NodeJS.Timeout>();
	let open = 0;
	let total = 0;
	// Timers of the same length fire in their order, so that the end never overtakes what was said before it.
	const later = (run: () => void) => {
		const timer = setTimeout(() => {
			timers.delete(timer);
			run();
		}, current.delayMs ?? 0);
		timers.add(timer);
	};
	const server = createServer(near => {
		const far = connect(port, '127.0.0.1');
		open += 1;
		total += 1;
		near.on('data', chunk => {
			if (!current.swallow) {
				far.write(chunk);
			}
		});
		far.on('data', chunk => {
			if (!current.swallow) {
				later(() => near.write(chunk));
			}
		});
		near.on('close', () => {
			open -= 1;
			far.destroy();
		});
		// What the server said last still has to arrive: its reason for going, for one.
		far.on('close', () => later(() => near.destroySoon()));
		for (const socket of [near, far]) {
			sockets.add(socket);
			socket.on('error', () => socket.destroy());
			socket.on('close', () => sockets.delete(socket));
		}
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	return {
		port: typeof address === 'object' && address ? address.port : 0,
		open: () => open,
		total: () => total,
		set(next) {
			current = next;
		},
		async close() {
			for (const timer of timers) {
				clearTimeout(timer);
			}
			for (const socket of sockets) {
				socket.destroy();
			}
			await new Promise<void>(resolve => server.close(() => resolve()));
		},
	};
}
