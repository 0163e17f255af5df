import type {JsonValue} from '../domain/plan.ts';
import type {ChangeCommand, CommandFlags} from './command-table.ts';

type Parsed = {readonly operation: string; readonly request: JsonValue};

/** The words behind one kind of `backup` or `restore`; throws an Error with one line about what is wrong. */
export type KindParser = (rest: readonly string[], flags: CommandFlags) => Parsed;

function textFlag(flags: CommandFlags, name: string): string | undefined {
	const value = flags[name];
	return typeof value === 'string' ? value : undefined;
}

/** Only the entries that have a value. */
function given(
	entries: Readonly<Record<string, JsonValue | undefined>>,
): Readonly<Record<string, JsonValue>> {
	return Object.fromEntries(
		Object.entries(entries).flatMap(([name, value]) =>
			value === undefined ? [] : [[name, value]],
		),
	);
}

function atMost(rest: readonly string[], count: number): void {
	const extra = rest[count];
	if (extra !== undefined) throw new Error(`unexpected word: ${extra}`);
}

function needWord(rest: readonly string[], at: number, what: string): string {
	const word = rest[at];
	if (word === undefined || word === '') throw new Error(`${what} is missing`);
	return word;
}

function mayNumber(flags: CommandFlags, name: string): number | undefined {
	const text = textFlag(flags, name);
	if (text === undefined) return undefined;
	if (!/^\d{1,6}$/.test(text)) throw new Error(`--${name} wants a whole number`);
	return Number(text);
}

/** `backup redis [SERVER]`, `backup files [SET] [--folder PATH]`, `backup logs [PROJECT] [--days N]`: parsers by kind, for the one command `backup`. */
export const dataBackups: Readonly<Record<'redis' | 'files' | 'logs', KindParser>> = {
	redis(rest) {
		atMost(rest, 1);
		return {operation: 'backup-redis', request: given({redis: rest[0]})};
	},
	files(rest, flags) {
		atMost(rest, 1);
		const folder = textFlag(flags, 'folder');
		return {operation: 'backup-files', request: given({set: rest[0], folder})};
	},
	logs(rest, flags) {
		atMost(rest, 1);
		const days = mayNumber(flags, 'days');
		return {operation: 'backup-logs', request: given({project: rest[0], days})};
	},
};

/** `restore redis ID [SERVER]`, `restore files ID [--only GLOB]`: parsers by kind, for the one command `restore`. */
export const dataRestores: Readonly<Record<'redis' | 'files', KindParser>> = {
	redis(rest, flags) {
		atMost(rest, 2);
		const withReplicas = flags['with-replicas'] === true ? true : undefined;
		const backup = needWord(rest, 0, 'the id of the backup');
		return {operation: 'restore-redis', request: given({backup, redis: rest[1], withReplicas})};
	},
	files(rest, flags) {
		atMost(rest, 1);
		const backup = needWord(rest, 0, 'the id of the backup');
		const only = textFlag(flags, 'only');
		const series = textFlag(flags, 'series');
		return {operation: 'restore-files', request: given({backup, only, series})};
	},
};

/** Options of `dataBackups` and `dataRestores`. */
export const dataOptions = {
	days: {type: 'string'},
	folder: {type: 'string'},
	only: {type: 'string'},
	series: {type: 'string'},
	'with-replicas': {type: 'boolean'},
} as const;

const settings: Readonly<Record<string, string>> = {
	memory: 'set-redis-memory',
	policy: 'set-redis-policy',
	save: 'set-redis-save',
};

/** `redis memory|policy|save VALUE` and `redis delete PREFIX`. */
export const redisCommand: ChangeCommand = {
	name: 'redis',
	usage: [
		[
			'redis memory|policy|save VALUE [--server NAME] [--persist]',
			'set it, keeping the old value for the way back',
		],
		['redis delete PREFIX [--database N] [--server NAME]', 'delete the keys that start with it'],
	],
	options: {
		server: {type: 'string'},
		persist: {type: 'boolean'},
		database: {type: 'string'},
	},
	parse([what = '', ...rest], flags) {
		atMost(rest, 1);
		const redis = textFlag(flags, 'server');
		if (what === 'delete') {
			const prefix = needWord(rest, 0, 'the prefix');
			const database = mayNumber(flags, 'database');
			return {operation: 'delete-redis-keys', request: given({prefix, database, redis})};
		}

		const operation = Object.hasOwn(settings, what) ? settings[what] : undefined;
		if (operation === undefined)
			throw new Error('redis wants one of: memory, policy, save, delete');
		const value = needWord(rest, 0, 'the value');
		const persist = flags['persist'] === true ? true : undefined;
		return {operation, request: given({value, redis, persist})};
	},
};

const cleaning: Readonly<Record<string, string>> = {
	images: 'clean-images',
	cache: 'clean-build-cache',
	logs: 'clean-logs',
};

/** `disk images|cache|logs [--days N]`. */
export const diskCommand: ChangeCommand = {
	name: 'disk',
	usage: [
		[
			'disk images|cache|logs [--days N]',
			'delete unused images, build cache or old logs, one by one',
		],
	],
	options: {days: {type: 'string'}},
	parse([what = '', ...rest], flags) {
		atMost(rest, 0);
		const operation = Object.hasOwn(cleaning, what) ? cleaning[what] : undefined;
		if (operation === undefined) throw new Error('disk wants one of: images, cache, logs');
		return {operation, request: given({days: mayNumber(flags, 'days')})};
	},
};
