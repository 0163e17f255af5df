import type {JsonValue} from '../domain/plan.ts';
import type {ChangeCommand, CommandFlags} from './command-table.ts';

type Parsed = ReturnType<ChangeCommand['parse']>;
type Parse = (positionals: readonly string[], flags: CommandFlags) => Parsed;

function text(flags: CommandFlags, name: string): Readonly<Record<string, string>> {
	const value = flags[name];
	return typeof value === 'string' && value !== '' ? {[name]: value} : {};
}

/** Server and database, as every command of PostgreSQL takes them. */
function place(flags: CommandFlags): Readonly<Record<string, string>> {
	const {server: target, ...rest} = {...text(flags, 'server'), ...text(flags, 'database')};
	return {...rest, ...(target !== undefined && {target})};
}

function wanted(positionals: readonly string[], index: number, what: string): string {
	const value = positionals[index];
	if (value === undefined || value === '') throw new Error(`${what} is missing`);
	return value;
}

function wholeNumber(value: string, what: string): number {
	if (!/^\d{1,9}$/.test(value)) throw new Error(`${what} must be a whole number`);
	return Number(value);
}

function maybeNumber(
	flags: CommandFlags,
	flag: string,
	name: string,
): Readonly<Record<string, number>> {
	const value = flags[flag];
	return typeof value === 'string' ? {[name]: wholeNumber(value, `--${flag}`)} : {};
}

function foreign(flags: CommandFlags): {readonly isForeignAccepted: boolean} {
	return {isForeignAccepted: flags['from-other-server'] === true};
}

const restoreTable: Parse = (positionals, flags) => {
	const schema = text(flags, 'schema');
	const table = positionals[1];
	return {
		operation: 'restore-table',
		request: {
			backup: wanted(positionals, 0, 'the id of a backup (or latest)'),
			...(table === undefined ? schema : {table}),
			...place(flags),
			...foreign(flags),
		},
	};
};

/** What `restore` can restore of PostgreSQL, by its second word. */
export const postgresRestores: Readonly<Record<string, Parse>> = {
	database(positionals, flags) {
		const quiesce = text(flags, 'quiesce')['quiesce'];
		const request: JsonValue = {
			backup: wanted(positionals, 0, 'the id of a backup (or latest)'),
			...place(flags),
			...text(flags, 'properties'),
			...(quiesce !== undefined && {
				quiesce: quiesce.split(',').filter(name => name !== ''),
			}),
			...foreign(flags),
			isHealthChecked: flags['no-health'] !== true,
		};
		return {operation: 'restore-database', request};
	},
	table: restoreTable,
	schema: restoreTable,
	'swap-back': (positionals, flags) => ({
		operation: 'swap-back-database',
		request: {kept: wanted(positionals, 0, 'the name of a kept database'), ...place(flags)},
	}),
	'drop-kept': (positionals, flags) => ({
		operation: 'drop-kept-database',
		request: {kept: wanted(positionals, 0, 'the name of a kept database'), ...place(flags)},
	}),
};

/** Options of `postgresRestores`. */
export const postgresRestoreOptions = {
	server: {type: 'string'},
	database: {type: 'string'},
	schema: {type: 'string'},
	properties: {type: 'string'},
	quiesce: {type: 'string'},
	'from-other-server': {type: 'boolean'},
	'no-health': {type: 'boolean'},
} as const;

const care: Readonly<Record<string, Parse>> = {
	cancel: (positionals, flags) => ({
		operation: 'cancel-query',
		request: {
			pid: wholeNumber(wanted(positionals, 0, 'the number of a session'), 'the session'),
			withSuperusers: flags['superusers'] === true,
			...place(flags),
		},
	}),
	terminate: (positionals, flags) => ({
		operation: 'terminate-sessions',
		request: {
			pids: positionals.map(pid => wholeNumber(pid, 'the session')),
			...maybeNumber(flags, 'idle', 'idleMinutes'),
			...maybeNumber(flags, 'idle-in-transaction', 'idleInTransactionMinutes'),
			...text(flags, 'user'),
			withSuperusers: flags['superusers'] === true,
			...place(flags),
		},
	}),
	analyze: ([table], flags) => ({
		operation: 'analyze-database',
		request: {...(table !== undefined && {table}), ...place(flags)},
	}),
	vacuum: ([table], flags) => ({
		operation: 'vacuum-table',
		request: {
			...(table !== undefined && {table}),
			...maybeNumber(flags, 'min-dead-percent', 'minDeadPercent'),
			...place(flags),
		},
	}),
	reindex: (positionals, flags) => ({
		operation: 'reindex-concurrently',
		request: {index: wanted(positionals, 0, 'the name of an index'), ...place(flags)},
	}),
};

/** Commands for PostgreSQL that change something, beside `backup` and `restore`. */
export const postgresCommands: readonly ChangeCommand[] = [
	{
		name: 'import',
		usage: [['import FILE [--database NAME]', 'check a dump from elsewhere, add it as a backup']],
		options: {
			server: {type: 'string'},
			database: {type: 'string'},
			'max-gib': {type: 'string'},
		},
		parse: (positionals, flags) => ({
			operation: 'import-dump',
			request: {
				file: wanted(positionals, 0, 'a file'),
				...maybeNumber(flags, 'max-gib', 'maxGiB'),
				...place(flags),
			},
		}),
	},
	{
		name: 'postgres',
		usage: [
			['postgres cancel PID', 'cancel what a session is running'],
			['postgres terminate [PID…] [--idle MIN]', 'end sessions; each is listed before'],
			['postgres analyze|vacuum [TABLE]', 'planner statistics, dead rows'],
			['postgres reindex INDEX', 'build an index anew without blocking writers'],
		],
		options: {
			server: {type: 'string'},
			database: {type: 'string'},
			user: {type: 'string'},
			idle: {type: 'string'},
			'idle-in-transaction': {type: 'string'},
			'min-dead-percent': {type: 'string'},
			superusers: {type: 'boolean'},
		},
		parse([word = '', ...more], flags) {
			const parse = Object.hasOwn(care, word) ? care[word] : undefined;
			if (parse === undefined) {
				throw new Error(`postgres knows ${Object.keys(care).join(', ')}`);
			}

			return parse(more, flags);
		},
	},
];
