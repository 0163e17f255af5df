import {severityOf} from './log-level.ts';
import type {ParsedLine} from './log-parse.ts';
import {timeOfField, type Arrival} from './log-time.ts';

const pair = /([A-Za-z_@][\w.@-]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)/g;
const hasLevel = /(?:^|\s)(?:level|lvl|severity)=/;

/** A logfmt line (`time=… level=error msg="…" err=…`); undefined for a line without a level field. */
export function parseLogfmt(line: string, arrival: Arrival): ParsedLine | undefined {
	if (!hasLevel.test(line)) return undefined;
	const fields = new Map<string, string>();
	for (const match of line.matchAll(pair)) {
		const value = match[2] ?? '';
		const text = value.startsWith('"') ? value.slice(1, -1).replaceAll('\\"', '"') : value;
		const name = match[1] ?? '';
		if (!fields.has(name)) fields.set(name, text);
		if (fields.size >= 50) break;
	}

	const severity = severityOf(
		fields.get('level') ?? fields.get('lvl') ?? fields.get('severity') ?? '',
	);
	if (severity === undefined) return undefined;
	const atMs = timeOfField(
		fields.get('time') ?? fields.get('ts') ?? fields.get('t') ?? fields.get('timestamp'),
		arrival,
	);
	const message = fields.get('msg') ?? fields.get('message') ?? fields.get('event');
	const error = fields.get('err') ?? fields.get('error');
	const text = [message, error].filter(part => part !== undefined && part !== '').join(': ');
	return {
		severity,
		...(atMs === undefined ? {} : {atMs}),
		message: text === '' ? line : text,
	};
}
