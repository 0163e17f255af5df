import type {LogEvent} from './errors.ts';

/** How bad one log line says it is. */
export type LineSeverity = LogEvent['severity'];

const severities: Readonly<Record<string, LineSeverity>> = {
	trace: 'debug',
	verbose: 'debug',
	debug: 'debug',
	log: 'info',
	info: 'info',
	information: 'info',
	notice: 'info',
	success: 'info',
	warn: 'warning',
	warning: 'warning',
	err: 'error',
	error: 'error',
	severe: 'error',
	failure: 'error',
	crit: 'fatal',
	critical: 'fatal',
	alert: 'fatal',
	emerg: 'fatal',
	emergency: 'fatal',
	fatal: 'fatal',
	panic: 'fatal',
	dpanic: 'fatal',
	调试: 'debug',
	日志: 'info',
	信息: 'info',
	提示: 'info',
	注意: 'info',
	警告: 'warning',
	告警: 'warning',
	错误: 'error',
	异常: 'error',
	严重: 'fatal',
	严重错误: 'fatal',
	致命: 'fatal',
	致命错误: 'fatal',
};

/** Severity of a level's name in any case (`WARN`, `err`, `错误`, PostgreSQL's `DEBUG3`); undefined for other words. */
export function severityOf(name: string): LineSeverity | undefined {
	const word = name.toLowerCase().replace(/\d$/, '');
	return Object.hasOwn(severities, word) ? severities[word] : undefined;
}

/** Severity of a level's number: pino and bunyan count up from 10 (trace) to 60 (fatal), Python's logging to 50. */
export function severityOfNumber(level: number): LineSeverity | undefined {
	if (level >= 10 && level < 30) return level < 20 ? 'debug' : 'info';
	if (level >= 30 && level < 40) return 'info';
	if (level >= 40 && level < 50) return 'warning';
	if (level >= 50 && level < 60) return 'error';
	return level >= 60 && level < 1000 ? 'fatal' : undefined;
}

/** Severity of a syslog priority, 0 (emergency) to 7 (debug), as journald keeps it. RFC 5424. */
export function severityOfPriority(priority: number): LineSeverity {
	if (priority <= 2) return 'fatal';
	if (priority === 3) return 'error';
	if (priority === 4) return 'warning';
	return priority <= 6 ? 'info' : 'debug';
}

const upperNames =
	'TRACE|VERBOSE|DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|ERR|SEVERE|CRITICAL|CRIT|FATAL|ALERT|EMERGENCY|EMERG|PANIC';
const chineseNames = '严重错误|致命错误|调试|日志|信息|提示|注意|警告|告警|错误|异常|严重|致命';
// Upper case names anywhere near the start; other writings only where brackets or a colon make them a level.
const levelPatterns = [
	new RegExp(String.raw`(?<![\w./-])(${upperNames})(?![\w.])[\])>】]*\s*[:：/|-]?\s*`),
	new RegExp(String.raw`[[(<](${upperNames})[:\])>]+\s*`, 'i'),
	new RegExp(String.raw`^(${upperNames}|Warning|Error)\s*[:：]\s*`, 'i'),
	new RegExp(String.raw`(?:[[【(]\s*(${chineseNames})\s*[\]】)]|^(${chineseNames})\s*[:：])\s*`),
];

/** A level near the start of a text (the first 120 characters) and where the message behind it starts. */
export function findLevel(
	text: string,
): {readonly severity: LineSeverity; readonly start: number; readonly end: number} | undefined {
	const head = text.slice(0, 120);
	for (const pattern of levelPatterns) {
		const match = pattern.exec(head);
		const severity = match === null ? undefined : severityOf(match[1] ?? match[2] ?? '');
		if (match !== null && severity !== undefined) {
			return {severity, start: match.index, end: match.index + match[0].length};
		}
	}

	return undefined;
}
