import type {ErrorGroup, ErrorsValue, LogRates} from '../../domain/errors.ts';
import {reachedKind} from '../../domain/log-places.ts';
import {symptomOf} from '../../domain/log-symptoms.ts';
import {freshOf} from '../fresh-of.ts';
import {callName} from '../service/subject.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {errorRate} from './error-rate.ts';
import {isOfStack, isOnlyStack, knownMembers} from './members.ts';

/** Where the readings of all logs live, as in the store. */
const logsTarget = 'logs';
const windowMs = 15 * 60_000;
const windowMinutes = 15;
/** From here on it is looked whether a service floods its log. */
const manyPerMinute = 200;

type About =
	| 'database'
	| 'redis'
	| 'network'
	| 'disk'
	| 'memory'
	| 'configuration'
	| 'code'
	| 'other'
	| 'none';

/** What an error is about, by its text and the first lines behind it. */
export function aboutOf({example, details}: Pick<ErrorGroup, 'example' | 'details'>): About {
	const lines = [example, ...details.slice(-5)];
	const line = lines.find(one => symptomOf(one) !== undefined) ?? example;
	switch (symptomOf(line)) {
		case 'redis-oom':
		case 'redis-readonly':
		case 'redis-misconf':
			return 'redis';
		case 'too-many-clients':
		case 'database-missing':
		case 'table-missing':
		case 'deadlock':
			return 'database';
		case 'connection-refused':
		case 'connection-lost':
		case 'name-not-resolved':
		case 'authentication-failed':
		case 'pool-exhausted':
		case 'timeout':
		case 'tls-failed':
		case 'upstream-failed': {
			const reached = reachedKind(line);
			return reached === 'postgres' ? 'database' : reached === 'redis' ? 'redis' : 'network';
		}

		case 'disk-full':
		case 'read-only':
			return 'disk';
		case 'out-of-memory':
			return 'memory';
		case 'setting-missing':
		case 'address-in-use':
		case 'permission-denied':
		case 'file-missing':
			return 'configuration';
		case 'module-missing':
		case 'crash':
		case 'traceback':
			return 'code';
		case undefined:
			return /\w(?:Error|Exception)\b/.test(line) ? 'code' : 'other';
	}
}

const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);

/** Events of a group in the last quarter of an hour. */
function recent({history}: ErrorGroup): number {
	return sum(history.slice(-windowMinutes));
}

type Log = {readonly project?: string; readonly services: readonly string[]};

/**
 * Whether a log belongs to the stack: by its project, never by the name of its service alone. One of the host itself
 * belongs to the only stack that there is; with several nobody can tell whose it is.
 */
function isOwnLog({containers, scope}: LookFacts, {project, services}: Log): boolean {
	if (project !== undefined || scope.project === undefined) return isOfStack(scope, project);
	const others = new Set(containers.filter(one => one.project === undefined).map(callName));
	return isOnlyStack({containers, scope}) && services.some(name => !others.has(name));
}

/** The rates of the stack's own logs. */
function ratesOf(facts: LookFacts, value: ErrorsValue, groups: readonly ErrorGroup[]): LogRates {
	const {scope} = facts;
	const isHostOwn = scope.project === undefined || isOnlyStack(facts);
	const isOwn = (project: string | undefined) =>
		project === undefined ? isHostOwn : isOfStack(scope, project);
	const projects: readonly {readonly project?: string}[] = value.projects ?? [{}];
	const lastFive = sum(groups.filter(isError).map(({history}) => sum(history.slice(-5)))) / 5;
	if (projects.every(({project}) => isOwn(project))) {
		// The figure counts every log, also that of a container that is not the stack's.
		return groups.length === value.groups.length ? value : {...value, errorsPerMinute: lastFive};
	}

	const own = value.projects?.find(({project}) => project === scope.project);
	return own ?? {errorsPerMinute: lastFive};
}

function isError({severity}: ErrorGroup): boolean {
	return severity !== 'warning';
}

function noisiestOf(groups: readonly ErrorGroup[]): readonly [string, number] | undefined {
	const counts = new Map<string, number>();
	for (const group of groups) {
		// A group of several services is counted for the first: which of them wrote how much is not known.
		const [service = ''] = group.services;
		counts.set(service, (counts.get(service) ?? 0) + recent(group));
	}

	return [...counts].toSorted(([, a], [, b]) => b - a)[0];
}

