import {connectionsOf} from '../../domain/connections.ts';
import type {Container} from '../../domain/containers.ts';
import {parseLine} from '../../domain/log-parse.ts';
import {
	badSetting,
	countSymptoms,
	isGoingOn,
	placeIn,
	reachedKind,
	settingIn,
	symptomOf,
	symptoms,
	type Symptom,
} from '../../domain/log-symptoms.ts';
import {objectOf} from '../../domain/unknown.ts';
import type {Seen} from '../../runbooks/look.ts';
import type {lookDeclarations} from '../../runbooks/looks/index.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {environmentOf} from './needs.ts';
import {callName, secondsSince, subjectOf, type Subject} from './subject.ts';
import {readLog, type LogLine} from './log-lines.ts';

type Values = Seen<(typeof lookDeclarations)['service.log']>['values'];

const windowMs = 15 * 60_000;
const maxBytes = 512 * 1024;
const maxLines = 1500;
const maxShown = 20;
const arrival = {atMs: 0, isExact: false};

const isUnreached = new Set([
	'connection-refused',
	'connection-lost',
	'name-not-resolved',
	'upstream-failed',
	'timeout',
]);

/**
 * From when on: the last quarter of an hour of a container that runs since then or ends again and again; of one that was
 * started and goes on running, its own run; of one that has ended, the last quarter of an hour of its last run.
 */
function sinceOf(container: Container, nowMs: number): number {
	const {state, startedAtMs = 0, finishedAtMs, recentRestarts} = container;
	const hasEnded = state === 'exited' || state === 'dead';
	if (hasEnded && finishedAtMs !== undefined) return Math.max(startedAtMs, finishedAtMs - windowMs);
	const isSteady = state === 'running' && recentRestarts === 0;
	return Math.max(isSteady ? startedAtMs : 0, nowMs - windowMs);
}

/** An address inside the networks, by the name of who has it. */
function named(place: ReturnType<typeof placeIn>, all: readonly Container[]): string | undefined {
	if (place === undefined) return undefined;
	const owner = all.find(({addresses}) => addresses.includes(place.host));
	const host = owner === undefined ? place.host : callName(owner);
	return place.port === undefined ? host : `${host}:${place.port}`;
}

/** A line with what it says is wrong. */
type Judged = LogLine & {readonly symptom: Symptom | undefined; readonly isError: boolean};

function judged(line: LogLine, variables: ReadonlyMap<string, string>): Judged {
	const {severity, isDetail, request} = parseLine(line.text, 'auto', arrival);
	const isError = isDetail !== true && !request && (severity === 'error' || severity === 'fatal');
	const found = symptomOf(line.text);
	// A value that cannot be read is a wrong setting where it is the value of one.
	const isSetting =
		(found === 'traceback' || isError) && badSetting(line.text, variables) !== undefined;
	return {...line, symptom: isSetting ? 'setting-missing' : found, isError};
}

/** The newest line that names what could not be reached, of the telling kind where there is one. */
function lostPlace(lines: readonly Judged[], kind: Symptom | undefined): string | undefined {
	const withPlace = lines.filter(
		({symptom, text}) =>
			symptom !== undefined && isUnreached.has(symptom) && placeIn(text) !== undefined,
	);
	return (withPlace.findLast(({symptom}) => symptom === kind) ?? withPlace.at(-1))?.text;
}

/** Symptoms that a running program wrote and that are over; none of one that has ended or ends again and again. */
function symptomsOver(
	lines: readonly Judged[],
	{container}: Subject,
	nowMs: number,
): ReadonlySet<Symptom> {
	if (container?.state !== 'running' || container.isCrashLooping) return new Set();
	const {startedAtMs} = container;
	return new Set(
		symptoms.filter(symptom => {
			const times = lines.filter(line => line.symptom === symptom).map(({atMs}) => atMs);
			return times.length > 0 && !isGoingOn(times, {nowMs, startedAtMs});
		}),
	);
}

