import {
	formatAge,
	formatBytes,
	formatBytesOf,
	formatDateTime,
	formatDuration,
	formatLatency,
	formatMetric,
	formatPercent,
} from '../domain/format.ts';
import type {ErrorGroup} from '../domain/errors.ts';
import {metrics} from '../domain/metrics.ts';
import type {Problem} from '../domain/problem.ts';
import {type Reading, valueOf} from '../domain/reading.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import {pendingAlerts, pendingCount, raisedAlerts} from '../store/select-alerts.ts';
import {containerRows, hasSeveralProjects} from '../store/select-containers.ts';
import {single} from '../store/select.ts';
import type {State} from '../store/state.ts';
import {metricWords} from '../words/metrics.ts';
import {say} from '../words/screen.ts';
import {sayProblem} from '../words/say-problem.ts';
import {judgedNow, levelNow} from './judged.ts';
import {problemsOf} from './problems.ts';

/** The plain status report for a pipe, a log or a dumb terminal: no escape codes, one fact a line. */
export function plainReport(unjudged: State): string {
	const state = judgedNow(unjudged);
	const {data, settings, ui} = state;
	const {language} = ui;
	const now = levelNow(unjudged);
	const count = pendingCount(data);
	const level =
		now === 'ok' && count > 0
			? say(language, 'status.pending', {count})
			: say(language, `level.${now}`);
	const title = settings.title ?? settings.system ?? 'opsconsole';
	const environment = say(language, `environment.${settings.environment.kind}`);
	return [
		`${title} (${environment}) ${state.hostname} ${formatDateTime(data.nowMs)}: ${level}`,
		...alertLines(state),
		'',
		...containerLines(state),
		...hostLines(state),
		...postgresLines(state),
		...redisLines(state),
		...endpointLines(state),
		...errorLines(state),
		...backupLines(state),
		...problemLines(state),
		'',
	].join('\n');
}

function problemText(state: State, problem: Problem): string {
	const {summary, hint} = sayProblem(state.ui.language, problem);
	return `${summary}. ${hint}`;
}

/** The lines of a reading, or why there are none. */
function lines<T>(
	state: State,
	name: string,
	reading: Reading<T> | undefined,
	of: (value: T) => readonly string[],
): readonly string[] {
	if (!reading || reading.kind === 'waiting') {
		return [`${name}: ${say(state.ui.language, 'reading.waiting')}`];
	}

	const value = valueOf(reading);
	const problem =
		reading.kind === 'stale' || reading.kind === 'failed'
			? [`${name}: ${problemText(state, reading.problem)}`]
			: [];
	return [...problem, ...(value === undefined ? [] : of(value))];
}

/** The reading of each target of a source, answered or not. */
function each<Id extends SourceId>(
	state: State,
	source: Id,
	targets: readonly {readonly id: string}[],
): readonly (readonly [string, Reading<SourceValues[Id]> | undefined])[] {
	const readings: Readonly<Record<string, Reading<SourceValues[Id]>>> = state.data.readings[source];
	return targets.map(({id}) => [id, readings[id]] as const);
}

function alertLines(state: State): readonly string[] {
	const {language} = state.ui;
	const pending = pendingAlerts(state.data).filter(alert => alert.level !== 'unknown');
	return [...raisedAlerts(state.data), ...pending].map(alert => {
		const name = metricWords[alert.metric]?.[language] ?? alert.metric;
		const unit = metrics[alert.metric];
		const value = formatMetric(alert.value, unit, language);
		const limit = formatMetric(alert.threshold, unit, language);
		// The name of a state says it all; a figure is compared with its threshold.
		const figures = unit === 'state' ? '' : ` ${value} (${limit})`;
		const since = formatDuration((state.data.nowMs - alert.sinceMs) / 1000, language);
		const level = say(language, alert.isPending ? 'alerts.pending' : `level.${alert.level}`);
		const held = alert.recovery ? `, ${say(language, 'status.recovering')}` : '';
		return `  ${level} ${alert.subject}: ${name}${figures}${held}, ${since} [${alert.provenance}]`;
	});
}

