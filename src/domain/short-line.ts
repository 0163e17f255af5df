import {parseLine} from './log-parse.ts';
import {readTime} from './log-time.ts';

/**
 * A log line for a place in which its end is cut and its time stands before it already: without its own time, and of a
 * JSON line only level and message. `atMs`: when it arrived.
 */
export function shortLine(text: string, atMs: number): string {
	const arrival = {atMs, isExact: true};
	if (text.startsWith('{')) {
		const {severity, message} = parseLine(text, 'json', arrival);
		if (message !== '' && message !== text)
			return severity === undefined ? message : `${severity.toUpperCase()} ${message}`;
	}

	const time = readTime(text, arrival);
	const rest = time === undefined ? text : text.slice(time.end);
	return rest === '' ? text : rest;
}
