import {clean} from './clean.ts';
import type {RedisValue} from './redis.ts';

type Entry = RedisValue['slowLog'][number];

// Commands with a subcommand, which is shown; what follows may be a password (CONFIG SET, ACL SETUSER).
const containers = new Set(
	'ACL CLIENT CLUSTER COMMAND CONFIG DEBUG FUNCTION LATENCY MEMORY MODULE OBJECT PUBSUB SCRIPT SLOWLOG XGROUP XINFO'.split(
		' ',
	),
);
// Containers whose second argument is a key and not a value.
const keyedContainers = new Set(['DEBUG', 'MEMORY', 'OBJECT', 'XGROUP', 'XINFO']);
// Commands whose first argument may be a secret or a value.
const hidden = new Set(['AUTH', 'ECHO', 'HELLO', 'MIGRATE', 'PING', 'REPLCONF', 'SYNC', 'PSYNC']);
const scripts = new Set(['EVAL', 'EVALSHA', 'EVAL_RO', 'EVALSHA_RO']);
const keyLength = 60;

/** How many arguments of a command are shown, and which. Values are never shown. */
function shownOf(name: string, args: readonly string[]): readonly string[] {
	if (hidden.has(name)) return [];
	// EVAL script numkeys key …: the script may hold anything, its first key does not.
	if (scripts.has(name)) return Number(args[1]) > 0 ? args.slice(2, 3) : [];
	if (containers.has(name)) return args.slice(0, keyedContainers.has(name) ? 2 : 1);
	return args.slice(0, 1);
}

/**
 * A command of the slow log, short enough for a row: its name, the subcommand, the key and how many arguments it had
 * (`SET user:1 … (3 args)`). Values, passwords and scripts are left out. The server itself cuts long lists of arguments.
 */
export function describeCommand(words: readonly string[]): string {
	const name = clean((words[0] ?? '').toUpperCase(), 40);
	const given = words.slice(1);
	const cut = /^\.\.\. \((\d+) more arguments\)$/.exec(given.at(-1) ?? '')?.[1];
	const args = cut === undefined ? given : given.slice(0, -1);
	const count = args.length + Number(cut ?? 0);
	const shown = shownOf(name, args).map((argument, index) =>
		clean(index === 0 && containers.has(name) ? argument.toUpperCase() : argument, keyLength),
	);
	const text = [name, ...shown].join(' ');
	return count > shown.length ? `${text} … (${count} args)` : text;
}

function readEntry(entry: unknown): readonly Entry[] {
	if (!Array.isArray(entry)) return [];
	const [id, atSeconds, microseconds, words] = Array.from<unknown>(entry);
	if (typeof id !== 'number' || typeof atSeconds !== 'number') return [];
	if (typeof microseconds !== 'number' || !Array.isArray(words)) return [];
	return [
		{
			id,
			atMs: atSeconds * 1000,
			durationMs: microseconds / 1000,
			command: describeCommand(words.map(String)),
		},
	];
}

/** The entries of SLOWLOG GET, newest first; anything of another shape is left out. */
export function parseSlowLog(answer: unknown): RedisValue['slowLog'] {
	return Array.isArray(answer) ? answer.flatMap(readEntry) : [];
}
