// Settings that may be asked for: none of them holds a secret (a pattern such as `*` would return `requirepass`).
const readableSettings = new Set([
	'appendonly',
	'dbfilename',
	'dir',
	'masteruser',
	'maxclients',
	'maxmemory',
	'maxmemory-policy',
	'repl-diskless-load',
	'replica-read-only',
	'replica-serve-stale-data',
	'save',
	'slowlog-log-slower-than',
	'slowlog-max-len',
	'stop-writes-on-bgsave-error',
	'tls-replication',
]);

// Commands that opsconsole may send. `any`: with all arguments; a list: only with these first arguments.
// All of them are O(1) or bounded by their COUNT (CLIENT LIST: by maxclients, and only asked for as evidence), and none changes data. SELECT and SETNAME change only our own connection.
const allowed: Readonly<Record<string, 'any' | readonly string[]>> = {
	ACL: ['WHOAMI'],
	CLIENT: ['GETNAME', 'ID', 'LIST', 'SETNAME'],
	CONFIG: ['GET'],
	DBSIZE: 'any',
	EXISTS: 'any',
	HLEN: 'any',
	INFO: 'any',
	LASTSAVE: 'any',
	LATENCY: ['LATEST'],
	LLEN: 'any',
	MEMORY: ['USAGE'],
	OBJECT: ['ENCODING', 'FREQ', 'IDLETIME', 'REFCOUNT'],
	PING: 'any',
	PTTL: 'any',
	ROLE: 'any',
	SCAN: 'any',
	SELECT: 'any',
	SLOWLOG: ['GET', 'LEN'],
	SSCAN: 'any',
	TTL: 'any',
	TYPE: 'any',
	ZCARD: 'any',
};

/**
 * Throws unless a command is on the list of read-only commands. It is a mistake of the program, not of the operator,
 * so it is a plain Error; KEYS, MONITOR, DEBUG and every write are not on the list.
 */
export function assertReadOnly(command: string, args: readonly (string | number)[]): void {
	const name = command.toUpperCase();
	const rule = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
	if (rule === undefined) throw new Error(`The Redis command ${name} is not on the list of reads.`);
	if (rule === 'any') return;
	const first = String(args[0] ?? '').toUpperCase();
	if (!rule.includes(first)) {
		throw new Error(`The Redis command ${name} ${first} is not on the list of reads.`);
	}

	if (name !== 'CONFIG') return;
	const settings = args.slice(1).map(argument => String(argument).toLowerCase());
	const refused = settings.find(setting => !readableSettings.has(setting));
	if (settings.length === 0 || refused !== undefined) {
		throw new Error(`The Redis setting ${refused ?? '(none)'} is not on the list of reads.`);
	}
}
