import {expect, it} from 'vitest';
import {operations} from '../../../src/operations/index.ts';
import {backupCommands} from '../../../src/work/backup-commands.ts';

const parse = (line: string, flags = {}) => {
	const [name, ...positionals] = line.split(' ');
	const command = backupCommands.find(each => each.name === name);
	if (!command) throw new Error(`no command ${name ?? ''}`);
	return command.parse(positionals, flags);
};

it.each([
	['backup', 'backup-database', {}],
	['backup database', 'backup-database', {}],
	['backup database shop', 'backup-database', {database: 'shop'}],
	['verify', 'verify-backup', {backup: 'latest', level: 3}],
	[
		'verify 20261120T093000Z-a1b2c3d4',
		'verify-backup',
		{backup: '20261120T093000Z-a1b2c3d4', level: 3},
	],
	['prune', 'prune-backups', {}],
	['pin latest', 'pin-backup', {backup: 'latest'}],
	['unpin latest', 'unpin-backup', {backup: 'latest'}],
])('%s starts %s', (line, operation, request) => {
	expect(parse(line)).toEqual({operation, request});
	expect(operations[operation]?.parse(request)).toEqual(
		operation === 'prune-backups' ? {} : request,
	);
});

it.each(['backup cassette', 'backup database a b', 'verify a b', 'prune all', 'pin'])(
	'%s is refused',
	line => {
		expect(() => parse(line)).toThrow();
	},
);

it('the level of a verification is a number from 0 to 4', () => {
	expect(parse('verify', {level: '1'}).request).toEqual({backup: 'latest', level: 1});
	expect(() => parse('verify', {level: '5'})).toThrow();
});
