import {parseLine} from './log-parse.ts';

/** What a line of a log says is wrong. */
export type Symptom =
	| 'connection-refused'
	| 'connection-lost'
	| 'name-not-resolved'
	| 'authentication-failed'
	| 'too-many-clients'
	| 'pool-exhausted'
	| 'out-of-memory'
	| 'disk-full'
	| 'read-only'
	| 'permission-denied'
	| 'address-in-use'
	| 'setting-missing'
	| 'module-missing'
	| 'file-missing'
	| 'database-missing'
	| 'table-missing'
	| 'redis-oom'
	| 'redis-readonly'
	| 'redis-misconf'
	| 'upstream-failed'
	| 'tls-failed'
	| 'deadlock'
	| 'timeout'
	| 'crash'
	| 'traceback';

type Row = {
	readonly symptom: Symptom;
	readonly pattern: RegExp;
	/** Words that harmless lines have too: only where the line does not call itself information. */
	readonly isWeak?: true;
};

/**
 * The first row that fits is the line's symptom. Where the words come from: Redis' own refusals (server.c, rdb.c, aof.c);
 * PostgreSQL's messages (auth.c, postinit.c, parse_relation.c); glibc's and musl's getaddrinfo and strerror; Node's codes;
 * Go's net package; nginx's upstream module; psycopg, SQLAlchemy, asyncpg, redis-py, HikariCP, knex and Prisma.
 */
