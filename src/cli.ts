import process from 'node:process';
import {parseArgs} from 'node:util';
import type {Flags} from '../config/load.ts';
import {crashStatus, describeCrash, watchCrashes} from './crash.ts';
import {withoutAbsent} from './domain/unknown.ts';
import type {LookCommand} from './look-commands.ts';
import type {Operation} from './operations/operation.ts';
import type {ChangeInvocation} from './program.ts';
import {parseIncident, parseReport, recordOptions, type RecordInvocation} from './record-words.ts';
import {
	changeOptions,
	commandTable,
	tableOptions,
	type ChangeCommand,
	type CommandFlags,
} from './work/command-table.ts';
import {usageWith} from './words/usage.ts';

/** Exit status for a wrong command line (sysexits). */
const usageStatus = 64;

const options = {
	help: {type: 'boolean', short: 'h'},
	version: {type: 'boolean', short: 'V'},
	config: {type: 'string', short: 'c'},
	system: {type: 'string'},
	environment: {type: 'string'},
	project: {type: 'string', multiple: true, short: 'p'},
	host: {type: 'string', short: 'H'},
	lang: {type: 'string'},
	json: {type: 'boolean'},
	ascii: {type: 'boolean'},
	'read-only': {type: 'boolean'},
	refresh: {type: 'string'},
	'to-time': {type: 'string'},
	force: {type: 'boolean'},
	output: {type: 'string', short: 'o'},
	...recordOptions,
	// What a runbook is about, and what a person answers.
	service: {type: 'string'},
	server: {type: 'string'},
	url: {type: 'string'},
	set: {type: 'string'},
	answer: {type: 'string', multiple: true},
	sign: {type: 'string'},
	...changeOptions,
} as const;

const commands = ['status', 'init', 'doctor'] as const;

/** A command that only looks at what operations made or could do. */
type LookInvocation = {readonly kind: 'look'; readonly command: LookCommand};

/** Commands around operations, and how many words they take at most. */
const jobCommands = {jobs: 0, attach: 1, cancel: 1, recover: 0, audit: 1} as const;

/** How this program starts itself to carry out, or to take up again, what was confirmed. */
const workerModes = {_worker: 'run', _recover: 'recover'} as const;

/** `runbook …`, `diagnose` and `check …`; their words are understood where they are carried out. */
type RunbookInvocation = {readonly kind: 'runbook'; readonly words: readonly string[]};

type Command =
	| (typeof commands)[number]
	| 'console'
	| ChangeInvocation
	| LookInvocation
	| RecordInvocation
	| RunbookInvocation;

/** What a test adds to the program: commands and their operations. */
export type Additions = {
	readonly commands?: readonly ChangeCommand[];
	readonly operations?: Readonly<Record<string, Operation>>;
};

/** What the command line asks for. */
export type Invocation = {
	readonly command: Command;
	readonly values: Values;
	/** All options, also those of single commands. */
	readonly flags: CommandFlags;
};

type Values = ReturnType<typeof parse>['values'];

function parse(argv: readonly string[], table: readonly ChangeCommand[]) {
	return parseArgs({
		args: [...argv],
		options: {...tableOptions(table), ...options},
		allowPositionals: true,
		strict: true,
	});
}

function isKey<T extends object>(table: T, key: string): key is Extract<keyof T, string> {
	return Object.hasOwn(table, key);
}

/** The command that a word means, with the words after it. */
function commandOf(
	word: string | undefined,
	more: readonly string[],
	{table, flags}: {readonly table: readonly ChangeCommand[]; readonly flags: CommandFlags},
): Command {
	const refuseFrom = (count: number): void => {
		const word = more[count];
		if (word !== undefined) throw new Error(`unexpected argument "${word}"`);
	};
	if (word === undefined) return 'console';
	if (word === 'backups') {
		refuseFrom(0);
		return {kind: 'look', command: 'backups'};
	}

	if (word === 'runbook' || word === 'diagnose' || word === 'check') {
		return {kind: 'runbook', words: [word, ...more]};
	}

	if (word === 'postgres' && more[0] === 'pitr') {
		refuseFrom(1);
		return {kind: 'look', command: 'pitr'};
	}

	if (word === 'schedule' && (more[0] ?? 'show') === 'show') {
		refuseFrom(1);
		return {kind: 'tell', command: 'schedule'};
	}

	if (word === 'notify') return notifyOf(more, refuseFrom);
	if (word === 'incident') return parseIncident(more, flags);
	if (word === 'report') return parseReport(more, flags);
	const change = table.find(({name}) => name === word);
	if (change) return {kind: 'change', command: change, positionals: more};
	if (isKey(jobCommands, word)) {
		refuseFrom(jobCommands[word]);
		if ((word === 'attach' || word === 'cancel') && more.length === 0) {
			throw new Error(`${word} needs the id of a job`);
		}

		if (word === 'audit' && !['verify', 'log', undefined].includes(more[0])) {
			throw new Error(`unknown word "${more[0] ?? ''}"; audit takes verify or log`);
		}

		return {kind: 'job', command: word, positionals: more};
	}

	if (word === '_notify') {
		refuseFrom(1);
		return {kind: 'notifier', folder: more[0] ?? ''};
	}

	if (isKey(workerModes, word)) {
		refuseFrom(1);
		return {kind: 'worker', mode: workerModes[word], folder: more[0] ?? ''};
	}

	refuseFrom(0);
	const command = commands.find(candidate => candidate === word);
	if (command !== undefined) return command;
	const known = [
		...commands,
		'backups',
		'runbook',
		'diagnose',
		'check',
		...table.map(({name}) => name),
		'notify',
		'incident',
		'report',
		...Object.keys(jobCommands),
	];
	throw new Error(`unknown command "${word}"; commands are ${known.join(', ')}`);
}

