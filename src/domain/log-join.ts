import {cleanLine} from './clean.ts';
import type {LogEvent} from './errors.ts';
import {parseLine, type ParsedLine} from './log-parse.ts';
import type {Arrival} from './log-time.ts';
import type {LogFormat} from './targets.ts';

/** Longest time that an event waits for its continuation lines after the last one. */
export const quietMs = 60;
/** The same inside a trace whose last line, the exception, has not come yet. */
const quietInTraceMs = 1000;
const maxDetails = 50;
const maxDetailLength = 2000;

/** Joins the lines of one stream to events. At most one event comes out of each call. */
export type LogJoin = {
	/** Takes a line without its line feed, not yet cleaned; returns the event before it, if that is complete now. */
	push(line: string, arrival: Arrival, nowMs: number): LogEvent | undefined;
	/** Returns the open event if nothing came for its quiet time, or at once with `isLast`. `nowMs` is of the clock given to `push`. */
	flush(nowMs: number, isLast?: boolean): LogEvent | undefined;
	/** Whether a warning, an error or a trace waits for `flush`; others may wait until somebody looks. */
	hasTrouble(): boolean;
};

type TraceKind = 'python' | 'go' | 'rust' | 'redis-bug';

type Open = {
	parsed: ParsedLine;
	atMs: number;
	touchedAtMs: number;
	details: string[];
	trace: TraceKind | undefined;
	/** A bare trace: its message is the exception line that ends it. */
	isHeadless: boolean;
};

// Everything that a line worth a look contains; the rest is only counted. Levels, exceptions, HTTP 5xx, Chinese.
const telling =
	/err|warn|fatal|crit|exception|traceback|panic|fail|severe|alert|emerg|abort|killed|unable|can'?not|can't|could not|out of memory|segmentation|deprecat|" (?:- )?[1-5]\d\d\b|"status|错误|警告|告警|严重|异常|致命|失败|出错|报错|崩溃|超时|过分| # |^[EFW]\d{4} |level"?[:=]\s*"?[3-6]0\b|DETAIL:|HINT:|STATEMENT:|CONTEXT:|QUERY:/i;
const traceStart = /^(?:\s*\+ Exception Group )?Traceback \(most recent call last\):/;
const pythonBridge =
	/^(?:During handling of the above exception|The above exception was the direct cause)/;
const exceptionStart =
	/^(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning|Timeout|Failure)\b/;
const javaException =
	/^(?:Caused by: |Suppressed: |\.{3} \d+ (?:more|common))|^(?:[\w$]+\.)+[A-Z][\w$]*(?:Exception|Error|Throwable)(?::|$)/;