const rows: readonly Row[] = [
	{symptom: 'redis-oom', pattern: /OOM command not allowed|used memory > 'maxmemory'/},
	{symptom: 'redis-readonly', pattern: /READONLY You can't write against a read only/},
	{
		symptom: 'redis-misconf',
		pattern:
			/MISCONF|Can't save in background|Failed opening the (?:temp )?RDB file|Write error (?:saving|writing) |Asynchronous AOF fsync is taking too long|Error writing to the AOF|Bad file format reading the append only file/,
	},
	{
		symptom: 'name-not-resolved',
		pattern:
			/could not translate host name|name or service not known|name resolution|nodename nor servname|getaddrinfo|\bENOTFOUND\b|\bEAI_AGAIN\b|no such host\b|name does not resolve|could not be resolved|host not found in|UnknownHostException|failed to resolve|no address associated with hostname|域名解析失败/i,
	},
	{
		symptom: 'too-many-clients',
		pattern:
			/too many clients|too many connections for|remaining connection slots|max number of clients reached|\bToo many connections\b|too_many_connections|连接槽|太多的客户/i,
	},
	{
		symptom: 'pool-exhausted',
		pattern:
			/QueuePool limit|connection pool (?:is )?exhausted|pool (?:is )?exhausted|\bPoolTimeout\b|Timeout acquiring a connection|timeout exceeded when trying to connect|HikariPool.{0,100}not available|couldn't get a connection after|query_wait_timeout|No connection available|Timed out fetching a new connection from the connection pool|连接池(?:已)?(?:耗尽|已满)/i,
	},
	{
		symptom: 'authentication-failed',
		pattern:
			/password authentication failed|no password supplied|\bNOAUTH\b|\bWRONGPASS\b|invalid password|invalid username-password pair|without any password configured|Access denied for user|no pg_hba\.conf entry|authentication (?:failed|required)|认证失败/i,
	},
	{
		symptom: 'upstream-failed',
		pattern:
			/while (?:connecting to|reading .{0,40}from) upstream|no live upstreams|upstream timed out/,
	},
	{
		symptom: 'connection-refused',
		pattern:
			/connection refused|\bECONNREFUSED\b|actively refused|Connect call failed|连接被拒绝|拒绝连接/i,
	},
	{
		symptom: 'connection-lost',
		pattern:
			/server closed the connection unexpectedly|connection has been closed unexpectedly|terminating connection due to|connection reset by peer|\bECONNRESET\b|broken pipe|\bEPIPE\b|Connection closed by server|Connection terminated unexpectedly|Server has closed the connection|终止连接/i,
		isWeak: true,
	},
	{
		symptom: 'out-of-memory',
		pattern:
			/cannot allocate memory|\bENOMEM\b|OutOfMemoryError|heap out of memory|\bMemoryError\b|runtime: out of memory|Out Of Memory allocating|Out of memory: Kill|Perhaps out of memory\?|\bOOMKilled\b|内存不足/,
	},
	{
		symptom: 'disk-full',
		pattern:
			/no space left on device|\bENOSPC\b|disk quota exceeded|could not extend file|磁盘(?:空间)?(?:已满|不足)/i,
	},
	{symptom: 'read-only', pattern: /read-only file system|\bEROFS\b/i},
	{
		symptom: 'address-in-use',
		pattern: /address (?:already )?in use|\bEADDRINUSE\b|端口(?:已)?被占用/i,
	},
	{
		symptom: 'database-missing',
		pattern:
			/(?:database|role) "[^"]{0,100}" does not exist|Unknown database|(?:数据库|角色) "[^"]{0,100}" 不存在/,
	},
	{
		symptom: 'table-missing',
		pattern:
			/relation "[^"]{0,200}" does not exist|column \S{1,200} does not exist|no such table|UndefinedTable|UndefinedColumn|Unknown column|(?:关系|字段) "[^"]{0,200}" 不存在/,
	},
	{
		symptom: 'module-missing',
		pattern:
			/ModuleNotFoundError|No module named|Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND|error while loading shared libraries|cannot open shared object file|ClassNotFoundException|NoClassDefFoundError/,
	},
	{
		// Names in capitals are settings; `user_id is required` is a request's mistake.
		symptom: 'setting-missing',
		pattern:
			/KeyError: '[A-Z][A-Z\d_]{2,80}'|(?:failed|[Ee]rror|ERROR)\b.{0,60}: '[A-Z][A-Z\d]*_[A-Z\d_]{1,80}'$|\b[A-Z][A-Z\d]*_[A-Z\d_]{1,80}\b['"]?(?: environment variable)? (?:is|was) (?:not set|required|missing|undefined|empty|invalid)|\b[A-Z][A-Z\d]*_[A-Z\d_]{1,80}\b['"]? must (?:be|have|not be)/,
	},
	{
		symptom: 'setting-missing',
		pattern:
			/ImproperlyConfigured|validation errors? for \w*(?:Settings|Config)|(?:environment variable|env(?:ironment)? var)\b.{0,120}(?:required|not set|missing|not found|must be|invalid|undefined|empty)|(?:missing|required|unset|undefined).{0,60}(?:environment variable|env var)|not found\. Declare it as envvar|required key \S{1,80} missing value|superuser password is not specified|FATAL CONFIG FILE ERROR|unrecognized configuration parameter|invalid value for parameter|configuration file .{0,200} contains errors|unbound variable|parameter (?:not set|null or not set)|Could not parse (?:SQLAlchemy|rfc1738) URL|ERR_INVALID_URL|\[emerg\].{0,40}(?:unknown directive|invalid|unexpected)|环境变量.{0,40}(?:缺失|未设置|不能为空|为空)/i,
	},
	{
		symptom: 'tls-failed',
		pattern:
			/certificate verify failed|CERTIFICATE_VERIFY_FAILED|certificate has expired|self[- ]signed certificate|x509: |tls: failed|tls: bad|wrong version number|server does not support SSL|unable to (?:get local issuer|verify the first) certificate|CERT_HAS_EXPIRED/i,
		isWeak: true,
	},
	{
		symptom: 'permission-denied',
		pattern: /permission denied|\bEACCES\b|\bEPERM\b|operation not permitted|权限不足|权限不够/i,
		isWeak: true,
	},
	{
		symptom: 'file-missing',
		pattern: /no such file or directory|\bENOENT\b|FileNotFoundError/i,
		isWeak: true,
	},
	{
		symptom: 'deadlock',
		pattern:
			/deadlock detected|lock timeout|LockNotAvailable|could not obtain lock|could not serialize access|Lock wait timeout|检测到死锁/i,
		isWeak: true,
	},
	{
		symptom: 'crash',
		pattern:
			/^panic: |^fatal error: |^thread '.{0,100}' (?:\(\d+\) )?panicked at|segmentation fault|core dumped|crashed by signal|exec format error|was sent SIG(?:KILL|SEGV|ABRT)/i,
	},
	{
		symptom: 'timeout',
		pattern:
			/timed? ?out|TimeoutError|\bETIMEDOUT\b|deadline exceeded|due to statement timeout|WORKER TIMEOUT|超时/i,
		isWeak: true,
	},
	{
		symptom: 'traceback',
		// The line that names the exception, not the header that every trace has.
		pattern:
			/^(?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception)(?::|$)|.Traceback \(most recent call last\)|^Exception in thread|^Uncaught \w*(?:Error|Exception)|UnhandledPromiseRejection|Worker failed to boot/,
	},
];

/** In this order where counts are equal: what is named as a cause before what any failure brings with it. */
const consequences: ReadonlySet<Symptom> = new Set(['deadlock', 'timeout', 'crash']);

/** All symptoms, the more telling first. */
export const symptoms: readonly Symptom[] = [...new Set(rows.map(({symptom}) => symptom))];

const arrival = {atMs: 0, isExact: false};

/** The symptom of one cleaned line; undefined for access logs, information and everything that says nothing. */
export function symptomOf(line: string): Symptom | undefined {
	const rough = rows.find(({pattern}) => pattern.test(line));
	if (rough === undefined) return undefined;
	const {severity, request, isDetail} = parseLine(line, 'auto', arrival);
	if (request !== undefined || isDetail === true) return undefined;
	const isInformation = severity === 'info' || severity === 'debug';
	if (!isInformation) return rough.symptom;
	return rows.find(({pattern, isWeak}) => isWeak !== true && pattern.test(line))?.symptom;
}

/** What the lines of a log have in common. */
export type SymptomCounts = {
	readonly counts: Readonly<Partial<Record<Symptom, number>>>;
	/** The one that tells most; undefined where there is none. */
	readonly kind?: Symptom;
	/** First line of that kind. */
	readonly first?: string;
};

function weightOf(symptom: Symptom): number {
	if (symptom === 'traceback') return 0;
	return consequences.has(symptom) ? 1 : 2;
}

/** Counts the symptoms of lines, oldest first. */
export function countSymptoms(
	lines: readonly {readonly text: string; readonly symptom: Symptom | undefined}[],
): SymptomCounts {
	const counts: Partial<Record<Symptom, number>> = {};
	const firsts = new Map<Symptom, string>();
	for (const {text, symptom} of lines) {
		if (symptom === undefined) continue;
		counts[symptom] = (counts[symptom] ?? 0) + 1;
		if (!firsts.has(symptom)) firsts.set(symptom, text);
	}

	const [kind] = symptoms
		.filter(symptom => counts[symptom] !== undefined)
		.toSorted((a, b) => weightOf(b) - weightOf(a) || (counts[b] ?? 0) - (counts[a] ?? 0));
	const first = kind && firsts.get(kind);
	return {counts, ...(kind && {kind}), ...(first !== undefined && {first})};
}

const leastMs = 20_000;
const onceMs = 120_000;
const startMs = 30_000;

/**
 * Whether something that a running program wrote still goes on: it came again not long ago, measured by how often it came.
 * What it wrote only while it started, because others were not there yet, is over soon. `times`: oldest first, in ms.
 */
export function isGoingOn(
	times: readonly number[],
	{nowMs, startedAtMs}: {readonly nowMs: number; readonly startedAtMs: number | undefined},
): boolean {
	const last = times.at(-1);
	if (last === undefined) return false;
	const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
	const isOfStart = startedAtMs !== undefined && last - startedAtMs < startMs;
	const usualMs = gaps.length === 0 ? (isOfStart ? leastMs : onceMs) : 3 * Math.max(...gaps);
	return nowMs - last < Math.max(leastMs, isOfStart ? Math.min(usualMs, leastMs) : usualMs);
}