/** What `notify` is asked: a test of all ways or one, or what is overdue. */
function notifyOf(
	[what, id]: readonly string[],
	refuseFrom: (count: number) => void,
): ChangeInvocation {
	if (what !== 'test' && what !== 'overdue') {
		throw new Error(`unknown word "${what ?? ''}"; notify takes test or overdue`);
	}

	refuseFrom(what === 'test' ? 2 : 1);
	const command = what === 'test' ? 'notify-test' : 'notify-overdue';
	return {kind: 'tell', command, ...(id !== undefined && {id})};
}

/** Understands the command line; throws an Error with one line about what is wrong. */
export function parseInvocation(argv: readonly string[], additions: Additions = {}): Invocation {
	const table = [...commandTable, ...(additions.commands ?? [])];
	const {values, positionals} = parse(argv, table);
	const [word, ...more] = positionals;
	return {command: commandOf(word, more, {table, flags: values}), values, flags: values};
}

/** Whether characters beyond ASCII can be shown: a UTF-8 locale and a terminal with more than a console font. */
export function isPlainTerminal(
	environment: Readonly<Record<string, string | undefined>>,
): boolean {
	const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
	const term = environment['TERM'] ?? '';
	return !/utf-?8/i.test(locale) || /^(linux|vt\d+|dumb|ansi|cons25)?$/.test(term);
}

/** The options that belong to the configuration, as it names them. */
function flagsOf(values: Invocation['values']): Flags {
	return withoutAbsent({
		config: values.config,
		system: values.system,
		environment: values.environment,
		language: values.lang,
		refresh: values.refresh,
		readOnly: values['read-only'],
		dockerHost: values.host,
		projects: values.project,
	});
}

/** Runs the program with its arguments; resolves with the exit status. */
export async function run(argv: readonly string[], additions: Additions = {}): Promise<number> {
	// Everything that is written from here on (cache, reports) is for this user only.
	process.umask(0o077);
	const {env} = process;
	watchCrashes(error => {
		process.stderr.write(describeCrash(error));
		process.exit(crashStatus);
	});
	// A reader that went away (`opsconsole --help | head -1`) is no failure.
	process.stdout.on('error', () => undefined);
	process.stderr.on('error', () => undefined);
	if (env['NO_COLOR'] || env['TERM'] === 'dumb') env['FORCE_COLOR'] = '0';
	let invocation: Invocation;
	try {
		invocation = parseInvocation(argv, additions);
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error);
		process.stderr.write(`opsconsole: ${text.split('\n', 1)[0] ?? ''}\nTry: opsconsole --help\n`);
		return usageStatus;
	}

	const {command, values, flags} = invocation;
	if (values.help) {
		process.stdout.write(usageWith(commandTable.flatMap(({usage}) => usage)));
		return 0;
	}

	if (values.version) {
		const {version} = await import('./version.ts');
		process.stdout.write(`opsconsole ${version}\n`);
		return 0;
	}

	const isTerminal = process.stdout.isTTY && process.stdin.isTTY && env['TERM'] !== 'dumb';
	const isScreen = command === 'console' && isTerminal && !values.json;
	// From here on, so that keys that are typed while the program loads are not echoed but kept for it.
	if (isScreen) process.stdin.setRawMode(true);
	const {prepare} = await import('./prepare.ts');
	const prepared = await prepare(flagsOf(values));
	if ('errors' in prepared) {
		if (isScreen) process.stdin.setRawMode(false);
		process.stderr.write(`${prepared.errors.join('\n')}\n`);
		return usageStatus;
	}

	const {io, settings} = prepared;
	if (isScreen) {
		const {openConsole} = await import('./console.ts');
		const {operations: more} = additions;
		return openConsole({
			io,
			settings,
			isAscii: values.ascii ?? isPlainTerminal(env),
			flags,
			...(more && {more}),
		});
	}

	if (typeof command === 'object' && command.kind === 'look') {
		const {runLook} = await import('./look-commands.ts');
		return runLook(command.command, {io, settings, flags});
	}

	if (typeof command === 'object' && command.kind === 'incident') {
		const {runIncident} = await import('./incident-commands.ts');
		return runIncident(command, {io, settings, flags});
	}

	if (typeof command === 'object' && command.kind === 'report') {
		const {runReport} = await import('./report-commands.ts');
		return runReport(command, {io, settings, flags});
	}

	if (typeof command === 'object' && command.kind === 'runbook') {
		const {runRunbook} = await import('./runbook-commands.ts');
		return runRunbook(command.words, {io, settings, flags});
	}

	if (typeof command === 'object') {
		const {runProgram} = await import('./program.ts');
		const {operations: more} = additions;
		return runProgram(command, {io, settings, flags, ...(more && {more})});
	}

	const {runCommand} = await import('./commands.ts');
	return runCommand(command === 'console' ? 'status' : command, {io, settings, values});
}