const goPart =
	/^(?:\[signal |goroutine \d+|created by |exit status \d|panic: |\t|[\w./*()[\]-]+\(.*\)$|runtime stack:|r\w\d? +0x)/;
const rustPart = /^(?:note: |stack backtrace:|\s+\d+: |\s+at )/;
const closing = /^[}\])]+[,;]?$|^\s*\^+~*\s*$/;

function kindOf(text: string): TraceKind | undefined {
	if (traceStart.test(text)) return 'python';
	if (/^(?:panic: |fatal error: )/.test(text)) return 'go';
	if (/^thread '.*' (?:\(\d+\) )?panicked at /.test(text)) return 'rust';
	return /BUG REPORT START/.test(text) ? 'redis-bug' : undefined;
}

function isBad(open: Open): boolean {
	const severity = open.parsed.severity;
	return severity === 'warning' || severity === 'error' || severity === 'fatal';
}

/** Whether a line belongs to the open event by its form. */
function continues(open: Open, text: string): boolean {
	const first = text.charCodeAt(0);
	if (first === 32 || first === 9) return true;
	if (open.trace === 'go' && (text === '' || goPart.test(text))) return true;
	if (open.trace === 'rust' && (open.details.length === 0 || rustPart.test(text))) return true;
	if (open.trace === 'redis-bug' && !/^\d+:[XCSM] \d/.test(text)) return true;
	if (text === '') return open.trace !== undefined || open.details.length > 0;
	if (traceStart.test(text))
		return isBad(open) && !(open.isHeadless && open.trace === undefined && !bridged(open));
	if (pythonBridge.test(text) || closing.test(text)) return open.details.length > 0;
	if (open.trace === 'python') return true;
	return (
		isBad(open) && (javaException.test(text) || (open.details.length > 0 && afterTrace(open, text)))
	);
}

/** Whether the last line but blanks announced another trace of the same failure. */
function bridged(open: Open): boolean {
	const last = open.details.filter(line => line.trim() !== '').at(-1) ?? '';
	return pythonBridge.test(last);
}

/** The exception line of a second trace, or a line of an exception's text that runs over several lines. */
function afterTrace(open: Open, text: string): boolean {
	return open.trace === 'python' && exceptionStart.test(text);
}

/** Makes the joiner for one stream of one log. Pure: all time comes from the caller. */
export function createLogJoin(log: {
	readonly target: string;
	readonly project?: string;
	readonly service: string;
	readonly format: LogFormat;
}): LogJoin {
	let open: Open | undefined;

	function close(): LogEvent | undefined {
		if (open === undefined) return undefined;
		const {parsed, atMs, details} = open;
		open = undefined;
		return {
			target: log.target,
			...(log.project !== undefined && {project: log.project}),
			service: log.service,
			atMs,
			severity: parsed.severity ?? 'info',
			message: parsed.message,
			details: [...(parsed.details ?? []), ...details].slice(0, maxDetails),
			...(parsed.request === undefined ? {} : {request: parsed.request}),
		};
	}

	function append(event: Open, text: string, nowMs: number): void {
		const detail = cleanLine(text, maxDetailLength);
		event.touchedAtMs = nowMs;
		const isEndOfTrace = event.trace === 'python' && exceptionEnds(event, text);
		if (event.details.length < maxDetails) event.details.push(detail);
		else if (isEndOfTrace) event.details[maxDetails - 1] = detail;
		const kind = kindOf(text);
		if (kind === 'python') event.trace = 'python';
		if (isEndOfTrace) {
			event.trace = undefined;
			if (event.isHeadless) event.parsed = {...event.parsed, message: detail};
		}
	}

	return {
		push(raw, arrival, nowMs) {
			const line = withoutOverwritten(raw);
			if (open !== undefined && continues(open, line)) {
				append(open, line, nowMs);
				return undefined;
			}

			const first = line.charCodeAt(0);
			// An indented line without an event before it continues one that nobody wanted.
			if (first === 32 || first === 9 || line === '' || !telling.test(line)) return close();
			const text = cleanLine(line);
			const parsed = parseLine(text, log.format, arrival);
			if (parsed.isDetail === true && open !== undefined) {
				append(open, parsed.message, nowMs);
				return undefined;
			}

			const done = close();
			const trace = kindOf(parsed.message);
			open = {
				parsed: trace === undefined ? parsed : {...parsed, severity: parsed.severity ?? 'error'},
				atMs: parsed.atMs ?? arrival.atMs,
				touchedAtMs: nowMs,
				details: trace === 'python' ? [parsed.message] : [],
				trace,
				isHeadless: trace === 'python',
			};
			return done;
		},
		flush(nowMs, isLast = false) {
			if (open === undefined) return undefined;
			const waitMs = open.trace === 'python' ? quietInTraceMs : quietMs;
			const passedMs = nowMs - open.touchedAtMs;
			// A clock that was set back must not keep an event for ever.
			return isLast || passedMs >= waitMs || passedMs < -quietInTraceMs ? close() : undefined;
		},
		hasTrouble: () => open !== undefined && (open.trace !== undefined || isBad(open)),
	};
}

/** What a terminal would show of a line that a progress bar wrote over again and again. */
function withoutOverwritten(line: string): string {
	const end = line.endsWith('\r') ? line.length - 1 : line.length;
	if (end === 0) return '';
	const start = line.lastIndexOf('\r', end - 1) + 1;
	return line.slice(start, end);
}

/** The first line of a Python trace that is not indented, blank or a header is its exception. */
function exceptionEnds(event: Open, text: string): boolean {
	const first = text.charCodeAt(0);
	if (first === 32 || first === 9 || text === '') return false;
	return !traceStart.test(text) && !pythonBridge.test(text) && event.trace === 'python';
}
