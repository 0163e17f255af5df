import type {Problem} from '../domain/problem.ts';
import {type Reading, valueOf} from '../domain/reading.ts';
import {checkTargetOf} from '../domain/check-runs.ts';
import {scheduleTargetOf} from '../domain/schedule-runs.ts';
import type {SourceId} from '../domain/source-values.ts';
import {engineTarget, hostTarget, logsTarget, single} from '../store/select.ts';
import type {Data, State} from '../store/state.ts';

/** Something that could not be read or was not found. */
export type StatusProblem = {
	/** Name of the source, the area of what is missing, or `configuration`. */
	readonly source: string;
	readonly target: string;
	readonly problem: Problem;
	/** Wall-clock time since when it fails, where that is known. */
	readonly sinceMs?: number;
};

/** How long a single reading waits for its slowest source, in ms: `status` ends within six seconds. */
export const reportDeadlineMs = 5300;

/** Every source and target that a single reading waits for. */
export function awaitedReadings({data, settings}: State): readonly (readonly [SourceId, string])[] {
	const {targets} = data;
	const schedule = scheduleTargetOf(settings);
	const checks = checkTargetOf(settings);
	const each = (source: SourceId, found: readonly {readonly id: string}[]) =>
		found.map(({id}) => [source, id] as const);
	return [
		['host.load', hostTarget],
		...(settings.docker.isEnabled ? ([['docker.containers', engineTarget]] as const) : []),
		['logs.errors', logsTarget],
		...each('postgres.activity', targets.postgres),
		...each('postgres.storage', targets.postgres),
		...each('redis.server', targets.redis),
		...each('http.endpoint', targets.endpoints),
		...each('backups.set', targets.backups),
		...each('schedule.runs', schedule ? [schedule] : []),
		...each('checks.runs', checks ? [checks] : []),
	];
}

/** The reading of a source and target; undefined before its first. */
export function readingOf(
	data: Data,
	[source, target]: readonly [SourceId, string],
): Reading<unknown> | undefined {
	return data.readings[source][target];
}

/** Logs that are not followed, but for those of containers that merely do not run. */
function logProblems(data: Data): readonly StatusProblem[] {
	const followed = valueOf(single(data, 'logs.errors'))?.followed ?? [];
	return followed.flatMap(({target, cause}) =>
		cause && cause.code !== 'logs-container-stopped'
			? [{source: 'logs.errors', target, problem: cause}]
			: [],
	);
}

/** Every source that failed or did not answer, and everything that was looked for and not found. */
export function problemsOf(state: State): readonly StatusProblem[] {
	const {data, settings} = state;
	const silent = awaitedReadings(state).flatMap(([source, target]): readonly StatusProblem[] => {
		const kind = readingOf(data, [source, target])?.kind ?? 'waiting';
		const params = {what: source, seconds: Math.round(reportDeadlineMs / 1000)};
		return kind === 'waiting'
			? [{source, target, problem: {code: 'timed-out', params, retry: 'soon'}}]
			: [];
	});
	const failed = Object.entries(data.readings).flatMap(([source, readings]) =>
		Object.entries<Reading<unknown>>(readings).flatMap(([target, reading]) =>
			reading.kind === 'stale' || reading.kind === 'failed'
				? [{source, target, problem: reading.problem, sinceMs: reading.sinceMs}]
				: [],
		),
	);
	return [
		...settings.problems.map(problem => ({source: 'configuration', target: '', problem})),
		...failed,
		...silent,
		...logProblems(data),
		...data.targets.missing.map(({area, name, problem}) => ({
			source: area,
			target: name,
			problem,
		})),
	];
}
