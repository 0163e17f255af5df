import {clean} from '../../domain/clean.ts';
import {keysOf, parseInfo} from '../../domain/redis-info.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {listOf, numberOf, textOf, textsOf} from '../../domain/unknown.ts';
import {
	isWorker,
	queueOf,
	sideKeys,
	sidekiqQueue,
	type WorkQueue,
} from '../../domain/work-queues.ts';
import type {RedisClient} from '../../io/io.ts';
import {callName} from '../service/subject.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {knownMembers} from './members.ts';

const gapMs = 1000;
const maxServers = 3;
const maxDatabases = 3;
const maxRounds = 10;
const maxQueues = 50;

/** A queue at its server, with what waits in it now. */
type Found = {readonly queue: WorkQueue; readonly client: RedisClient; readonly length: number};

/** The Redis servers of the stack: the chosen one, else those of its project. */
function serversOf({targets, scope}: LookFacts): readonly RedisTarget[] {
	const chosen = targets.redis.filter(({id}) => id === scope.redis);
	const own = targets.redis.filter(
		({container}) => scope.project === undefined || container?.project === scope.project,
	);
	return (chosen.length > 0 ? chosen : own).slice(0, maxServers);
}

/** A figure of a key; 0 where there is none, undefined where it may not be asked for. */
async function figure(
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

/** Names of list keys, from at most 5,000 places of the table. */
async function listKeys(client: RedisClient, signal: AbortSignal): Promise<readonly string[]> {
	const names = new Set<string>();
	let cursor = '0';
	for (let round = 0; round < maxRounds; round++) {
		const page = listOf(await client.call('SCAN', [cursor, 'COUNT', 500, 'TYPE', 'list'], signal));
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
async function queuesOf(facts: LookFacts, target: RedisTarget): Promise<readonly Found[]> {
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
async function sideFigures(found: readonly Found[], signal: AbortSignal) {
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

/** Lengths of the queues, twice a second apart; what is under way and what failed; and who takes work. */
export const readStackQueue: LookReader<'stack.queue'> = async facts => {
	const {io, signal} = facts;
	const workers = knownMembers(facts).filter(isWorker);
	const down = workers.filter(({state}) => state !== 'running');
	const servers = serversOf(facts);
	if (servers.length === 0 && workers.length === 0) {
		const params = {subject: 'Redis'};
		throw new ProblemError({code: 'look-nothing-here', params, retry: 'rarely'});
	}

	const outcomes = await Promise.allSettled(servers.map(target => queuesOf(facts, target)));
	signal.throwIfAborted();
	const found = outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? outcome.value : []));
	const isKnown = servers.length > 0 && outcomes.every(({status}) => status === 'fulfilled');
	const startMs = io.clock.monotonic();
	const sides = await sideFigures(found, signal);
	if (found.length > 0) await io.clock.sleep(gapMs, signal);
	const later = await Promise.all(
		found.map(
			async item => (await figure(item.client, ['LLEN', item.queue.key], signal)) ?? item.length,
		),
	);
	const passedSeconds = (io.clock.monotonic() - startMs) / 1000;
	await Promise.all([...new Set(found.map(({client}) => client))].map(client => client.close()));
	const now = found
		.map((item, index) => ({...item, now: later[index] ?? item.length}))
		.toSorted((a, b) => b.now - a.now);
	const [longest] = now;
	const growth = now.reduce((sum, item) => sum + item.now - item.length, 0);
	const known = <T>(value: T) => (isKnown ? value : undefined);
	return {
		values: {
			queues: known(now.length),
			kind: longest?.queue.kind ?? known('none'),
			longest: longest && clean(longest.queue.name, 200),
			length: longest?.now,
			waiting: known(now.reduce((sum, item) => sum + item.now, 0)),
			growth: known(passedSeconds > 0 ? growth / passedSeconds : 0),
			'is-growing': known(growth > 0),
			'is-draining': known(growth < 0),
			unacked: known(sides.taken),
			failed: known(sides.failed),
			workers: workers.length,
			'workers-running': workers.length - down.length,
			'first-worker-down': down[0] && callName(down[0]),
		},
		lines: [
			...(isKnown || servers.length === 0 ? [] : ['Redis does not answer']),
			...now.map(item =>
				clean(`${item.queue.kind} ${item.queue.name}: ${item.length} → ${item.now}`, 200),
			),
			...workers.map(worker => `${callName(worker)}: ${worker.state}`),
		].slice(0, 20),
	};
};
