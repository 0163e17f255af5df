import {createServer} from 'node:net';

async function listen(port: number): Promise<{port: number; close: () => Promise<void>}> {
	const server = createServer();
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	const address = server.address();
	return {
		port: typeof address === 'object' && address ? address.port : port,
		close: () =>
			new Promise(resolve => {
				server.close(() => resolve());
			}),
	};
}

/** Different TCP ports of 127.0.0.1 that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
	const held = await Promise.all(Array.from({length: count}, () => listen(0)));
	await Promise.all(held.map(one => one.close()));
	return held.map(one => one.port);
}

/** One TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
	const [port = 0] = await freePorts(1);
	return port;
}

/** The wanted port where it is free on 127.0.0.1, else any free one. */
export async function freePortNear(wanted: number): Promise<number> {
	try {
		const held = await listen(wanted);
		await held.close();
		return wanted;
	} catch {
		return freePort();
	}
}
