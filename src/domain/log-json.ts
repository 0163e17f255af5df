import {clean} from './clean.ts';
import {requestEvent} from './log-access.ts';
import {severityOf, severityOfNumber, type LineSeverity} from './log-level.ts';
import type {ParsedLine} from './log-parse.ts';
import {timeOfField, type Arrival} from './log-time.ts';

type Fields = Readonly<Record<string, unknown>>;

const levelNames = [
	'level',
	'levelname',
	'severity',
	'lvl',
	'log.level',
	'loglevel',
	'error_severity',
	'level_name',
	's',
];
const timeNames = [
	'timestamp',
	'time',
	'ts',
	'@timestamp',
	'asctime',
	'datetime',
	'date',
	't',
	'@t',
	'created',
];
const messageNames = [
	'message',
	'msg',
	'event',
	'text',
	'log',
	'@m',
	'short_message',
	'error',
	'err',
];
const stackNames = [
	'exception',
	'exc_info',
	'exc_text',
	'stack',
	'stack_trace',
	'stacktrace',
	'stackTrace',
	'traceback',
	'error.stack_trace',
	'backtrace',
	'detail',
	'hint',
	'statement',
	'context',
];
const nestedNames = ['err', 'error', 'exception', 'record', 'log'];
const maxDetails = 50;

function isFields(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function field(fields: Fields, name: string): unknown {
	return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function firstOf<T>(
	fields: Fields,
	names: readonly string[],
	read: (value: unknown) => T | undefined,
): T | undefined {
	for (const name of names) {
		const value = read(field(fields, name));
		if (value !== undefined) return value;
	}

	return undefined;
}

function readSeverity(value: unknown): LineSeverity | undefined {
	if (typeof value === 'string') return severityOf(value) ?? severityOfNumber(Number(value));
	if (typeof value === 'number') return severityOfNumber(value);
	// Loguru writes {"name": "ERROR", "no": 40}, Elastic's common schema {"level": "error"}.
	return isFields(value) ? readSeverity(field(value, 'name') ?? field(value, 'level')) : undefined;
}

function readText(value: unknown): string | undefined {
	if (typeof value === 'string' && value !== '') return value;
	return isFields(value) ? readText(field(value, 'message')) : undefined;
}

function readNumber(value: unknown): number | undefined {
	const number = typeof value === 'string' && value !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function stackLines(fields: Fields): readonly string[] {
	const sources = [fields, ...nestedNames.map(name => field(fields, name)).filter(isFields)];
	const lines = sources.flatMap(source =>
		stackNames.flatMap(name => {
			const value = field(source, name);
			return typeof value === 'string' ? value.split('\n') : [];
		}),
	);
	const typed = nestedNames
		.map(name => field(fields, name))
		.filter(isFields)
		.flatMap(error => {
			const type = readText(field(error, 'type')) ?? readText(field(error, 'name'));
			const text = readText(field(error, 'message')) ?? '';
			return type === undefined || isFields(field(error, 'message')) ? [] : [`${type}: ${text}`];
		});
	return [...typed, ...lines].filter(line => line.trim() !== '');
}

/** Where in the program the line was written: `app.orders.create:42`. */
function placeOf(fields: Fields): readonly string[] {
	const module = firstOf(fields, ['module', 'logger', 'name', 'caller'], readText);
	const code = firstOf(fields, ['function', 'funcName', 'func_name'], readText);
	const line = firstOf(fields, ['line', 'lineno', 'line_number'], readNumber);
	if (module === undefined && code === undefined) return [];
	const place = [module, code].filter(part => part !== undefined).join('.');
	return [`at ${place}${line === undefined ? '' : `:${line}`}`];
}

function parseFields(fields: Fields, arrival: Arrival): ParsedLine | undefined {
	const record = field(fields, 'record');
	const all = isFields(record) ? {...fields, ...record} : fields;
	const severity = firstOf(all, levelNames, readSeverity);
	const atMs = firstOf(all, timeNames, value =>
		timeOfField(isFields(value) ? field(value, 'timestamp') : value, arrival),
	);
	const status = firstOf(
		all,
		['status', 'status_code', 'statusCode', 'response_status'],
		readNumber,
	);
	const method = firstOf(all, ['method', 'request_method', 'http_method'], readText);
	const target = firstOf(all, ['path', 'uri', 'request_uri', 'url', 'route', 'endpoint'], readText);
	if (
		status !== undefined &&
		status >= 100 &&
		status < 600 &&
		method !== undefined &&
		target !== undefined
	) {
		return requestEvent({method: clean(method, 20), target: clean(target, 2000), status}, atMs);
	}

	const message = firstOf(all, messageNames, readText);
	if (message === undefined && severity === undefined) return undefined;
	const [head, ...rest] = (message ?? '').split('\n');
	const details = [...rest, ...stackLines(all), ...placeOf(all)];
	return {
		...(severity === undefined ? {} : {severity}),
		...(atMs === undefined ? {} : {atMs}),
		message: clean(head ?? '', 4000),
		...(details.length === 0
			? {}
			: {details: details.slice(0, maxDetails).map(line => clean(line, 2000))}),
	};
}

/** What can still be read of a JSON line that was cut at its length limit. */
function salvage(line: string): ParsedLine | undefined {
	const level = /"(?:level|levelname|severity|lvl)"\s*:\s*"(\w+)"/.exec(line)?.[1];
	const message = /"(?:message|msg|event)"\s*:\s*"((?:[^"\\]|\\.){0,4000})/.exec(line)?.[1];
	const severity = level === undefined ? undefined : severityOf(level);
	if (severity === undefined || message === undefined) return undefined;
	return {severity, message: clean(message.replace(/\\n.*$/s, '').replaceAll('\\"', '"'), 4000)};
}

/** A JSON line with the usual names for level, time, message and stack (handbook row H5-07); undefined if it is none. */
export function parseJson(line: string, arrival: Arrival): ParsedLine | undefined {
	try {
		const value: unknown = JSON.parse(line);
		return isFields(value) ? parseFields(value, arrival) : undefined;
	} catch {
		return salvage(line);
	}
}
