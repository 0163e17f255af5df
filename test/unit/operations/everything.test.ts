import {expect, test} from 'vitest';
import {exitStatuses, worstExitStatus} from '../../../src/domain/exit-status.ts';
import {noTargets} from '../../../src/domain/targets.ts';
import {createIo} from '../../../src/io/create-io.ts';
import {operations} from '../../../src/operations/index.ts';
import {partsOfEverything} from '../../../src/operations/everything.ts';
import {settingsOf} from '../../support/settings.ts';

const server = {host: '127.0.0.1', origin: 'host', tls: 'off'} as const;

test('every database but what restores put aside, every Redis, every set, and the logs', async () => {
	const io = createIo();
	const names = ['postgres', 'shop', 'shop__o_0123abcd', 'shop__n_0123abcd'];
	const parts = await partsOfEverything({
		io: {
			...io,
			postgres: ({id}) => ({
				query: () =>
					id === 'dead'
						? Promise.reject(new Error('refused'))
						: Promise.resolve(names.map(name => ({name}))),
				close: () => Promise.resolve(),
			}),
		},
		settings: settingsOf({
			fileSets: [{id: 'web', folder: '/srv/web'}],
			logs: [{id: 'x', service: 'x', format: 'auto', from: {kind: 'file', path: '/x.log'}}],
		}),
		targets: {
			...noTargets,
			postgres: [
				{...server, id: 'db', port: 5432, database: 'shop', user: 'u'},
				{...server, id: 'dead', port: 5433, database: 'old', user: 'u'},
			],
			redis: [{...server, id: 'cache', port: 6379}],
		},
		containers: [],
		folders: {backups: '/b', scratch: '/s', trash: '/t'},
		signal: new AbortController().signal,
	});
	expect(parts.map(({name}) => name)).toEqual([
		'backup-database db/postgres',
		'backup-database db/shop',
		'backup-database dead/old',
		'backup-redis cache',
		'backup-files web',
		'backup-logs',
	]);
	for (const {operation, request} of parts) {
		expect(operations[operation]?.parse(request)).toEqual(request);
	}
});

test('the worst exit status wins', () => {
	const {done, warnings, refused, failed, manual, busy} = exitStatuses;
	expect(worstExitStatus([])).toBe(done);
	expect(worstExitStatus([done, warnings, done])).toBe(warnings);
	expect(worstExitStatus([failed, refused, warnings])).toBe(failed);
	expect(worstExitStatus([manual, failed, busy])).toBe(manual);
	expect(worstExitStatus([done, 99])).toBe(99);
});
