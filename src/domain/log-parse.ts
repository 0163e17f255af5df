import type {LogRequest} from './errors.ts';
import {parseAccess} from './log-access.ts';
import {parseJson} from './log-json.ts';
import {findLevel, severityOf, type LineSeverity} from './log-level.ts';
import {parseLogfmt} from './log-logfmt.ts';
import {readTime, type Arrival} from './log-time.ts';
import type {LogFormat} from './targets.ts';

/** What one line says. */
export type ParsedLine = {
	/** Absent where the line does not say how bad it is. */
	readonly severity?: LineSeverity;
	/** The line's own time, where it has one. */
	readonly atMs?: number;
	readonly message: string;
	/** More lines of the same event that the line carries in itself (the stack of a JSON line). */
	readonly details?: readonly string[];
	readonly request?: LogRequest;
	/** Belongs to the event before it: PostgreSQL's DETAIL, HINT, STATEMENT. */
	readonly isDetail?: boolean;
};

const postgresLine =
	/(?:^|[\s\]:>,|-])(DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION|日志|信息|注意|警告|错误|致命错误|严重错误|比致命错误还过分的错误|详细信息|描述|提示|语句|上下文|背景|查询):  ?(?:[0-9A-Z]{5}: )?(?=\S)/;
const postgresDetails =
	/^(?:DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION|详细信息|描述|提示|语句|上下文|背景|查询)$/;
