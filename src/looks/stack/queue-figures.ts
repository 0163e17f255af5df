import {keysOf, parseInfo} from '../../domain/redis-info.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {listOf, numberOf, textOf, textsOf} from '../../domain/unknown.ts';
import {queueOf, sideKeys, sidekiqQueue, type WorkQueue} from '../../domain/work-queues.ts';
import type {RedisClient} from '../../io/io.ts';
import type {LookFacts} from '../reader.ts';

const maxDatabases = 3;
const maxRounds = 10;
const maxQueues = 50;

/** A queue at its server, with what waits in it now. */
export type FoundQueue = {
	readonly queue: WorkQueue;
	readonly client: RedisClient;
	readonly length: number;
};

/** A figure of a key; 0 where there is none, undefined where it may not be asked for. */
export async function figure(
	client: RedisClient,
	[command, key]: readonly [string, string],
	signal: AbortSignal,
): Promise<number | undefined> {
	try {
		return numberOf(await client.call(command, [key], signal));
	} catch {
		signal.throwIfAborted();
		return undefined;
	}
}

/** Names of list keys, from at most 5,000 places of the table; before Redis 6, which knows no TYPE there, of all keys. */
async function listKeys(client: RedisClient, signal: AbortSignal): Promise<readonly string[]> {
	const names = new Set<string>();
	const scan = async (at: string, more: readonly string[]) =>
		client.call('SCAN', [at, 'COUNT', 500, ...more], signal);
	let cursor = '0';
	for (let round = 0; round < maxRounds; round++) {
		const at = cursor;
		const page = listOf(await scan(at, ['TYPE', 'list']).catch(() => scan(at, [])));
		for (const name of textsOf(page[1])) names.add(name);
		cursor = textOf(page[0]) || '0';
		if (cursor === '0') break;
	}

	return [...names];
}

async function queuesIn(client: RedisClient, signal: AbortSignal): Promise<readonly WorkQueue[]> {
	const [keys, marks, sidekiq] = await Promise.all([
		listKeys(client, signal),
		client.call('EXISTS', ['_kombu.binding.celery', 'unacked'], signal),
		client.call('SSCAN', ['queues', 0, 'COUNT', 100], signal).catch(() => []),
	]);
	const hasCelery = (numberOf(marks) ?? 0) > 0;
	const named = textsOf(listOf(sidekiq)[1]).map(sidekiqQueue);
	const found = keys.flatMap(key => queueOf(key, hasCelery) ?? []);
	const all = new Map([...found, ...named].map(queue => [queue.key, queue]));
	// An empty queue has no key; Celery's own is there all the same.
	if (hasCelery && !all.has('celery')) {
		all.set('celery', {kind: 'celery', name: 'celery', key: 'celery'});
	}

	return [...all.values()].slice(0, maxQueues);
}

/**
 * The queues of one server. Each database is asked over a connection of its own, because the shared one belongs to those
 * who chose its database.
 */
export async function queuesOf(
	facts: LookFacts,
	target: RedisTarget,
): Promise<readonly FoundQueue[]> {
	const {io, signal} = facts;
	const info = textOf(await io.redis(target).call('INFO', ['keyspace'], signal));
	const databases = keysOf(parseInfo(info)).databases.toSorted((a, b) => b.keys - a.keys);
	const found = await Promise.all(
		databases.slice(0, maxDatabases).map(async ({index}) => {
			const client = io.redis({...target, id: `${target.id} queues ${index}`});
			if (index !== 0) await client.call('SELECT', [index], signal);
			const queues = await queuesIn(client, signal);
			return Promise.all(
				queues.map(async queue => {
					const length = await figure(client, ['LLEN', queue.key], signal);
					return length === undefined ? [] : [{queue, client, length}];
				}),
			);
		}),
	);
	return found.flat(2);
}

/** What was taken and not done, and what failed, of all queues; a key that several have is counted once. */
export async function sideFigures(found: readonly FoundQueue[], signal: AbortSignal) {
	const asked = new Map<RedisClient, Set<string>>();
	const ask = async (client: RedisClient, question: readonly [string, string] | undefined) => {
		const before = asked.get(client) ?? new Set<string>();
		if (question === undefined || before.has(question[1])) return 0;
		asked.set(client, before.add(question[1]));
		return (await figure(client, question, signal)) ?? 0;
	};

	const sides = await Promise.all(
		found.map(async ({queue, client}) => {
			const keys = sideKeys(queue);
			const [taken, failed] = await Promise.all([
				ask(client, keys.taken),
				ask(client, keys.failed),
			]);
			return {taken, failed};
		}),
	);
	return {
		taken: sides.reduce((sum, {taken}) => sum + taken, 0),
		failed: sides.reduce((sum, {failed}) => sum + failed, 0),
	};
}
