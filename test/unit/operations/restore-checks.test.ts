import {describe, expect, it} from 'vitest';
import type {DatabaseFacts} from '../../../src/domain/manifest.ts';
import {
	canLoad,
	judgeMove,
	judgeRestore,
	majorInText,
} from '../../../src/operations/postgres/pre-checks.ts';
import type {LiveDatabase, ServerFacts} from '../../../src/operations/postgres/server-facts.ts';

const live: LiveDatabase = {
	oid: 1,
	owner: 'app',
	connectionLimit: -1,
	settings: [],
	allowsConnections: true,
	isTemplate: false,
	sizeBytes: 1,
	encoding: 'UTF8',
	collate: 'C',
	ctype: 'C',
	tablespace: 'pg_default',
	sessions: [],
	preparedTransactions: [],
	slots: [],
	subscriptions: 0,
};
const server: ServerFacts = {
	versionNumber: 150_018,
	systemIdentifier: '7',
	isStandby: false,
	user: 'postgres',
	port: 5432,
	isSuperuser: true,
	mayCreateDatabases: true,
	dataFolder: '/data',
	maxWalBytes: 1,
	isArchiving: false,
	archiveFailures: 0,
	roles: ['postgres', 'app'],
	extensions: [{name: 'plpgsql', versions: ['1.0']}],
	collations: ['de_DE.utf8'],
	databases: [],
	live,
};
const backup: DatabaseFacts = {
	systemIdentifier: '7',
	database: 'shop',
	oid: 1,
	versionNumber: 150_018,
	dumpVersion: 'pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)',
	encoding: 'UTF8',
	collate: 'de_DE.UTF-8',
	ctype: 'C',
	owner: 'app',
	acl: [],
	connectionLimit: -1,
	settings: [],
	extensions: [{name: 'plpgsql', version: '1.0'}],
	roles: ['app'],
	sizeBytes: 1,
	tables: [],
	sequences: [],
	snapshot: '',
	proof: 'hashes',
};
const wish = {database: 'shop', properties: 'live', isForeignAccepted: false} as const;
const {live: _live, ...withoutLive} = server;

describe('what speaks against a restore', () => {
	it('is nothing where everything fits', () => {
		expect(judgeRestore(server, backup, wish)).toEqual([]);
		expect(judgeRestore(withoutLive, backup, wish)).toEqual([]);
	});

	it.each<[string, Partial<ServerFacts>, Partial<DatabaseFacts>]>([
		['restore-standby', {isStandby: true}, {}],
		['restore-template', {live: {...live, isTemplate: true}}, {}],
		['restore-other-server', {}, {systemIdentifier: '8'}],
		['restore-older-server', {}, {versionNumber: 160_001}],
		['restore-older-server', {}, {dumpVersion: 'pg_dump (PostgreSQL) 17.2'}],
		['restore-no-createdb', {isSuperuser: false, mayCreateDatabases: false}, {}],
		['restore-not-owner', {isSuperuser: false}, {}],
		['restore-closed', {live: {...live, allowsConnections: false}}, {}],
		['restore-prepared', {live: {...live, preparedTransactions: ['x']}}, {}],
		['restore-slots', {live: {...live, slots: ['x']}}, {}],
		['restore-subscriptions', {live: {...live, subscriptions: 1}}, {}],
		['restore-no-roles', {}, {roles: ['gone']}],
		['restore-no-extensions', {}, {extensions: [{name: 'postgis', version: '3'}]}],
		['restore-encoding', {live: {...live, encoding: 'LATIN1'}}, {}],
	])('is %s', (code, there, what) => {
		const found = judgeRestore({...server, ...there}, {...backup, ...what}, wish);
		expect(found.map(problem => problem.code)).toEqual([code]);
	});

	it('is not a program that was newer than its server, while the server can load what it writes', () => {
		const older = {...server, versionNumber: 130_016};
		const dumped = {...backup, versionNumber: 130_016};
		expect(judgeRestore(older, dumped, wish)).toEqual([]);
		expect(canLoad(17, 16)).toBe(false);
		expect(canLoad(16, 12)).toBe(true);
		expect(canLoad(18, 17)).toBe(true);
	});

	it('asks for roles and locale of the manifest where there is no live database to go by', () => {
		const missing = {...backup, owner: 'gone', collate: 'fr_FR.utf8'};
		expect(judgeRestore(withoutLive, missing, wish).map(({code}) => code)).toEqual([
			'restore-no-roles',
			'restore-no-locale',
		]);
	});

	it('looks at less where only names are changed', () => {
		expect(judgeMove(server, 'shop')).toEqual([]);
		expect(judgeMove({...server, isStandby: true}, 'shop')[0]?.code).toBe('restore-standby');
	});

	it('reads versions as programs tell them', () => {
		expect(majorInText('pg_restore (PostgreSQL) 17beta1')).toBe(17);
		expect(majorInText('nothing')).toBeUndefined();
	});
});
