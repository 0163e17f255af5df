import type {ChangeCommand} from './command-table.ts';
import {dataOptions, dataRestores, type KindParser} from './data-commands.ts';
import {postgresRestoreOptions, postgresRestores} from './postgres-commands.ts';

/** What can be restored, by the second word. Another area is one line here, and one in the options. */
const restores: Readonly<Record<string, KindParser>> = {...postgresRestores, ...dataRestores};

/** `restore database|table|… ID`. */
export const restoreCommand: ChangeCommand = {
	name: 'restore',
	usage: [
		['restore database ID|latest', 'put a database back; the old one is kept for 72 hours'],
		['restore table ID|latest SCHEMA.TABLE', 'put a table of a backup beside the live one'],
		['restore schema ID|latest --schema NAME', 'the same for all tables of a schema'],
		['restore swap-back KEPT', 'undo a restore: the kept database comes back'],
		['restore drop-kept KEPT', 'delete a kept database'],
		['restore redis ID [SERVER]', 'put the data of Redis back; the old data is backed up first'],
		['restore files ID [--only GLOB]', 'put files back, each whole or not at all'],
	],
	options: {...postgresRestoreOptions, ...dataOptions},
	parse([word = '', ...more], flags) {
		const parse = Object.hasOwn(restores, word) ? restores[word] : undefined;
		if (parse === undefined) throw new Error(`restore knows ${Object.keys(restores).join(', ')}`);
		return parse(more, flags);
	},
};
