import type {Container} from '../../domain/containers.ts';
import type {LookFacts} from '../reader.ts';
import {endEvents, lastEnd} from './end-events.ts';
import type {JudgedLine} from './judged-lines.ts';

/** What a program writes at once may have an earlier time than its start; the engine waits as long between two runs. */
const earlyMs = 100;

/**
 * From when on a line is of the container's last run, in ms: of the one that goes on or has ended; in a crash loop of the
 * last one that has ended, as the next may not have come to its fault yet.
 */
export async function lastRunMs(facts: LookFacts, container: Container): Promise<number> {
	const {state, isCrashLooping, startedAtMs, finishedAtMs} = container;
	if (startedAtMs === undefined) return 0;
	if (state === 'running' && isCrashLooping) {
		const end = lastEnd(await endEvents(facts, container));
		if (end?.startedAtMs !== undefined) return end.startedAtMs - earlyMs;
	}

	// What came after the end of the run before belongs to this one.
	const isSecond = finishedAtMs !== undefined && finishedAtMs <= startedAtMs;
	return Math.max(startedAtMs - earlyMs, isSecond ? finishedAtMs : 0);
}

/** Lines that may say what is wrong, told apart by the run that wrote them. */
export type RunLines = {
	/** All lines; what an earlier run complained of and the last one does not is no symptom any more. */
	readonly lines: readonly JudgedLine[];
	/** Those that tell what is wrong: of the last run, or of earlier ones where that one says nothing. */
	readonly telling: readonly JudgedLine[];
	/** The telling ones are of an earlier run. */
	readonly isEarlier: boolean;
};

/** Takes the lines of the last run, which began at `sinceMs`, before those of earlier ones. */
export function ofLastRun(lines: readonly JudgedLine[], sinceMs: number): RunLines {
	const own = lines.filter(({symptom, atMs}) => symptom !== undefined && atMs >= sinceMs);
	if (own.length === 0) {
		const telling = lines.filter(({symptom}) => symptom !== undefined);
		return {lines, telling, isEarlier: telling.length > 0};
	}

	const kinds = new Set(own.map(({symptom}) => symptom));
	return {
		lines: lines.map(line => (kinds.has(line.symptom) ? line : {...line, symptom: undefined})),
		telling: own,
		isEarlier: false,
	};
}