/** Whether an error says that there is no room on a disk. */
function hasNoRoom({example, details}: Pick<ErrorGroup, 'example' | 'details'>): boolean {
	return [example, ...details.slice(-5)].some(line => symptomOf(line) === 'disk-full');
}

/**
 * The service whose login a database refuses now: one that is no server itself, because PostgreSQL logs each refusal too and
 * oftener than the program.
 */
function refusedByDatabase(facts: LookFacts, active: readonly ErrorGroup[]): string | undefined {
	const {targets} = facts;
	const ids = [...targets.postgres, ...targets.redis].map(({container}) => container?.containerId);
	const members = knownMembers(facts);
	const servers = new Set(members.filter(({id}) => ids.includes(id)).map(callName));
	const isRefusal = ({example, details, perMinute}: ErrorGroup) =>
		perMinute > 0 &&
		aboutOf({example, details}) === 'database' &&
		[example, ...details.slice(-5)].some(line => symptomOf(line) === 'authentication-failed');
	return active
		.filter(isRefusal)
		.flatMap(({services}) => services)
		.find(name => !servers.has(name));
}

function valuesOf(facts: LookFacts, value: ErrorsValue, groups: readonly ErrorGroup[]) {
	const nowMs = facts.io.clock.now();
	const rates = ratesOf(facts, value, groups);
	const active = groups
		.filter(group => isError(group) && recent(group) > 0)
		.toSorted((a, b) => recent(b) - recent(a));
	const isNew = ({firstAtMs}: ErrorGroup) => nowMs - firstAtMs < windowMs;
	const [top] = active;
	const noisiest = noisiestOf(active);
	const withoutRoom = active
		.filter(group => group.perMinute > 0 && hasNoRoom(group))
		.toSorted((a, b) => b.perMinute - a.perMinute);
	const total = sum(active.map(recent));
	return {
		active,
		values: {
			'errors-per-minute': rates.errorsPerMinute,
			'server-errors': rates.serverErrorPercent,
			'requests-per-second': rates.requestsPerSecond,
			kinds: active.length,
			'new-kinds': active.filter(isNew).length,
			top: top?.signature,
			'top-service': top?.services[0],
			'top-count': top && recent(top),
			'top-rate': top?.perMinute,
			'top-age': top && Math.max(0, (nowMs - top.firstAtMs) / 1000),
			'is-top-new': top ? isNew(top) : false,
			'top-kind': top ? aboutOf(top) : ('none' as const),
			noisiest: noisiest?.[0],
			'noisiest-percent': noisiest && total > 0 ? (noisiest[1] / total) * 100 : undefined,
			'no-room-rate': sum(withoutRoom.map(({perMinute}) => perMinute)),
			'no-room-service': withoutRoom[0]?.services[0],
			'unread-logs': value.followed.filter(
				({isFollowing, service, ...log}) =>
					!isFollowing && isOwnLog(facts, {...log, services: [service]}),
			).length,
		},
	};
}

/** Errors of a minute that the noisiest service writes now, where they look like many; 0 otherwise. */
async function floodOf(
	facts: LookFacts,
	active: readonly ErrorGroup[],
	noisiest: string | undefined,
): Promise<number> {
	if (sum(active.map(({perMinute}) => perMinute)) < manyPerMinute) return 0;
	const container = knownMembers(facts).find(one => callName(one) === noisiest);
	return (container && (await errorRate(facts, container))) ?? 0;
}

/** The errors of all logs of the stack in the last quarter of an hour, as they are grouped on the screen. */
export const readErrorsSummary: LookReader<'errors.summary'> = async facts => {
	const value = freshOf('logs.errors', await facts.reading('logs.errors', logsTarget));
	const groups = value.groups.filter(group => isOwnLog(facts, group));
	const {values, active} = valuesOf(facts, value, groups);
	const pace = await floodOf(facts, active, values.noisiest);
	return {
		values: {
			...values,
			'refused-by-database': refusedByDatabase(facts, active),
			// One line cannot come more often than all lines, though it is counted over another time.
			'errors-per-minute': Math.max(values['errors-per-minute'], pace, values['top-rate'] ?? 0),
		},
		lines: active
			.slice(0, 15)
			.map(group => `${recent(group)}× ${group.services.join(', ')}: ${group.signature}`),
	};
};
