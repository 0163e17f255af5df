import {assertReadOnly} from '../domain/redis-commands.ts';
import type {RedisTarget} from '../domain/targets.ts';
import type {Clock, RedisClient} from './io.ts';
import {openRedis, sendRedis, untilAborted, type RedisConnection} from './redis-connection.ts';

/**
 * Makes the Redis clients of a program: one client with one connection for each target id. A target whose address or
 * credentials changed gets a new client. ioredis is loaded at the first call.
 */
export function createRedis({
	clock,
}: {
	readonly clock: Clock;
}): (target: RedisTarget) => RedisClient {
	const clients = new Map<string, {readonly key: string; readonly client: RedisClient}>();
	return target => {
		const key = keyOf(target);
		const known = clients.get(target.id);
		if (known?.key === key) return known.client;
		void known?.client.close();
		const client = createClient(target, clock);
		clients.set(target.id, {key, client});
		return client;
	};
}

/** Everything of a target that a connection depends on. */
function keyOf(target: RedisTarget): string {
	const {host, port, user, password, tls, caFile} = target;
	return JSON.stringify([host, port, user, password?.reveal(), tls, caFile]);
}

/** One connection that is made at a call when there is none, and shared by all calls. */
function createClient(target: RedisTarget, clock: Clock): RedisClient {
	let opening: Promise<RedisConnection> | undefined;
	let abandon: AbortController | undefined;
	let running = 0;

	function connection(): Promise<RedisConnection> {
		if (opening !== undefined) return opening;
		const controller = new AbortController();
		const forget = () => {
			if (abandon === controller) opening = abandon = undefined;
		};
		abandon = controller;
		opening = openRedis({target, clock, name: 'opsconsole'}, controller.signal, forget);
		opening.catch(forget);
		return opening;
	}

	function drop(): void {
		abandon?.abort();
		opening = abandon = undefined;
	}

	return {
		async call(command, args, signal) {
			assertReadOnly(command, args);
			signal.throwIfAborted();
			running += 1;
			try {
				return await untilAborted(
					connection().then(open => sendRedis(open, target, [command, ...args])),
					signal,
				);
			} finally {
				running -= 1;
				// A command without an answer blocks the connection. Other calls that wait have their own deadline.
				if (signal.aborted && running === 0) drop();
			}
		},
		close() {
			drop();
			return Promise.resolve();
		},
	};
}
