import {type Look, useLook} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {
	formatAge,
	formatBytesShort,
	formatCount,
	formatDurationShort,
	formatLatencyShort,
	formatRate,
	formatPercent,
	formatRatio,
} from '../../src/domain/format.ts';
import {valueOf} from '../../src/domain/reading.ts';
import type {RedisValue} from '../../src/domain/redis.ts';
import {alertIndex} from '../../src/store/select-alerts.ts';
import {hasSeveralProjects} from '../../src/store/select-containers.ts';
import {panelLevel} from '../../src/store/select-levels.ts';
import {chosenTarget} from '../../src/store/select-look.ts';
import {shown} from '../../src/store/select.ts';
import type {Data, State} from '../../src/store/state.ts';
import {metricGroup, troubleFirst} from '../parts/metric-group.ts';
import {readingLines} from '../parts/reading-lines.ts';
import {
	cell,
	flow,
	labelled,
	labelledSpark,
	levelSign,
	levelStyle,
	type Line,
	span,
} from '../parts/spans.ts';
import {secondOf, timed} from '../parts/timed.ts';
import {gauge} from './host.tsx';
import {Panel} from './panel.tsx';
import {missingServers} from './missing-servers.ts';
import {serverNote} from './postgres.tsx';

type Facts = {readonly id: string; readonly value: RedisValue; readonly width: number};

/** What refuses work now, then the memory. */
export function redisTop(data: Data, look: Look, {id, value, width}: Facts): readonly Line[] {
	const {memory, persistence, replication} = value;
	const level = alertIndex(data).levelOf('redis.memory', id);
	const isSaveShown = value.trouble.includes('save-failed');
	const bad = (text: string): Line => [span(`x ${text}`, levelStyle('crit'))];
	const isReplica = value.role === 'replica';
	return [
		...value.trouble
			.filter(trouble => !(trouble === 'read-only' && isReplica))
			.map(trouble => bad(look.say(`redis.trouble.${trouble}`))),
		...(persistence.lastSaveOk || isSaveShown ? [] : [bad(look.say('redis.save-failed'))]),
		...(persistence.aofEnabled && !persistence.aofOk
			? [bad(`${look.say('redis.aof')} ${look.say('redis.aof-failed')}`)]
			: []),
		...(replication.masterLinkUp === false ? [bad(look.say('redis.link-down'))] : []),
		memory.maxBytes > 0
			? gauge(look, {
					label: look.say('redis.memory'),
					percent: memory.usedPercent,
					level,
					note: `${formatBytesShort(memory.usedBytes)}/${formatBytesShort(memory.maxBytes)}`,
					width,
				})
			: [
					cell(look.say('redis.memory'), 6, {dim: true}),
					span(`${formatBytesShort(memory.usedBytes)} ${levelSign[level]}`, levelStyle(level)),
					span(` ${look.say('redis.no-limit')}`, {dim: true}),
				],
	];
}

/** The figures of the server, most important first. */
export function redisGroups(
	data: Data,
	look: Look,
	{id, value}: Omit<Facts, 'width'>,
): readonly Line[] {
	const {clients, keys, persistence, memory} = value;
	const figure = (label: string, text: string, metric: string) =>
		metricGroup(data, {label, value: text, metric, target: id});
	const saved =
		persistence.lastSaveAtMs === undefined
			? look.say('redis.never-saved')
			: formatAge(Math.max(0, data.nowMs - persistence.lastSaveAtMs), look.language);
	return [
		figure(look.say('redis.hit'), formatPercent(value.hitPercent), 'redis.hit-rate'),
		labelled(look.say('redis.operations'), formatRate(value.operationsPerSecond)),
		figure(look.say('redis.evicted'), formatRate(value.evictionsPerSecond), 'redis.evictions'),
		figure(look.say('redis.clients'), String(clients.connected), 'redis.clients'),
		figure(look.say('redis.ping'), formatLatencyShort(value.pingMs), 'redis.ping'),
		labelled(look.say('redis.keys'), formatCount(keys.total)),
		labelled(look.say('redis.saved'), saved),
		...(persistence.aofOk || !persistence.aofEnabled
			? [
					labelled(
						look.say('redis.aof'),
						look.say(persistence.aofEnabled ? 'redis.on' : 'redis.off'),
					),
				]
			: []),
		...(clients.blocked > 0 ? [labelled(look.say('redis.blocked'), String(clients.blocked))] : []),
		...(memory.fragmentationRatio === undefined
			? []
			: [
					figure(
						look.say('redis.fragmentation'),
						formatRatio(memory.fragmentationRatio),
						'redis.fragmentation',
					),
				]),
		labelled(look.say('redis.policy'), memory.policy),
	];
}

/** The newest slow commands. */
export function slowLines(value: RedisValue, nowMs: number): readonly Line[] {
	return value.slowLog.map(entry => [
		cell(formatDurationShort(Math.max(0, nowMs - entry.atMs) / 1000), 6, {
			align: 'right',
			dim: true,
		}),
		cell(formatLatencyShort(entry.durationMs), 8, {align: 'right'}),
		span(`  ${entry.command}`),
	]);
}

/** The rows of the tile, most important first; the slow log where there is room. */
export function redisLines(
	data: Data,
	look: Look,
	facts: Facts & {readonly height: number},
): readonly Line[] {
	const {id, value, width, height} = facts;
	const base = [
		...redisTop(data, look, facts),
		...flow(troubleFirst(redisGroups(data, look, facts)), width),
	];
	const history = labelledSpark(look, {
		label: look.say('redis.memory'),
		value: formatBytesShort(value.memory.usedBytes),
		points: data.history[`redis.memory@${id}`],
		width,
	});
	const room = height - base.length - 1;
	const slow = slowLines(value, data.nowMs);
	if (slow.length === 0 || room < 3) return [...base, history];
	return [
		...base,
		history,
		...(room > 4 ? [[]] : []),
		[span(look.say('redis.slow-title'), {bold: true})],
		...slow.slice(0, room - (room > 4 ? 2 : 1)),
	];
}

/** Servers that were looked for and not found, with what was last known of them. */
export function missingRedis(
	data: Data,
	look: Look,
	place: {readonly width: number; readonly height?: number},
): readonly Line[] {
	return missingServers(data, look, 'redis', {
		...place,
		known: data.lastKnown.redis,
		lines: facts => redisLines(data, look, facts),
	});
}

const reads = (state: State): readonly unknown[] => {
	const data = shown(state);
	const id = chosenTarget(state, 'redis');
	return [
		...timed(data, data.readings['redis.server']),
		// The age of the last save and of slow commands.
		Math.floor(secondOf(data) / 5),
		data.alerts,
		data.targets,
		data.lastKnown,
		data.history[`redis.memory@${id ?? ''}`],
		state.ui.focus,
		id,
		hasSeveralProjects(data),
	];
};

/** Memory, hits, clients and persistence of one Redis or Valkey server. */
export function RedisPanel({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	const data = shown(state);
	const id = chosenTarget(state, 'redis');
	const reading = id === undefined ? undefined : data.readings['redis.server'][id];
	const room = height - 1;
	const lines =
		id === undefined
			? missingRedis(data, look, {width, height: room})
			: readingLines(look, reading, {nowMs: data.nowMs, width, height: room}, (value, left) =>
					redisLines(data, look, {id, value, width, height: left}),
				);
	return (
		<Panel
			panel="redis"
			note={serverNote(state, 'redis', {version: valueOf(reading)?.version, width})}
			level={panelLevel(data, 'redis')}
			lines={lines}
			width={width}
			height={height}
		/>
	);
}
