import {parseLine} from '../../domain/log-parse.ts';
import {badSetting} from '../../domain/log-places.ts';
import {isGoingOn, symptomOf, symptoms, type Symptom} from '../../domain/log-symptoms.ts';
import type {LogLine} from './log-lines.ts';
import type {Subject} from './subject.ts';

const maxShown = 20;
const arrival = {atMs: 0, isExact: false};

/** A line with what it says is wrong. */
export type JudgedLine = LogLine & {
	readonly symptom: Symptom | undefined;
	readonly isError: boolean;
};

/** Judges a line; `variables` is the environment of who wrote it. */
export function judgedLine(line: LogLine, variables: ReadonlyMap<string, string>): JudgedLine {
	const {severity, isDetail, request} = parseLine(line.text, 'auto', arrival);
	const isError = isDetail !== true && !request && (severity === 'error' || severity === 'fatal');
	const found = symptomOf(line.text);
	// A value that cannot be read is a wrong setting where it is the value of one.
	const isSetting =
		(found === 'traceback' || isError) && badSetting(line.text, variables) !== undefined;
	return {...line, symptom: isSetting ? 'setting-missing' : found, isError};
}

/** Symptoms that a running program wrote and that are over; none of one that has ended or ends again and again. */
export function symptomsOver(
	lines: readonly JudgedLine[],
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

/** One example of each symptom of those that tell, the most telling first, then the last errors of all lines. */
export function examples(
	lines: readonly JudgedLine[],
	{telling, isEarlier}: {readonly telling: readonly JudgedLine[]; readonly isEarlier: boolean},
): readonly string[] {
	const stamped = ({atMs, text}: LogLine) => `${new Date(atMs).toISOString()} ${text}`;
	const firsts = symptoms.flatMap(symptom => {
		const line = telling.find(one => one.symptom === symptom);
		return line === undefined ? [] : [`${isEarlier ? 'earlier run: ' : ''}${stamped(line)}`];
	});
	// The same error with another number says nothing new.
	const distinct = new Map(
		lines.filter(({isError}) => isError).map(line => [line.text.replace(/\d+/g, ''), line]),
	);
	const last = [...distinct.values()].slice(-5).map(stamped);
	return [...new Set([...firsts, ...last])].slice(0, maxShown);
}

/** Whether a line's symptom is among those. */
export function isIn(over: ReadonlySet<Symptom>, {symptom}: JudgedLine): boolean {
	return symptom !== undefined && over.has(symptom);
}
