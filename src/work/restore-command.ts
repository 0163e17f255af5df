import type {ChangeCommand} from './command-table.ts';
import {postgresRestoreOptions, postgresRestores} from './postgres-commands.ts';

/** What can be restored, by the second word. Another area is one line here, and one in the options. */
const restores = {...postgresRestores};

/** `restore database|table|… ID`. */
export const restoreCommand: ChangeCommand = {
	name: 'restore',
	usage: [
		['restore database ID|latest', 'put a database back; the old one is kept for 72 hours'],
		['restore table ID|latest SCHEMA.TABLE', 'put a table of a backup beside the live one'],
		['restore schema ID|latest --schema NAME', 'the same for all tables of a schema'],
		['restore swap-back KEPT', 'undo a restore: the kept database comes back'],
		['restore drop-kept KEPT', 'delete a kept database'],
	],
	options: {...postgresRestoreOptions},
	parse([word = '', ...more], flags) {
		const parse = Object.hasOwn(restores, word) ? restores[word] : undefined;
		if (parse === undefined) throw new Error(`restore knows ${Object.keys(restores).join(', ')}`);
		return parse(more, flags);
	},
};
