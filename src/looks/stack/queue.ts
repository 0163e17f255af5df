import {clean} from '../../domain/clean.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {isWorker} from '../../domain/work-queues.ts';
import {callName} from '../service/subject.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {knownMembers} from './members.ts';
import {figure, queuesOf, sideFigures} from './queue-figures.ts';

const gapMs = 1000;
const maxServers = 3;

/** The Redis servers of the stack: the chosen one, else those of its project. */
function serversOf({targets, scope}: LookFacts): readonly RedisTarget[] {
	const chosen = targets.redis.filter(({id}) => id === scope.redis);
	const own = targets.redis.filter(
		({container}) => scope.project === undefined || container?.project === scope.project,
	);
	return (chosen.length > 0 ? chosen : own).slice(0, maxServers);
}

/** Why a server could not be asked, by the problem's code. */
function causeOf(reason: unknown): string {
	return reason instanceof ProblemError ? `Redis: ${reason.problem.code}` : 'Redis does not answer';
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
			...outcomes.flatMap(outcome =>
				outcome.status === 'rejected' ? [causeOf(outcome.reason)] : [],
			),
			...now.map(item =>
				clean(`${item.queue.kind} ${item.queue.name}: ${item.length} → ${item.now}`, 200),
			),
			...workers.map(worker => `${callName(worker)}: ${worker.state}`),
		].slice(0, 20),
	};
};
