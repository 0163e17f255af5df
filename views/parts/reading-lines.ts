import type {Look} from '../../hooks/use-look.ts';
import {formatAge, formatClock, formatDuration, truncate} from '../../src/domain/format.ts';
import type {Problem} from '../../src/domain/problem.ts';
import type {Reading} from '../../src/domain/reading.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {type Line, span} from './spans.ts';

/** The place for a reading: what its texts are wrapped to, and how many rows there are (all that are needed). */
export type Place = {readonly nowMs: number; readonly width: number; readonly height?: number};

/**
 * What a panel shows of a reading: the good case is written by the panel, the waiting, stale and failed cases here,
 * so that no panel can forget them. `lines` gets the value and the rows that are left. A stale value stays, dimmed, under the line that says why and since when.
 */
export function readingLines<T>(
	look: Look,
	reading: Reading<T> | undefined,
	place: Place,
	lines: (value: T, height: number) => readonly Line[],
): readonly Line[] {
	switch (reading?.kind) {
		case undefined:
		case 'waiting':
			return [[span(look.say('reading.waiting'), {dim: true})]];
		case 'fresh':
			return lines(reading.value, place.height ?? Number.POSITIVE_INFINITY);
		case 'stale': {
			const age = formatAge(Math.max(0, place.nowMs - reading.atMs), look.language);
			const cause = sayProblem(look.language, reading.problem).summary;
			const reason: readonly Line[] = [
				...wrapped(`x ${look.say('reading.stale', {age, cause})}`, place.width, 2).map(text => [
					span(text, {color: 'red', bold: true}),
				]),
				...nextLines(look, reading, place),
			];
			const room = Math.max(0, (place.height ?? Number.POSITIVE_INFINITY) - reason.length);
			const value = lines(reading.value, room);
			return [...reason, ...value.map(line => line.map(part => ({...part, dim: true})))];
		}

		case 'failed': {
			const next = nextLines(look, reading, place);
			const height = place.height === undefined ? undefined : place.height - next.length;
			return [...panelProblemLines(look, reading.problem, place.width, height), ...next];
		}
	}
}

/** Cause and next step of a problem, wrapped; in a low place the cause matters most. */
export function problemLines(
	look: Look,
	problem: Problem,
	width: number,
	height = 10,
): readonly Line[] {
	const {summary, hint} = sayProblem(look.language, problem);
	const causes = wrapped(`x ${summary}`, width, Math.max(1, Math.min(3, height)));
	const room = height - causes.length;
	return [
		...causes.map(text => [span(text, {color: 'red', bold: true})]),
		...wrapped(look.say('reading.hint', {hint}), width, room).map(text => [span(text)]),
	];
}

/**
 * As `problemLines` for a panel that Enter opens on the whole screen: where the next step does not fit, its place is
 * taken by the key that shows it, so that no half of an instruction is read as the whole.
 */
export function panelProblemLines(
	look: Look,
	problem: Problem,
	width: number,
	height?: number,
): readonly Line[] {
	const whole = problemLines(look, problem, width, 99);
	if (height === undefined || whole.length <= height) return whole;
	const {summary} = sayProblem(look.language, problem);
	const most = Math.max(1, Math.min(3, height - 1));
	const causes = wrapped(`x ${summary}`, width, most).map((text): Line => [
		span(text, {color: 'red', bold: true}),
	]);
	return [...causes, [span(look.say('reading.more'), {bold: true})]].slice(0, height);
}

/** Since when it fails and when it is tried again; what does not fit is left out whole. */
function nextLines(
	look: Look,
	reading: {readonly sinceMs: number; readonly retryAtMs: number},
	{nowMs, width}: Place,
): readonly Line[] {
	const since = look.say('reading.since', {time: formatClock(reading.sinceMs)});
	const seconds = Math.max(0, Math.ceil((reading.retryAtMs - nowMs) / 1000));
	const retry = look.say('reading.retry', {time: formatDuration(seconds, look.language)});
	const both = `${since}, ${retry}`;
	const text = truncate(both, width) === both ? both : since;
	return [[span(text, {dim: true})]];
}

/** Breaks a text into at most `most` rows of `width` cells, at blanks where there are any. */
export function wrapped(text: string, width: number, most: number): readonly string[] {
	const rows: string[] = [];
	let rest = text;
	while (rest !== '' && rows.length < most) {
		const isLast = rows.length === most - 1;
		const whole = truncate(rest, width);
		if (isLast || whole === rest) {
			rows.push(whole);
			break;
		}

		const head = whole.slice(0, -1);
		// A word that ends exactly at the edge stays whole.
		const blank = rest[head.length] === ' ' ? head.length : head.lastIndexOf(' ');
		const cut = blank > head.length / 2 ? blank : Math.max(1, head.length);
		rows.push(rest.slice(0, cut));
		rest = rest.slice(cut).trimStart();
	}

	return rows;
}
