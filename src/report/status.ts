import type {Alert} from '../domain/alerts.ts';
import type {Level} from '../domain/level.ts';
import {metrics} from '../domain/metrics.ts';
import type {Problem} from '../domain/problem.ts';
import {type Reading, valueOf} from '../domain/reading.ts';
import type {SourceId} from '../domain/source-values.ts';
import {containerRows} from '../store/select-containers.ts';
import {panelLevel} from '../store/select-levels.ts';
import {single} from '../store/select.ts';
import type {State} from '../store/state.ts';
import {sayProblem} from '../words/say-problem.ts';
import {judgedNow, levelNow, targetLevel} from './judged.ts';
import {problemsOf} from './problems.ts';

/** Version of the status document; a new major number means that keys changed their meaning. */
export const statusVersion = '1.0';

type Json = Readonly<Record<string, unknown>>;

/** Exit status of `opsconsole status` for a level. */
export function exitStatusOf(level: Level): number {
	return {ok: 0, warn: 1, crit: 2, unknown: 3}[level];
}

/** A time for programs; null for one that is not known. */
function iso(atMs: number | undefined): string | null {
	return atMs === undefined || !Number.isFinite(atMs) ? null : new Date(atMs).toISOString();
}

/** Cause and next step of a problem in the operator's language. */
function described(state: State, problem: Problem): Json {
	return {code: problem.code, ...sayProblem(state.ui.language, problem)};
}

/** Kind, times and problem of a reading, without its value. */
function about(state: State, reading: Reading<unknown> | undefined): Json {
	if (!reading || reading.kind === 'waiting') return {reading: 'waiting', readAt: null};
	const base = {
		reading: reading.kind,
		readAt: reading.kind === 'failed' ? null : iso(reading.atMs),
	};
	if (reading.kind === 'fresh') return base;
	const problem = {...described(state, reading.problem), since: iso(reading.sinceMs)};
	return {...base, problem};
}

/** Turns `…AtMs` figures into ISO times and rounds; every other key keeps its name, which carries its unit. */
function readable(value: unknown): unknown {
	if (typeof value === 'number') return Math.round(value * 1000) / 1000;
	if (Array.isArray(value)) return value.map(readable);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, item]: readonly [string, unknown]) => {
			if (typeof item !== 'number') return [key, readable(item)];
			if (key === 'atMs') return ['at', iso(item)];
			return key.endsWith('AtMs') ? [key.slice(0, -2), iso(item)] : [key, readable(item)];
		}),
	);
}

function fields(value: unknown): Json {
	const result = readable(value);
	return typeof result === 'object' && result !== null ? {...result} : {};
}

/** One entry for each target of a source, whether it answered or not. */
function perTarget(
	state: State,
	source: SourceId,
	targets: readonly {readonly id: string}[],
): readonly Json[] {
	const readings: Readonly<Record<string, Reading<unknown>>> = state.data.readings[source];
	return targets.map(({id}) => {
		const reading = readings[id];
		return {
			id,
			level: targetLevel(state.data, source, {id, reading}),
			...about(state, reading),
			...fields(valueOf(reading)),
		};
	});
}

/** Slowly changing facts of a PostgreSQL server, beside what happens in it now. */
function postgresEntries(state: State): readonly Json[] {
	const {readings, targets} = state.data;
	const entries = perTarget(state, 'postgres.activity', targets.postgres);
	return targets.postgres.map(({id}, index) => {
		const storage = readings['postgres.storage'][id];
		return {
			...entries[index],
			storage: {...about(state, storage), ...fields(valueOf(storage))},
		};
	});
}

/** The containers in the order of their names, whatever the screen sorts by. */
function containerEntries(state: State): readonly Json[] {
	const byName = {...state, ui: {...state.ui, sort: 'name', filter: ''}} as const;
	return containerRows(byName).map(({container, usage, level, endpoints}) => ({
		...fields(container),
		level,
		usage: usage ? fields(usage) : null,
		endpoints: endpoints.map(endpoint => endpoint.url),
	}));
}

/** The error groups; what keeps a log from being followed is said in words. */
function errorsEntry(state: State): Json {
	const reading = single(state.data, 'logs.errors');
	const value = valueOf(reading);
	const followed = value?.followed.map(({target, project, service, isFollowing, cause}) => ({
		target,
		...(project !== undefined && {project}),
		service,
		isFollowing,
		...(cause && {problem: described(state, cause)}),
	}));
	return {
		level: panelLevel(state.data, 'errors'),
		...about(state, reading),
		...fields(value),
		...(followed && {followed}),
		groups: fields(value)['groups'] ?? [],
	};
}

/** An alert with the unit of its figures and for how long its condition holds. */
function alertEntry(alert: Alert, nowMs: number): Json {
	const {value, threshold, sinceMs, recovery, ...rest} = alert;
	return {
		...rest,
		value: value === undefined ? null : readable(value),
		threshold: threshold === undefined ? null : readable(threshold),
		unit: metrics[alert.metric],
		since: iso(sinceMs),
		...(recovery && {isRecovering: true}),
		...(recovery?.untilMs !== undefined && {recoveredBy: iso(recovery.untilMs)}),
		heldSeconds: Math.max(0, Math.round((nowMs - sinceMs) / 1000)),
	};
}

/**
 * The whole status as one document (docs/status.md): the same state gives the same document. Units are in the key
 * names; times are ISO 8601 in UTC. Levels are those of this moment, without hold times; `alerts` says which conditions
 * have not held long enough yet for the live console to raise them.
 */
export function statusDocument(state: State): Json {
	const {data, settings} = state;
	const now = judgedNow(state);
	const host = single(data, 'host.load');
	const containers = single(data, 'docker.containers');
	const {targets} = data;
	return {
		version: statusVersion,
		generatedAt: iso(data.nowMs),
		environment: settings.environment,
		system: settings.system ?? null,
		title: settings.title ?? null,
		level: levelNow(state),
		host: {
			name: state.hostname,
			level: panelLevel(now.data, 'host'),
			...about(state, host),
			...fields(valueOf(host)),
		},
		engine: {...about(state, containers), ...fields(valueOf(containers)?.engine)},
		containers: containerEntries(now),
		postgres: postgresEntries(now),
		redis: perTarget(now, 'redis.server', targets.redis),
		endpoints: perTarget(now, 'http.endpoint', targets.endpoints),
		errors: errorsEntry(now),
		backups: perTarget(now, 'backups.set', targets.backups),
		alerts: data.alerts
			.filter(alert => alert.level !== 'ok')
			.map(alert => alertEntry(alert, data.nowMs)),
		problems: problemsOf(state).map(({source, target, problem, sinceMs}) => ({
			source,
			target,
			...described(state, problem),
			since: iso(sinceMs),
		})),
	};
}
