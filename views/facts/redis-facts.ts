import type {Look} from '../../hooks/use-look.ts';
import {
	formatBytes,
	formatCount,
	formatDuration,
	formatDurationShort,
	formatRatio,
} from '../../src/domain/format.ts';
import type {RedisKeySample, RedisValue} from '../../src/domain/redis.ts';
import {chosenTarget} from '../../src/store/select-look.ts';
import {shown} from '../../src/store/select.ts';
import type {Data, State} from '../../src/store/state.ts';
import {missingRedis, redisGroups, redisTop, slowLines} from '../panels/redis.tsx';
import {readingLines} from '../parts/reading-lines.ts';
import {cell, flow, joined, labelled, type Line, span} from '../parts/spans.ts';

type Facts = {readonly id: string; readonly value: RedisValue; readonly width: number};

/** All facts of one server, for the full screen. */
export function redisFacts(state: State, look: Look, width: number): readonly Line[] {
	const data = shown(state);
	const id = chosenTarget(state, 'redis');
	if (id === undefined) return missingRedis(data, look, {width});
	const target = data.targets.redis.find(candidate => candidate.id === id);
	const title: Line = joined([
		[span(id, {bold: true})],
		[span(target ? `${target.host}:${target.port}` : '', {dim: true})],
	]);
	const facts = readingLines(
		look,
		data.readings['redis.server'][id],
		{nowMs: data.nowMs, width},
		value => serverFacts(data, look, {id, value, width}),
	);
	const sample = data.readings['redis.keys'][id];
	return [
		title,
		...facts,
		[],
		[span(look.say('redis.sample-title'), {bold: true})],
		...readingLines(look, sample, {nowMs: data.nowMs, width}, value => sampleLines(look, value)),
	];
}

function serverFacts(data: Data, look: Look, facts: Facts): readonly Line[] {
	const {value} = facts;
	const {memory, keys, clients, persistence, replication} = value;
	return [
		joined([
			labelled(value.flavour === 'valkey' ? 'Valkey' : 'Redis', value.version),
			[span(value.role)],
			labelled(look.say('host.uptime'), formatDuration(value.uptimeSeconds, look.language)),
		]),
		...redisTop(data, look, facts),
		...flow(redisGroups(data, look, facts), facts.width),
		...flow(
			[
				labelled(look.say('redis.policy'), memory.policy),
				labelled(look.say('redis.peak'), formatBytes(memory.peakBytes)),
				labelled(look.say('redis.rss'), formatBytes(memory.rssBytes)),
				labelled(look.say('redis.fragmentation'), formatRatio(memory.fragmentationRatio)),
				labelled(look.say('redis.evicted'), formatCount(value.evictedKeys)),
				labelled(look.say('redis.expired'), formatCount(value.expiredKeys)),
				labelled(look.say('redis.blocked'), String(clients.blocked)),
				labelled(look.say('redis.rejected'), formatCount(value.rejectedConnections)),
				labelled(look.say('redis.changes'), formatCount(persistence.changesSinceSave)),
				labelled(look.say('redis.replicas'), String(replication.replicas)),
			],
			facts.width,
		),
		...keys.databases.map(database =>
			joined([
				[span(`db${database.index}`)],
				labelled(look.say('redis.keys'), formatCount(database.keys)),
				labelled(look.say('redis.expiring'), formatCount(database.expiring)),
			]),
		),
		[],
		[span(look.say('redis.slow-title'), {bold: true})],
		...(value.slowLogDenied ? [[span(look.say('redis.slow-denied'), {dim: true})]] : []),
		...slowLines(value, data.nowMs),
	];
}

function sampleLines(look: Look, value: RedisKeySample): readonly Line[] {
	return [
		joined([
			labelled(
				look.say('redis.keys'),
				`${formatCount(value.scanned)} / ${formatCount(value.total)}`,
			),
		]),
		...value.byPrefix
			.slice(0, 8)
			.map(group => [
				cell(group.prefix, 32),
				cell(formatCount(group.keys), 8, {align: 'right'}),
				cell(formatBytes(group.bytes), 10, {align: 'right'}),
			]),
		...value.largest
			.slice(0, 8)
			.map(key => [
				cell(key.key, 32, {dim: true}),
				cell(key.type, 8, {align: 'right'}),
				cell(formatBytes(key.bytes), 10, {align: 'right'}),
				cell(formatDurationShort(key.ttlSeconds), 8, {align: 'right'}),
			]),
	];
}
