import {connectionsOf} from '../../domain/connections.ts';
import type {Container} from '../../domain/containers.ts';
import {badSetting, placeIn, reachedKind, settingIn} from '../../domain/log-places.ts';
import {countSymptoms, type Symptom} from '../../domain/log-symptoms.ts';
import {objectOf} from '../../domain/unknown.ts';
import type {Seen} from '../../runbooks/look.ts';
import type {lookDeclarations} from '../../runbooks/looks/index.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {environmentOf} from './needs.ts';
import {callOther, secondsSince, subjectOf, type Subject} from './subject.ts';
import {examples, isIn, judgedLine, symptomsOver, type JudgedLine} from './judged-lines.ts';
import {lastRunMs, ofLastRun, type RunLines} from './last-run.ts';
import {readLog} from './log-lines.ts';

type Values = Seen<(typeof lookDeclarations)['service.log']>['values'];

const windowMs = 15 * 60_000;
const maxBytes = 512 * 1024;
const maxLines = 1500;

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
function named(
	place: ReturnType<typeof placeIn>,
	all: readonly Container[],
	own: Container | undefined,
): string | undefined {
	if (place === undefined) return undefined;
	const owner = all.find(({addresses}) => addresses.includes(place.host));
	const host = owner === undefined ? place.host : callOther(own ?? owner, owner);
	return place.port === undefined ? host : `${host}:${place.port}`;
}

/** The newest line that names what could not be reached, of the telling kind where there is one. */
function lostPlace(lines: readonly JudgedLine[], kind: Symptom | undefined): string | undefined {
	const withPlace = lines.filter(
		({symptom, text}) =>
			symptom !== undefined && isUnreached.has(symptom) && placeIn(text) !== undefined,
	);
	return (withPlace.findLast(({symptom}) => symptom === kind) ?? withPlace.at(-1))?.text;
}

function valuesOf(
	{lines, telling, isEarlier}: RunLines,
	{io, containers}: Pick<LookFacts, 'io' | 'containers'>,
	{container, inspection}: Subject,
): Values {
	const {counts} = countSymptoms(lines);
	const {kind, first} = countSymptoms(telling);
	const errors = lines.filter(({isError}) => isError);
	const place = lostPlace(telling, kind);
	const aboutSetting = telling.filter(({symptom}) => symptom === 'setting-missing');
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
		'is-earlier-run': isEarlier,
		over: 0,
		target: named(lost, containers, container),
		'target-kind': kindOfPlace === 'postgres' || kindOfPlace === 'redis' ? kindOfPlace : reached,
	};
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
	const all = lines.map(line => judgedLine(line, variables));
	const over = symptomsOver(all, subject, io.clock.now());
	const current = all.map(line => (isIn(over, line) ? {...line, symptom: undefined} : line));
	const sinceMs = container === undefined ? 0 : await lastRunMs(facts, container);
	const run = ofLastRun(current, sinceMs);
	const values = valuesOf(run, facts, subject);
	const isPast = ({symptom}: JudgedLine, index: number) =>
		symptom !== undefined && run.lines[index]?.symptom === undefined;
	const past = all.filter(isPast);
	return container === undefined
		? {values: unknownLog(values), lines: [`${key}: no such container`]}
		: {
				values: {...values, over: past.length},
				lines: [
					...examples(
						all.filter((line, index) => !isPast(line, index)),
						run,
					),
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
