import type {Container} from '../../domain/containers.ts';
import {parseLine} from '../../domain/log-parse.ts';
import {
	countSymptoms,
	placeIn,
	reachedKind,
	settingIn,
	symptomOf,
	symptoms,
	type SymptomCounts,
} from '../../domain/log-symptoms.ts';
import {objectOf} from '../../domain/unknown.ts';
import type {Seen} from '../../runbooks/look.ts';
import type {lookDeclarations} from '../../runbooks/looks/index.ts';
import type {LookReader} from '../reader.ts';
import {callName, secondsSince, subjectOf} from './subject.ts';
import {readLog, type LogLine} from './log-lines.ts';

type Values = Seen<(typeof lookDeclarations)['service.log']>['values'];

const windowMs = 15 * 60_000;
const maxBytes = 1024 * 1024;
const maxLines = 3000;
const maxShown = 20;
const arrival = {atMs: 0, isExact: false};

const isUnreached = new Set([
	'connection-refused',
	'name-not-resolved',
	'upstream-failed',
	'timeout',
]);

/** From when on: the last quarter of an hour; of a container that has ended, the last quarter of its last run. */
function sinceOf({state, startedAtMs, finishedAtMs}: Container, nowMs: number): number {
	const hasEnded = state === 'exited' || state === 'dead';
	if (!hasEnded || finishedAtMs === undefined) return nowMs - windowMs;
	return Math.max(startedAtMs ?? 0, finishedAtMs - windowMs);
}

/** An address inside the networks, by the name of who has it. */
function named(place: ReturnType<typeof placeIn>, all: readonly Container[]): string | undefined {
	if (place === undefined) return undefined;
	const owner = all.find(({addresses}) => addresses.includes(place.host));
	const host = owner === undefined ? place.host : callName(owner);
	return place.port === undefined ? host : `${host}:${place.port}`;
}

/** The newest line that names what could not be reached, of the telling kind where there is one. */
function lostPlace(texts: readonly string[], {kind}: SymptomCounts): string | undefined {
	const withPlace = texts.filter(text => {
		const symptom = symptomOf(text);
		return symptom !== undefined && isUnreached.has(symptom) && placeIn(text) !== undefined;
	});
	return withPlace.findLast(text => symptomOf(text) === kind) ?? withPlace.at(-1);
}

function isError({text}: LogLine): boolean {
	const {severity, isDetail, request} = parseLine(text, 'auto', arrival);
	return isDetail !== true && !request && (severity === 'error' || severity === 'fatal');
}

/** One example of each symptom, the most telling first, then the last errors. */
function examples(lines: readonly LogLine[]): readonly string[] {
	const firsts = new Map<string, string>();
	for (const {atMs, text} of lines) {
		const symptom = symptomOf(text);
		if (symptom !== undefined && !firsts.has(symptom)) {
			firsts.set(symptom, `${new Date(atMs).toISOString()} ${text}`);
		}
	}

	const told = symptoms.flatMap(symptom => firsts.get(symptom) ?? []);
	const last = lines
		.filter(isError)
		.slice(-5)
		.map(({atMs, text}) => `${new Date(atMs).toISOString()} ${text}`);
	return [...new Set([...told, ...last])].slice(0, maxShown);
}

function valuesOf(
	lines: readonly LogLine[],
	{io, containers}: Pick<Parameters<LookReader<'service.log'>>[0], 'io' | 'containers'>,
	isLastRun: boolean,
): Values {
	const texts = lines.map(({text}) => text);
	const found = countSymptoms(texts);
	const errors = lines.filter(isError);
	const place = lostPlace(texts, found);
	const aboutSetting = texts.filter(text => symptomOf(text) === 'setting-missing');
	const told = place ?? found.first;
	const count = (symptom: (typeof symptoms)[number]) => found.counts[symptom] ?? 0;
	return {
		lines: lines.length,
		'is-last-run': isLastRun,
		'silent-for': secondsSince(io, lines.at(-1)?.atMs),
		errors: errors.length,
		'last-error': secondsSince(io, errors.at(-1)?.atMs),
		kind: found.kind ?? 'none',
		'connection-refused': count('connection-refused'),
		'name-not-resolved': count('name-not-resolved'),
		'authentication-failed': count('authentication-failed'),
		'too-many-clients': count('too-many-clients'),
		'pool-exhausted': count('pool-exhausted'),
		'out-of-memory': count('out-of-memory'),
		'disk-full': count('disk-full'),
		'read-only': count('read-only'),
		'permission-denied': count('permission-denied'),
		'address-in-use': count('address-in-use'),
		'setting-missing': count('setting-missing'),
		setting: aboutSetting.map(settingIn).find(name => name !== undefined),
		'module-missing': count('module-missing'),
		'file-missing': count('file-missing'),
		'database-missing': count('database-missing'),
		'table-missing': count('table-missing'),
		'redis-oom': count('redis-oom'),
		'redis-readonly': count('redis-readonly'),
		'redis-misconf': count('redis-misconf'),
		'upstream-failed': count('upstream-failed'),
		'tls-failed': count('tls-failed'),
		deadlock: count('deadlock'),
		timeout: count('timeout'),
		crash: count('crash'),
		traceback: count('traceback'),
		first: found.first,
		target: named(place === undefined ? undefined : placeIn(place), containers),
		'target-kind': told === undefined ? undefined : reachedKind(told),
	};
}

/** What the container writes: the last quarter of an hour of its log, of the last run where it has ended. */
export const readServiceLog: LookReader<'service.log'> = async facts => {
	const {io, signal} = facts;
	const {container, inspection, key} = await subjectOf(facts);
	const isTerminal = objectOf(objectOf(inspection)['Config'])['Tty'] === true;
	const lines =
		container === undefined
			? []
			: await readLog(
					{io, signal},
					{id: container.id, isTerminal},
					{sinceMs: sinceOf(container, io.clock.now()), count: maxLines, maxBytes},
				);
	const isLastRun = container?.state === 'exited' || container?.state === 'dead';
	const values = valuesOf(lines, facts, isLastRun);
	return container === undefined
		? {values: unknownLog(values), lines: [`${key}: no such container`]}
		: {values, lines: examples(lines)};
};

/** Of a container that is gone the log is gone too: nothing is known, which is not the same as no error. */
function unknownLog(values: Values): Values {
	const names = Object.keys(values);
	const nothing = Object.fromEntries(names.map(name => [name, undefined]));
	return {...values, ...nothing};
}