const postgresPrefix = /^\S.*?(?:\[\d+(?:-\d+)?\]|\(\d+\)|\b(?:UTC|GMT|CST|CET|[A-Z]{3,4})\b)/;
const redisLine =
	/^(?:\[?\d+\]?:([XCSM]) |\[\d+\] )(\d{1,2} [A-Z][a-z]{2}(?: \d{4})? \d\d:\d\d:\d\d(?:\.\d+)?) ([.*#-]) (.*)$/;
const redisHarmless =
	/^(?:Server (?:initialized|started)|oO0|Redis version|Valkey version|Configuration loaded|User requested shutdown|Redis is now ready to exit|Valkey is now ready to exit|.* is starting|Received SIG(?:TERM|INT) scheduling|Warning: no config file specified|Current maximum open files)/i;
const redisError =
	/error|fail|fatal|crash|can'?t |cannot|corrupt|bad file|out of memory|oom|abort|panic|denied|no space|misconf|bug report|unable|disconnected|lost/i;
const nginxError = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[(\w+)\] \d+#\d+: (?:\*\d+ )?(.*)$/;
const klogLine = /^([IWEF])(\d{2})(\d{2}) (\d\d:\d\d:\d\d\.\d+)\s+\d+ (?:[\w./-]+:\d+\] )?(.*)$/;
const klogLevels: Readonly<Record<string, LineSeverity>> = {
	I: 'info',
	W: 'warning',
	E: 'error',
	F: 'fatal',
};

function parsePostgres(line: string, arrival: Arrival, isSure: boolean): ParsedLine | undefined {
	const match = postgresLine.exec(line.slice(0, 300));
	if (match === null) return undefined;
	const name = match[1] ?? '';
	const isDetail = postgresDetails.test(name);
	const prefix = line.slice(0, match.index);
	const isOwn =
		isDetail || name === 'LOG' || /: {2}$/.test(match[0]) || postgresPrefix.test(prefix);
	if (!isSure && !isOwn) return undefined;
	const time = readTime(line, arrival);
	return {
		severity: name.startsWith('比致命') ? 'fatal' : (severityOf(name) ?? 'info'),
		...(time === undefined ? {} : {atMs: time.atMs}),
		message: isDetail ? line.slice(match.index).trim() : line.slice(match.index + match[0].length),
		...(isDetail ? {isDetail} : {}),
	};
}

function parseRedis(line: string, arrival: Arrival): ParsedLine | undefined {
	const match = redisLine.exec(line);
	if (match === null) return undefined;
	const message = (match[4] ?? '').replace(/^WARNING:? /, '');
	const time = readTime(match[2] ?? '', arrival);
	return {
		severity: redisSeverity(match[3] ?? '', message),
		...(time === undefined ? {} : {atMs: time.atMs}),
		message,
	};
}

/** Redis has one mark for warnings and errors alike; its words tell them apart. */
function redisSeverity(mark: string, message: string): LineSeverity {
	if (mark === '.' || mark === '-') return 'debug';
	if (/^=+ .*BUG REPORT START|crashed by signal|Guru Meditation/i.test(message)) return 'fatal';
	if (mark === '*') return /^MISCONF|^Error /.test(message) ? 'error' : 'info';
	if (redisHarmless.test(message)) return 'info';
	return redisError.test(message) ? 'error' : 'warning';
}

function parseNginxError(line: string, arrival: Arrival): ParsedLine | undefined {
	const match = nginxError.exec(line);
	if (match === null) return undefined;
	const level = match[2] ?? '';
	const time = readTime(match[1] ?? '', arrival);
	return {
		// nginx calls a failed handshake of one client "crit".
		severity: level === 'crit' ? 'error' : (severityOf(level) ?? 'info'),
		...(time === undefined ? {} : {atMs: time.atMs}),
		message: match[3] ?? '',
	};
}

function parseKlog(line: string, arrival: Arrival): ParsedLine | undefined {
	const match = klogLine.exec(line);
	if (match === null) return undefined;
	const year = new Date(arrival.atMs).getUTCFullYear();
	const time = readTime(`${year}-${match[2] ?? ''}-${match[3] ?? ''} ${match[4] ?? ''}`, arrival);
	return {
		severity: klogLevels[match[1] ?? ''] ?? 'info',
		...(time === undefined ? {} : {atMs: time.atMs}),
		message: match[5] ?? '',
	};
}

// A line without a level is an error where it starts with the word or names an exception.
const saysError =
	/^(?:(?:an? )?(?:un(?:caught|handled)|fatal|internal) .{0,40}(?:error|exception|rejection)|error\b(?!s? ?[:=]? ?0\b)|fatal\b|exception\b|traceback \(most|fail(?:ed|ure)\b|can(?:no|')t |could not |unable to |segmentation fault|out of memory|killed\b|oom)|^(?:[\w$]+\.)*[A-Z][\w$]*(?:Exception|Error)(?::|$)|\b(?:[\w$]+\.)*[A-Z][\w$]*(?:Exception|Error): |(?:^|[\s,，:：])(?:.{0,12})(?:失败|出错|异常|报错|崩溃|超时)(?!次数|率|数|[:：=]\s*0)/i;
const saysWarning = /^(?:warn(?:ing)?\b|deprecat)|^\S+:\d+: \w*Warning: |警告/i;
const saysNone =
	/\b(?:0|no|without|zero) (?:\w+ )?(?:errors?|failures?|exceptions?)\b|(?:没有|无|零|0 ?个?)(?:错误|异常|失败)|已恢复|恢复正常/i;

function guess(message: string): LineSeverity | undefined {
	if (saysNone.test(message)) return undefined;
	if (/^(?:panic: |fatal error: |thread '.*' panicked)/.test(message)) return 'fatal';
	if (saysWarning.test(message)) return 'warning';
	return saysError.test(message) ? 'error' : undefined;
}

// What loggers put between the time, the level and the message: `- app.worker - `, `[main] `, `(pid 7) `, `[app.py:12] `.
const tags =
	/^(?:[-|·:]+\s+|\[[^\]]{0,80}\]:?\s*(?:- )?|\([^)]{0,60}\)\s+|<[^>]{0,60}>\s+|\d+ --- (?:\[[^\]]*\]\s*)*[\w.$/]+\s*: )/;
const loggerName =
	/^(?:[\w$]+(?:[./][\w$-]+)+(?::\d+)?|[A-Za-z_][\w.$-]*:[\w<>$]+:\d+|[A-Za-z_][\w.]*(?= - )|[\w$-]+(?:\.[\w$-]+)+(?= : ))(?:\s+[-|:]+\s+|:\s+|\t+|\s{2,})/;

/** `root:` of Python's `ERROR:root:message`. */
const pythonLogger = /^[A-Za-z_][\w.]*:(?=[^\s:/])/;

function withoutTags(text: string): string {
	let rest = text;
	for (let round = 0; round < 5; round++) {
		const match = tags.exec(rest) ?? loggerName.exec(rest);
		if (match === null || match[0].length >= rest.length) return rest;
		rest = rest.slice(match[0].length);
	}

	return rest;
}

function parsePlain(line: string, arrival: Arrival): ParsedLine {
	const time = readTime(line, arrival);
	const own = time === undefined ? {} : {atMs: time.atMs};
	const rest = time === undefined ? line : line.slice(time.end);
	// Go's own words, not a level in front of a message.
	if (/^(?:panic|fatal error): /.test(rest)) return {severity: 'fatal', ...own, message: rest};
	const level = findLevel(rest);
	if (level !== undefined) {
		const after = rest
			.slice(level.end)
			.replace(/^(?:\/[\w-]+\]|\])\s*/, '')
			.replace(pythonLogger, '');
		const message = withoutTags(after === '' ? rest : after);
		return {severity: level.severity, ...own, message};
	}

	const message = withoutTags(
		rest.replace(/^[\w.-]+ [\w./-]+(?:\[\d+\])?: (?=\S)/, syslogHead(line)),
	);
	const severity = guess(message);
	return {...(severity === undefined ? {} : {severity}), ...own, message};
}

/** Keeps the words before a colon but for syslog lines, where they are host and program. */
function syslogHead(line: string): string {
	return /^(?:<\d+>)?[A-Z][a-z]{2} {1,2}\d/.test(line) ? '' : '$&';
}

/**
 * Understands one cleaned line. With format `auto` every line is recognised by itself: JSON, logfmt, access logs
 * of nginx and uvicorn, nginx errors, PostgreSQL, Redis, klog, and plain lines with a level near their start.
 */
export function parseLine(line: string, format: LogFormat, arrival: Arrival): ParsedLine {
	const text = line.trimEnd();
	const first = text.charCodeAt(0);
	if (first === 0x7b /* { */) {
		const json = parseJson(text, arrival);
		if (json !== undefined) return json;
	}

	return (
		(format === 'postgres' ? parsePostgres(text, arrival, true) : undefined) ??
		parseAccess(text, arrival) ??
		parseRedis(text, arrival) ??
		parseNginxError(text, arrival) ??
		parseLogfmt(text, arrival) ??
		parseKlog(text, arrival) ??
		(format === 'plain' ? undefined : parsePostgres(text, arrival, false)) ??
		parsePlain(text, arrival)
	);
}
