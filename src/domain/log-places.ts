/** What kind of server a program could not reach. */
export type ReachedKind = 'postgres' | 'redis' | 'other';

const host = String.raw`([\w.-]{1,253}|\[[\da-fA-F:]{2,45}\])`;
const places: readonly RegExp[] = [
	// libpq
	new RegExp(`connection to server at "${host}"(?: \\([^)]{0,60}\\))?, port (\\d+)`),
	new RegExp(
		`running on host "${host}"(?: \\([^)]{0,60}\\))? and accepting\\s+TCP/IP connections on port (\\d+)`,
	),
	new RegExp(`could not translate host name "${host}"`),
	// Go
	new RegExp(`dial (?:tcp|udp)\\d? ${host}:(\\d+)`),
	new RegExp(`lookup ${host}(?: on \\S+)?: `),
	// Node
	new RegExp(`connect E\\w+ ${host}:(\\d+)`),
	new RegExp(`getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ${host}(?::(\\d+))?`),
	// redis-py
	new RegExp(`Error -?\\d+ connecting to ${host}:(\\d+)`),
	// asyncpg and asyncio
	new RegExp(`Connect call failed \\('${host}', (\\d+)`),
	// urllib3
	new RegExp(`host='${host}', port=(\\d+)`),
	// nginx
	new RegExp(`upstream: "\\w+://${host}(?::(\\d+))?`),
	new RegExp(`host not found in upstream "${host}(?::(\\d+))?"`),
	new RegExp(`${host} could not be resolved`),
	// JVM
	new RegExp(`UnknownHostException: ${host}`),
	new RegExp(`(?:Connection to|connect to) ${host}:(\\d+)`),
];

/** The host and, where it is named, the port that a line could not reach. */
export function placeIn(line: string): {readonly host: string; readonly port?: number} | undefined {
	for (const pattern of places) {
		const match = pattern.exec(line);
		if (match?.[1] === undefined) continue;
		const port = Number(match[2]);
		return {host: match[1].replace(/\.$/, ''), ...(port > 0 && {port})};
	}

	return undefined;
}

/** What a line could not reach, by its port, else by its words. */
export function reachedKind(line: string): ReachedKind {
	const port = placeIn(line)?.port;
	if (port === 5432 || port === 6432) return 'postgres';
	if (port === 6379) return 'redis';
	if (/redis|valkey|\bNOAUTH\b|\bWRONGPASS\b/i.test(line)) return 'redis';
	if (
		/postgres|psycopg|asyncpg|\bpq: |libpq|pg_hba|\bpgx\b|SQLAlchemy|database|connection to server at "/i.test(
			line,
		)
	) {
		return 'postgres';
	}

	return 'other';
}

/** The setting that a line names: the first word in capitals with an underscore, else a quoted parameter. */
export function settingIn(line: string): string | undefined {
	return (
		/\b(?!E[A-Z]+_)([A-Z][A-Z\d]*(?:_[A-Z\d]+)+)\b/.exec(line)?.[1] ??
		/KeyError: '([A-Z][A-Z\d_]{2,80})'/.exec(line)?.[1] ??
		/(?:parameter|directive|key|setting) "([\w.-]{1,80})"/.exec(line)?.[1]
	);
}

const unreadable =
	/(?:could not convert|invalid literal|invalid value|invalid syntax|cannot parse|unable to parse|parsing|not a valid|must be).{0,200}?["']([^"']{1,100})["']/i;

/** The variable whose value a line says cannot be read; undefined where the text in it is no variable's value. */
export function badSetting(
	line: string,
	variables: ReadonlyMap<string, string>,
): string | undefined {
	const value = unreadable.exec(line)?.[1];
	return value === undefined ? undefined : [...variables].find(([, own]) => own === value)?.[0];
}