function containerLines(state: State): readonly string[] {
	const {language} = state.ui;
	return lines(state, 'docker', single(state.data, 'docker.containers'), value =>
		value.containers.length === 0
			? [say(language, 'nothing-else')]
			: containerRows(state).map(({container, usage, level}) =>
					[
						`${say(language, `level.${level}`)} ${container.name}:`,
						say(language, `state.${container.state}`),
						container.health === 'none' ? '' : say(language, `state.${container.health}`),
						container.state === 'exited' ? `(${container.exitCode ?? ''})` : '',
						usage
							? `cpu ${formatPercent(usage.cpuPercent)} mem ${formatBytesOf(usage.memoryUsedBytes, usage.memoryLimitBytes)}`
							: '',
						container.restartCount > 0 ? `restarts ${container.restartCount}` : '',
						container.healthOutput ?? '',
					]
						.filter(part => part !== '')
						.join(' '),
				),
	);
}

function hostLines(state: State): readonly string[] {
	return lines(state, 'host', single(state.data, 'host.load'), value => [
		`host: cpu ${formatPercent(value.cpu.busyPercent)}, load ${value.load?.join(' ') ?? '-'}, memory ${formatPercent(value.memory?.usedPercent)} of ${formatBytes(value.memory?.totalBytes)}`,
		...value.disks.map(
			disk =>
				`disk ${disk.mount}: ${formatPercent(disk.usedPercent)} used, ${formatBytes(disk.availableBytes)} free`,
		),
	]);
}

function postgresLines(state: State): readonly string[] {
	return each(state, 'postgres.activity', state.data.targets.postgres).flatMap(([id, reading]) =>
		lines(state, `postgres ${id}`, reading, value => [
			`postgres ${id}: ${value.version} ${value.role}, connections ${value.connections.used}/${value.connections.usable}, waiting ${value.waiting}, cache hit ${formatPercent(value.cacheHitPercent)}`,
		]),
	);
}

function redisLines(state: State): readonly string[] {
	return each(state, 'redis.server', state.data.targets.redis).flatMap(([id, reading]) =>
		lines(state, `redis ${id}`, reading, value => [
			`redis ${id}: ${value.version}, memory ${formatBytesOf(value.memory.usedBytes, value.memory.maxBytes === 0 ? undefined : value.memory.maxBytes)}, policy ${value.memory.policy}, hit ${formatPercent(value.hitPercent)}, clients ${value.clients.connected}`,
		]),
	);
}

function endpointLines(state: State): readonly string[] {
	return each(state, 'http.endpoint', state.data.targets.endpoints).flatMap(([id, reading]) =>
		lines(state, `endpoint ${id}`, reading, value => [
			`endpoint ${value.url}: ${value.isUp ? 'up' : 'DOWN'} ${value.status ?? value.failure ?? ''} ${formatLatency(value.latencyMs, state.ui.language)}`,
		]),
	);
}

/** The services of a group, with their project where several are watched. */
function placeText(state: State, {project, services}: ErrorGroup): string {
	const isTold = project !== undefined && hasSeveralProjects(state.data);
	return `${isTold ? `${project}/` : ''}${services.join(',')}`;
}

function errorLines(state: State): readonly string[] {
	const {language} = state.ui;
	return lines(state, 'errors', single(state.data, 'logs.errors'), value =>
		value.groups.length === 0
			? [`errors: ${say(language, 'errors.quiet')}`]
			: value.groups
					.slice(0, 10)
					.map(
						group =>
							`${group.severity} ${group.count}x ${placeText(state, group)} ${formatAge(state.data.nowMs - group.lastAtMs, language)}: ${group.example}`,
					),
	);
}

function backupLines(state: State): readonly string[] {
	const {language} = state.ui;
	return each(state, 'backups.set', state.data.targets.backups).flatMap(([id, reading]) =>
		lines(state, `backup ${id}`, reading, value => [
			`backup ${id}: ${value.newest ? `${formatAge(state.data.nowMs - value.newest.atMs, language)} ${formatBytes(value.newest.bytes)}` : say(language, 'backups.empty')}${value.isOverdue ? ` ${say(language, 'backups.overdue')}` : ''}`,
		]),
	);
}

/** Everything that could not be read or was not found, with its next step; servers say it in their own place. */
function problemLines(state: State): readonly string[] {
	const said = new Set([
		'docker.containers',
		'host.load',
		'postgres.activity',
		'redis.server',
		'http.endpoint',
		'backups.set',
		'logs.errors',
	]);
	return problemsOf(state)
		.filter(({source, target}) => !said.has(source) || !hasReading(state, source, target))
		.map(({source, target, problem}) => `! ${source} ${target}: ${problemText(state, problem)}`);
}

function hasReading({data}: State, source: string, target: string): boolean {
	const readings: Readonly<Record<string, Readonly<Record<string, unknown>>>> = data.readings;
	return readings[source]?.[target] !== undefined;
}
