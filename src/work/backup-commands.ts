import {dataBackups, dataOptions, type KindParser} from './data-commands.ts';
import type {ChangeCommand} from './command-table.ts';

/** What `backup KIND [NAME]` starts, by kind; another kind is one line here. */
const backupKinds: Readonly<Record<string, KindParser>> = {
	database(rest) {
		only(rest, 1);
		const [name] = rest;
		return {
			operation: 'backup-database',
			request: name === undefined ? {} : {database: name},
		};
	},
	all(rest) {
		only(rest, 0);
		return {operation: 'backup-everything', request: {}};
	},
	...dataBackups,
};

function only(positionals: readonly string[], most: number): void {
	const extra = positionals[most];
	if (extra !== undefined) throw new Error(`unexpected argument ${extra}`);
}

function needed(value: string | undefined, what: string): string {
	if (value === undefined) throw new Error(`${what} is missing`);
	return value;
}

/** `backup`, `verify`, `prune`, `pin` and `unpin`. */
export const backupCommands: readonly ChangeCommand[] = [
	{
		name: 'backup',
		usage: [
			['backup [database] [NAME]', 'back up a database; NAME where there are several'],
			['backup redis [SERVER]', 'back up the data of Redis'],
			['backup files [SET] [--folder PATH]', 'back up configuration and files'],
			['backup logs [PROJECT] [--days N]', 'archive the logs of the last days, 7 unless told'],
			['backup all', 'all of these, one after another; each is a job of its own'],
		],
		options: {days: dataOptions.days, folder: dataOptions.folder},
		parse(positionals, flags) {
			const [kind = 'database', ...rest] = positionals;
			const make = Object.hasOwn(backupKinds, kind) ? backupKinds[kind] : undefined;
			if (!make) throw new Error(`nothing called ${kind} can be backed up`);
			return make(rest, flags);
		},
	},
	{
		name: 'verify',
		usage: [
			['verify [ID|latest]', 'prove a backup: read it, restore it elsewhere, compare it'],
			['verify all', 'the newest of every series, one after another'],
			['  --level 0-4', 'how deep: present, checksums, read, restored (unless told), assertions'],
		],
		options: {level: {type: 'string'}},
		parse(positionals, flags) {
			only(positionals, 1);
			const {level = '3'} = flags;
			if (typeof level !== 'string' || !/^[0-4]$/.test(level)) {
				throw new Error('--level is a number from 0 to 4');
			}

			const [backup = 'latest'] = positionals;
			return {operation: 'verify-backup', request: {backup, level: Number(level)}};
		},
	},
	{
		name: 'prune',
		usage: [['prune', 'take out the backups that storage.retention no longer keeps']],
		parse(positionals) {
			only(positionals, 0);
			return {operation: 'prune-backups', request: {}};
		},
	},
	...(['pin', 'unpin'] as const).map((name): ChangeCommand => ({
		name,
		usage: [
			[
				`${name} ID`,
				name === 'pin' ? 'keep a backup for ever' : 'leave a pinned backup to retention again',
			],
		],
		parse(positionals) {
			only(positionals, 1);
			const backup = needed(positionals[0], 'the id of the backup');
			return {operation: `${name}-backup`, request: {backup}};
		},
	})),
];
