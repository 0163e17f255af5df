import {parseLine} from '../../domain/log-parse.ts';
import type {Container} from '../../domain/containers.ts';
import {maybe} from '../maybe.ts';
import type {LookFacts} from '../reader.ts';
import {readLog} from '../service/log-lines.ts';

const minuteMs = 60_000;
const maxLines = 1500;
const maxBytes = 512 * 1024;
/** Shorter spans say little about a minute. */
const leastSpanMs = 1000;
const arrival = {atMs: 0, isExact: false};

/** Errors of a minute at the pace of these times, the newest lines of a log of which as many as `most` were read. */
export function paceOf(
	lines: readonly {readonly atMs: number; readonly isError: boolean}[],
	{nowMs, most}: {readonly nowMs: number; readonly most: number},
): number {
	const recent = lines.filter(({atMs}) => atMs > nowMs - minuteMs);
	const errors = recent.filter(({isError}) => isError).length;
	// Where the reading ended at its limit, the minute holds more than was read.
	const isCut = lines.length >= most && recent.length === lines.length;
	const spanMs = isCut ? nowMs - (recent[0]?.atMs ?? nowMs) : minuteMs;
	return (errors / Math.max(spanMs, leastSpanMs)) * minuteMs;
}

/**
 * Errors of a minute that a container writes now, by its newest lines. What is followed begins with few lines of each log,
 * so that a flood does not show there at once. Undefined where the log cannot be read.
 */
export async function errorRate(
	facts: Pick<LookFacts, 'io' | 'signal'>,
	{id}: Pick<Container, 'id'>,
): Promise<number | undefined> {
	const nowMs = facts.io.clock.now();
	const window = {sinceMs: nowMs - minuteMs, count: maxLines, maxBytes};
	const lines = await maybe(readLog(facts, {id, isTerminal: false}, window), facts.signal);
	if (lines === undefined) return undefined;
	const judged = lines.map(({atMs, text}) => {
		const {severity, isDetail, request} = parseLine(text, 'auto', arrival);
		const isBad = severity === 'error' || severity === 'fatal';
		return {atMs, isError: isBad && isDetail !== true && !request};
	});
	return paceOf(judged, {nowMs, most: maxLines});
}
