import {parseLine} from './log-parse.ts';
import {readTime} from './log-time.ts';
import type {ServiceKind} from './service-facts.ts';

/** What a line of a starting program says is wrong. */
export type FatalKind =
	| 'address-in-use'
	| 'out-of-memory'
	| 'no-space'
	| 'read-only'
	| 'wrong-program'
	| 'crash'
	| 'exception'
	| 'fatal';

/** One line that says so: `line` without its time, as it was given. */
export type FatalLine = {readonly kind: FatalKind; readonly line: string};

/**
 * What programs write where they do not work although they run, the most telling first. Where each comes from:
 * - address in use: strerror(EADDRINUSE) of glibc and musl, Node's code, Go's net package, nginx's `bind()`;
 * - out of memory: strerror(ENOMEM), the JVM, V8 ("JavaScript heap"), Python's MemoryError, Go's runtime, Redis' zmalloc;
 *   not the advice of Redis about overcommit ("may fail under low memory condition");
 * - no space, read-only: strerror(ENOSPC), strerror(EROFS);
 * - wrong program: strerror(ENOEXEC), the dynamic loader of glibc;
 * - crash: Go's panic and "fatal error", Rust's panic, glibc's and the kernel's words at SIGSEGV, the report of Redis;
 * - exception: the first line of a trace of CPython, the JVM's last handler, Node's last handlers, gunicorn's arbiter.
 */
const patterns: readonly (readonly [FatalKind, RegExp])[] = [
	['address-in-use', /address (?:already )?in use|EADDRINUSE/i],
	[
		'out-of-memory',
		/cannot allocate memory|\bENOMEM\b|OutOfMemoryError|heap out of memory|^MemoryError\b|runtime: out of memory|Out Of Memory allocating|Out of memory: Kill/,
	],
	['no-space', /no space left on device|\bENOSPC\b/i],
	['read-only', /read-only file system|\bEROFS\b/i],
	['wrong-program', /exec format error|error while loading shared libraries/i],
	[
		'crash',
		/^panic: |^fatal error: |^thread '.{0,100}' panicked at|segmentation fault|core dumped|crashed by signal/i,
	],
	[
		'exception',
		/^Traceback \(most recent call last\):|^Exception in thread "main"|^Uncaught \w*(?:Error|Exception)|UnhandledPromiseRejection|\bWorker failed to boot\b/,
	],
];

/**
 * FATAL of PostgreSQL that only ends one session (messages of postmaster.c, auth.c and postinit.c, in English and
 * Chinese): clients that come while it starts, with a wrong password, or too many.
 */
const sessionEnds =
	/the database system is |not (?:yet )?accepting connections|authentication failed|pg_hba\.conf|(?:role|database) ".{0,100}" does not exist|too many (?:clients|connections)|connection slots|terminating connection|canceling authentication|unsupported frontend protocol|no PostgreSQL user name|not permitted to log in|数据库系统|认证失败|不存在|太多的客户|连接槽|中断联接|终止连接/;

const arrival = {atMs: 0, isExact: false};

/** Judges one cleaned line of a log that was written since a start; undefined where it is nothing to worry about. */
export function fatalLine(line: string, service: ServiceKind): FatalLine | undefined {
	const text = line.slice(readTime(line, arrival)?.end ?? 0);
	const {severity, message} = parseLine(
		line,
		service === 'postgres' ? 'postgres' : 'auto',
		arrival,
	);
	const found = patterns.find(([, pattern]) => pattern.test(text) || pattern.test(message));
	if (found !== undefined) return {kind: found[0], line: text};
	if (severity !== 'fatal') return undefined;
	return service === 'postgres' && sessionEnds.test(message)
		? undefined
		: {kind: 'fatal', line: text};
}

/** The first line of each kind, in the order of the log, and how many there are of it. */
export function fatalLines(
	lines: readonly string[],
	service: ServiceKind,
): readonly (FatalLine & {readonly count: number})[] {
	const found = new Map<FatalKind, FatalLine & {readonly count: number}>();
	for (const line of lines) {
		const fatal = fatalLine(line, service);
		if (fatal === undefined) continue;
		const before = found.get(fatal.kind);
		found.set(fatal.kind, {...(before ?? fatal), count: (before?.count ?? 0) + 1});
	}

	return [...found.values()];
}
