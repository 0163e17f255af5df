import {clean} from '../../domain/clean.ts';
import {infoNumber, type RedisInfo} from '../../domain/redis-info.ts';
import {parseSlowLog} from '../../domain/redis-slow-log.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {listOf, numberOf, textOf} from '../../domain/unknown.ts';
import {most, percentOf, secondsSince} from '../figures.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {redisOf} from '../target.ts';
import {isDenied, readInfo} from './info.ts';

const pings = 10;
const recentMs = 15 * 60_000;
/** What counts as slow at present, in ms. */
const presentMs = 60_000;
const slowLogLength = 128;

/** Round trips in ms, shortest first. An error is an answer too; the first one may have to connect and is left out. */
async function measurePings({io, signal}: LookFacts, target: RedisTarget) {
	const client = io.redis(target);
	const times: number[] = [];
	for (let count = 0; count <= pings; count += 1) {
		const startMs = io.clock.monotonic();
		await client.call('PING', [], signal);
		if (count > 0) times.push(io.clock.monotonic() - startMs);
	}

	return times.toSorted((a, b) => a - b);
}

/** An answer that this user may not get is undefined. */
async function unlessDenied<T>(answer: Promise<T>): Promise<T | undefined> {
	try {
		return await answer;
	} catch (error) {
		if (!isDenied(error)) throw error;
		return undefined;
	}
}

/** The newest event of LATENCY LATEST: name, time in seconds, duration in ms. */
export function latestEvent(answer: unknown) {
	const events = listOf(answer).map(entry => {
		const [name, seconds, ms] = listOf(entry);
		return {name: clean(textOf(name), 60), atMs: (numberOf(seconds) ?? 0) * 1000, ms: numberOf(ms)};
	});
	return most(events, ({atMs}) => atMs);
}

/** Time of each command since the start of the server, the most first (INFO commandstats). */
export function commandTimes(info: RedisInfo) {
	return [...info]
		.flatMap(([name, text]) => {
			const command = /^cmdstat_(.+)$/.exec(name)?.[1];
			const microseconds = /usec=(\d+)/.exec(text)?.[1];
			if (command === undefined || microseconds === undefined) return [];
			return [{command: clean(command.replace('|', ' '), 40), ms: Number(microseconds) / 1000}];
		})
		.sort((a, b) => b.ms - a.ms);
}

/** How quickly the server answers, and what has kept it busy. */
export const readRedisLatency: LookReader<'redis.latency'> = async facts => {
	const {io, signal} = facts;
	const target = redisOf(facts);
	const client = io.redis(target);
	const times = await measurePings(facts, target);
	const [slowAnswer, latest, commandInfo, statsInfo] = await Promise.all([
		unlessDenied(client.call('SLOWLOG', ['GET', slowLogLength], signal)),
		unlessDenied(client.call('LATENCY', ['LATEST'], signal)),
		unlessDenied(readInfo(facts, target, 'commandstats')),
		unlessDenied(readInfo(facts, target, 'stats')),
	]);
	const nowMs = io.clock.now();
	const recent = parseSlowLog(slowAnswer).filter(({atMs}) => nowMs - atMs <= recentMs);
	const slowest = most(recent, ({durationMs}) => durationMs);
	const present = recent.filter(({atMs}) => nowMs - atMs <= presentMs);
	const slowestNow = most(present, ({durationMs}) => durationMs);
	const event = latestEvent(latest);
	const commands = commandTimes(commandInfo ?? new Map());
	const [busiest] = commands;
	const forkMicroseconds = statsInfo && infoNumber(statsInfo, 'latest_fork_usec');
	return {
		values: {
			'ping-median': times[Math.floor(times.length / 2)],
			'ping-max': times.at(-1),
			'slow-commands': slowAnswer === undefined ? undefined : recent.length,
			slowest: slowest?.command,
			'slowest-duration': slowest?.durationMs,
			'slowest-age': secondsSince(slowest?.atMs, nowMs),
			'slow-recent': slowAnswer === undefined ? undefined : present.length,
			'slowest-recent': slowestNow?.command,
			'slowest-recent-duration': slowestNow?.durationMs,
			'is-slow-log-readable': slowAnswer !== undefined,
			event: event?.name,
			'event-duration': event?.ms,
			'event-age': secondsSince(event?.atMs, nowMs),
			'busiest-command': busiest?.command,
			'busiest-share': percentOf(
				busiest?.ms,
				commands.reduce((sum, {ms}) => sum + ms, 0),
			),
			'fork-duration':
				forkMicroseconds === undefined || forkMicroseconds === 0
					? undefined
					: forkMicroseconds / 1000,
		},
		lines: recent
			.toSorted((a, b) => b.durationMs - a.durationMs)
			.slice(0, 20)
			.map(({durationMs, command}) => `${durationMs.toFixed(1)} ms ${command}`),
	};
};
