import process from 'node:process';
import {run} from '../../src/cli.ts';
import type {ChangeCommand} from '../../src/work/command-table.ts';
import {mover} from './mover.ts';

/** The program with one more command, `move FOLDER`, whose operation knows only files. */
const move: ChangeCommand = {
	name: 'move',
	usage: [['move FOLDER', 'for tests']],
	options: {
		'fail-in': {type: 'string'},
		'wait-for': {type: 'string'},
		risk: {type: 'string'},
		hold: {type: 'string'},
	},
	parse([folder], flags) {
		if (folder === undefined) throw new Error('move needs a folder');
		const text = (name: string) => {
			const value = flags[name];
			return typeof value === 'string' ? value : undefined;
		};
		const failIn = text('fail-in');
		const waitFor = text('wait-for');
		const risk = text('risk');
		const hold = text('hold');
		return {
			operation: 'mover',
			request: {
				folder,
				...(failIn !== undefined && {failIn}),
				...(waitFor !== undefined && {waitFor}),
				...(risk !== undefined && {risk}),
				...(hold !== undefined && {hold}),
			},
		};
	},
};

const additions = {commands: [move], operations: {mover}};
process.exit(await run(process.argv.slice(2), additions));
