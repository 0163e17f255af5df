import {userInfo} from 'node:os';
import {isAbsolute, resolve} from 'node:path';
import process from 'node:process';
import type {ChangeCommand, CommandFlags} from './command-table.ts';

/** The options of the configuration that a job needs as well, with a file named from the root on. */
function configurationOf(flags: CommandFlags): readonly string[] {
	const names = ['config', 'system', 'environment', 'project', 'host', 'lang'] as const;
	return names.flatMap(name =>
		[flags[name] ?? []].flat().map(value => {
			const text = String(value);
			return `--${name}=${name === 'config' && !isAbsolute(text) ? resolve(text) : text}`;
		}),
	);
}

/** How a job starts this very program: Node, its options, the file, and the options of the configuration. */
export function scheduleProgram(flags: CommandFlags): {
	readonly argv: readonly string[];
	readonly workFolder: string;
	readonly user: string;
} {
	return {
		argv: [
			process.execPath,
			...process.execArgv,
			resolve(process.argv[1] ?? ''),
			...configurationOf(flags),
		],
		workFolder: process.cwd(),
		user: userInfo().username,
	};
}

/** Where the options of the command line say that a schedule is. */
export function schedulePlace(flags: CommandFlags): {
	readonly form?: string;
	readonly folder?: string;
} {
	const {form, folder} = flags;
	return {
		...(typeof form === 'string' && {form}),
		...(typeof folder === 'string' && {folder: resolve(folder)}),
	};
}

/** `schedule install` and `schedule remove`; `schedule show` changes nothing and is a command of its own. */
export const scheduleCommand: ChangeCommand = {
	name: 'schedule',
	usage: [
		['schedule [show]', 'the jobs of the configuration: installed? last, next and missed runs'],
		['schedule install', 'let systemd or cron run them (--form systemd|cron)'],
		['schedule remove', 'take them out again'],
	],
	options: {form: {type: 'string'}, folder: {type: 'string'}},
	parse([word, ...more], flags) {
		if (more.length > 0) throw new Error(`unexpected argument "${more[0] ?? ''}"`);
		const place = schedulePlace(flags);
		if (word === 'remove') return {operation: 'remove-schedule', request: place};
		if (word === 'install') {
			return {operation: 'install-schedule', request: {...place, ...scheduleProgram(flags)}};
		}

		throw new Error(`unknown word "${word ?? ''}"; schedule takes show, install or remove`);
	},
};
