import type {ParseArgsOptionDescriptor} from 'node:util';
import {diskCommand, redisCommand} from './data-commands.ts';
import type {JsonValue} from '../domain/plan.ts';
import {postgresCommands} from './postgres-commands.ts';
import {restoreCommand} from './restore-command.ts';
import {serviceCommand} from './service-command.ts';
import {backupCommands} from './backup-commands.ts';
import {scheduleCommand} from './schedule-command.ts';

/** Options of the command line as they were given. */
export type CommandFlags = Readonly<
	Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>;

/** A command that changes something: its words, and how they become a request. */
export type ChangeCommand = {
	/** The word on the command line. */
	readonly name: string;
	/** Lines for --help: `backup [database|redis]` and what it does. */
	readonly usage: readonly (readonly [form: string, text: string])[];
	/** Options beside those that every such command has. */
	readonly options?: Readonly<Record<string, ParseArgsOptionDescriptor>>;
	/** Throws an Error with one line about what is wrong. */
	parse(
		positionals: readonly string[],
		flags: CommandFlags,
	): {readonly operation: string; readonly request: JsonValue};
};

/** Every command that changes something. One entry each; it imports no operation, so that the console starts fast. */
export const commandTable: readonly ChangeCommand[] = [
	...backupCommands,
	restoreCommand,
	...postgresCommands,
	redisCommand,
	diskCommand,
	serviceCommand,
	scheduleCommand,
];

/** Options of every command that changes something. */
export const changeOptions = {
	'dry-run': {type: 'boolean'},
	yes: {type: 'boolean', short: 'y'},
	confirm: {type: 'string'},
	op: {type: 'string'},
	auto: {type: 'boolean'},
	// Written by `schedule install`: nobody looks at what the command prints.
	scheduled: {type: 'boolean'},
} as const satisfies Readonly<Record<string, ParseArgsOptionDescriptor>>;

/** The options of the table's commands, beside those of all. */
export function tableOptions(
	table: readonly ChangeCommand[],
): Readonly<Record<string, ParseArgsOptionDescriptor>> {
	return Object.assign({}, ...table.map(({options = {}}) => options)) as Readonly<
		Record<string, ParseArgsOptionDescriptor>
	>;
}