/** One example of each symptom, the most telling first, then the last errors. */
function examples(lines: readonly Judged[]): readonly string[] {
	const stamped = ({atMs, text}: LogLine) => `${new Date(atMs).toISOString()} ${text}`;
	const firsts = symptoms.flatMap(symptom => {
		const line = lines.find(one => one.symptom === symptom);
		return line === undefined ? [] : [stamped(line)];
	});
	// The same error with another number says nothing new.
	const distinct = new Map(
		lines.filter(({isError}) => isError).map(line => [line.text.replace(/\d+/g, ''), line]),
	);
	const last = [...distinct.values()].slice(-5).map(stamped);
	return [...new Set([...firsts, ...last])].slice(0, maxShown);
}

function valuesOf(
	lines: readonly Judged[],
	{io, containers}: Pick<LookFacts, 'io' | 'containers'>,
	{container, inspection}: Subject,
): Values {
	const {counts, kind, first} = countSymptoms(lines);
	const errors = lines.filter(({isError}) => isError);
	const place = lostPlace(lines, kind);
	const aboutSetting = lines.filter(({symptom}) => symptom === 'setting-missing');
	const lost = place === undefined ? undefined : placeIn(place);
	const told = place ?? first;
	// What the environment calls the place is surer than the words of a line.
	const variables = environmentOf(inspection);
	const kindOfPlace = connectionsOf(variables).find(
		({host, port}) => host === lost?.host && (lost.port ?? port) === port,
	)?.kind;
	const reached = told === undefined ? undefined : reachedKind(told);
	const count = (symptom: Symptom) => counts[symptom] ?? 0;
	return {
		lines: lines.length,
		'is-last-run': container?.state === 'exited' || container?.state === 'dead',
		'silent-for': secondsSince(io, lines.at(-1)?.atMs),
		errors: errors.length,
		'last-error': secondsSince(io, errors.at(-1)?.atMs),
		kind: kind ?? 'none',
		'connection-refused': count('connection-refused'),
		'connection-lost': count('connection-lost'),
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
		setting: aboutSetting
			.map(({text}) => badSetting(text, variables) ?? settingIn(text))
			.find(name => name !== undefined),
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
		first,
		over: 0,
		target: named(lost, containers),
		'target-kind': kindOfPlace === 'postgres' || kindOfPlace === 'redis' ? kindOfPlace : reached,
	};
}

function isIn(over: ReadonlySet<Symptom>, {symptom}: Judged): boolean {
	return symptom !== undefined && over.has(symptom);
}

/** What the container writes: the last quarter of an hour of its log, of the last run where it has ended. */
export const readServiceLog: LookReader<'service.log'> = async facts => {
	const {io, signal} = facts;
	const subject = await subjectOf(facts);
	const {container, inspection, key} = subject;
	const isTerminal = objectOf(objectOf(inspection)['Config'])['Tty'] === true;
	const lines =
		container === undefined
			? []
			: await readLog(
					{io, signal},
					{id: container.id, isTerminal},
					{sinceMs: sinceOf(container, io.clock.now()), count: maxLines, maxBytes},
				);
	const variables = environmentOf(inspection);
	const all = lines.map(line => judged(line, variables));
	const over = symptomsOver(all, subject, io.clock.now());
	const current = all.map(line => (isIn(over, line) ? {...line, symptom: undefined} : line));
	const values = valuesOf(current, facts, subject);
	const past = all.filter(line => isIn(over, line));
	return container === undefined
		? {values: unknownLog(values), lines: [`${key}: no such container`]}
		: {
				values: {...values, over: past.length},
				lines: [
					...examples(all.filter(line => !isIn(over, line))),
					...past.slice(-3).map(({text}) => `over: ${text}`),
				],
			};
};

/** Of a container that is gone the log is gone too: nothing is known, which is not the same as no error. */
function unknownLog(values: Values): Values {
	const names = Object.keys(values);
	const nothing = Object.fromEntries(names.map(name => [name, undefined]));
	return {...values, ...nothing};
}
