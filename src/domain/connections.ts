/** Something that a program connects to, by its environment. The password never leaves this program's memory. */
export type Connection = {
	/** Variable that names it. */
	readonly variable: string;
	readonly kind: ConnectionKind;
	readonly host: string;
	readonly port: number;
	readonly user?: string;
	readonly password?: string;
};

export type ConnectionKind = 'postgres' | 'redis' | 'mysql' | 'amqp' | 'mongodb' | 'http' | 'other';

const schemes: readonly (readonly [RegExp, ConnectionKind, number])[] = [
	[/^postgres(?:ql)?(?:\+\w+)?:$/, 'postgres', 5432],
	[/^(?:redis|valkey)s?:$/, 'redis', 6379],
	[/^(?:mysql|mariadb)(?:\+\w+)?:$/, 'mysql', 3306],
	[/^(?:amqps?|pyamqp):$/, 'amqp', 5672],
	[/^mongodb:$/, 'mongodb', 27_017],
	[/^http:$/, 'http', 80],
	[/^https:$/, 'http', 443],
	[/^(?:nats|kafka|tcp|grpc|ws|wss|memcached|elasticsearch):$/, 'other', 0],
];

const kindsOfNames: readonly (readonly [RegExp, ConnectionKind, number])[] = [
	[/POSTGRES|^PG|DATABASE|(?:^|_)DB(?:_|$)/, 'postgres', 5432],
	[/REDIS|VALKEY/, 'redis', 6379],
	[/MYSQL|MARIADB/, 'mysql', 3306],
	[/RABBIT|AMQP/, 'amqp', 5672],
	[/MONGO/, 'mongodb', 27_017],
];

/** Variables of a process: name and value of each line that the engine lists. */
export function variablesOf(lines: readonly string[]): ReadonlyMap<string, string> {
	return new Map(
		lines.map(line => {
			const equals = line.indexOf('=');
			return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
		}),
	);
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function fromUrl(variable: string, value: string): Connection | undefined {
	const text = unquoted(value);
	if (!text.includes('://') || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	const found = schemes.find(([pattern]) => pattern.test(url.protocol));
	if (found === undefined || url.hostname === '') return undefined;
	const [, kind, usual] = found;
	const [user, password] = [decoded(url.username), decoded(url.password)];
	return {
		variable,
		kind,
		host: url.hostname,
		port: Number(url.port) || usual,
		...(user !== '' && {user}),
		...(password !== '' && {password}),
	};
}

/** `host=db port=5432 user=app password=x`, as libpq takes it. */
function fromPairs(variable: string, value: string): Connection | undefined {
	const field = (name: string) =>
		new RegExp(`(?:^|\\s)${name}=('[^']*'|\\S+)`).exec(value)?.[1]?.replace(/^'(.*)'$/, '$1');
	const host = field('host');
	if (host === undefined || field('dbname') === undefined || host.startsWith('/')) return undefined;
	const [user, password] = [field('user'), field('password')];
	return {
		variable,
		kind: 'postgres',
		host,
		port: Number(field('port')) || 5432,
		...(user !== undefined && {user}),
		...(password !== undefined && {password}),
	};
}

/** `DB_HOST` with `DB_PORT`, `DB_USER` and `DB_PASSWORD`; `PGHOST` and its family. */
function fromName(
	variable: string,
	value: string,
	variables: ReadonlyMap<string, string>,
): Connection | undefined {
	const [, prefix, word] = /^(.*?)_?(HOST|HOSTNAME|SERVER)$/.exec(variable) ?? [];
	const found = kindsOfNames.find(([pattern]) => pattern.test(prefix ?? ''));
	if (prefix === undefined || word === undefined || found === undefined) return undefined;
	const [, host, ownPort] = /^([\w.-]+)(?::(\d{1,5}))?$/.exec(unquoted(value)) ?? [];
	if (host === undefined || ['0.0.0.0', '*'].includes(host)) return undefined;
	const [, kind, usual] = found;
	const sibling = (...names: readonly string[]) =>
		names
			.flatMap(name => [variables.get(`${prefix}_${name}`), variables.get(`${prefix}${name}`)])
			.find(other => other !== undefined && other !== '');
	const [user, password] = [sibling('USER', 'USERNAME'), sibling('PASSWORD', 'PASS')];
	return {
		variable,
		kind,
		host,
		port: Number(ownPort ?? sibling('PORT')) || usual,
		...(user !== undefined && {user}),
		...(password !== undefined && {password}),
	};
}

/** Where a program connects to, from URLs, libpq texts and host variables of its environment; each place once. */
export function connectionsOf(variables: ReadonlyMap<string, string>): readonly Connection[] {
	const found = new Map<string, Connection>();
	for (const [name, value] of variables) {
		const connection =
			fromUrl(name, value) ?? fromPairs(name, value) ?? fromName(name, value, variables);
		if (connection === undefined) continue;
		const key = `${connection.kind} ${connection.host}:${String(connection.port)}`;
		const before = found.get(key);
		if (before?.password === undefined) found.set(key, {...before, ...connection});
	}

	return [...found.values()];
}

const localNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Whether a host name means the container itself. */
export function isItself(host: string): boolean {
	return localNames.has(host);
}

function unquoted(value: string): string {
	return value.trim().replace(/^(["'])(.*)\1$/, '$2');
}

/** What looks wrong with the values of an environment, as names of variables. */
export type EnvironmentFaults = {
	readonly empty: readonly string[];
	readonly placeholders: readonly string[];
	readonly malformed: readonly string[];
};

const placeholder =
	/^(?:change[-_ ]?me.{0,40}|your[-_ ].{1,60}|<[^<>]{1,60}>|x{3,}|replace[-_ ]?me.{0,40}|placeholder|\$\{\w+\}|\$\w+|.{0,40}please[-_ ]change.{0,40}|请(?:修改|替换|填写).{0,20})$/i;

/** A value with quotes around it, blanks at its ends, or a URL that nobody can read: what env files are prone to. */
function isMalformed(value: string): boolean {
	if (/^(["']).*\1$/s.test(value) && value.length > 1) return true;
	if (value !== value.trim()) return true;
	const isServerUrl =
		/^(?:postgres(?:ql)?(?:\+\w+)?|rediss?|mysql(?:\+\w+)?|amqps?|https?):\/\/\S*$/.test(value);
	// Several hosts in one URL are allowed by libpq and MongoDB.
	return isServerUrl && !URL.canParse(value) && !/@[^/]*,/.test(value);
}

/** Judges the values of an environment; only names leave. */
export function environmentFaults(variables: ReadonlyMap<string, string>): EnvironmentFaults {
	const where = (isBad: (value: string) => boolean) =>
		[...variables].filter(([, value]) => isBad(value)).map(([name]) => name);
	return {
		empty: where(value => value === ''),
		placeholders: where(value => placeholder.test(value.trim())),
		malformed: where(isMalformed),
	};
}
