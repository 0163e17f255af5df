import {clean} from '../../domain/clean.ts';
import type {DatabaseFacts} from '../../domain/manifest.ts';
import type {Problem} from '../../domain/problem.ts';
import type {ProblemCode} from '../../words/index.ts';
import type {ServerFacts} from './server-facts.ts';

/** What is asked for, as far as it decides whether a restore may begin. */
export type RestoreWish = {
	readonly database: string;
	readonly properties: 'live' | 'backup';
	/** The operator knows that the backup comes from another server. */
	readonly isForeignAccepted: boolean;
};

/** The most old databases of one name that may be kept at a time. */
export const maxKept = 3;

function refusal(code: ProblemCode, params: Problem['params'] = {}): Problem {
	return {code, params, retry: 'rarely'};
}

function names(list: readonly string[]): string {
	const shown = list.slice(0, 8).map(name => clean(name, 80));
	return list.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}

/** The major version of `server_version_num`: 15 of 150018. */
export function majorOf(versionNumber: number): number {
	return Math.floor(versionNumber / 10_000);
}

/** The major version in a text such as `pg_dump (PostgreSQL) 15.18 (Debian …)`; undefined where there is none. */
export function majorInText(text: string): number | undefined {
	const found = /(\d+)(?:\.\d+|devel|beta\d+|rc\d+)/.exec(text);
	return found ? Number(found[1]) : undefined;
}

type Check = (facts: ServerFacts, backup: DatabaseFacts, wish: RestoreWish) => Problem | undefined;

const isStandby: Check = ({isStandby}) => (isStandby ? refusal('restore-standby') : undefined);

const otherServer: Check = (facts, backup, {isForeignAccepted}) =>
	backup.systemIdentifier === facts.systemIdentifier || isForeignAccepted
		? undefined
		: refusal('restore-other-server', {
				from: backup.systemIdentifier,
				here: facts.systemIdentifier,
			});

/** `pg_restore` begins with `SET transaction_timeout` since this version, which no older server knows. */
const firstWithTimeout = 17;

/** Whether what a version of `pg_dump` wrote can be loaded into a server that is not older than the dumped one. */
export function canLoad(program: number, server: number): boolean {
	return program < firstWithTimeout || server >= firstWithTimeout;
}

/** The major version of the `pg_dump` that made a backup. */
export function programMajorOf({
	dumpVersion,
	versionNumber,
}: Pick<DatabaseFacts, 'dumpVersion' | 'versionNumber'>): number {
	return majorInText(dumpVersion) ?? majorOf(versionNumber);
}

// A newer pg_dump alone is no reason: a server may have been dumped by programs newer than itself, and what cannot be
// loaded for another reason is found before anything is swapped.
const olderServer: Check = (facts, backup) => {
	const server = majorOf(backup.versionNumber);
	const program = programMajorOf(backup);
	const here = majorOf(facts.versionNumber);
	if (here < server) return refusal('restore-older-server', {dumped: server, here});
	return canLoad(program, here)
		? undefined
		: refusal('restore-older-server', {dumped: program, here});
};

const rights: Check = facts => {
	if (facts.isSuperuser) {
		return undefined;
	}
	const user = clean(facts.user, 80);
	if (!facts.mayCreateDatabases) {
		return refusal('restore-no-createdb', {user});
	}
	return facts.live !== undefined && facts.live.owner !== facts.user
		? refusal('restore-not-owner', {user, owner: clean(facts.live.owner, 80)})
		: undefined;
};

const protectedNames: Check = ({live}, _backup, {database}) =>
	live?.isTemplate === true || /^template[01]$/.test(database)
		? refusal('restore-template', {database: clean(database, 80)})
		: undefined;

const closed: Check = ({live}, _backup, {database}) =>
	live?.allowsConnections === false
		? refusal('restore-closed', {database: clean(database, 80)})
		: undefined;

const prepared: Check = ({live}) =>
	live !== undefined && live.preparedTransactions.length > 0
		? refusal('restore-prepared', {
				count: live.preparedTransactions.length,
				names: names(live.preparedTransactions),
			})
		: undefined;

const slots: Check = ({live}) =>
	live !== undefined && live.slots.length > 0
		? refusal('restore-slots', {names: names(live.slots)})
		: undefined;

const subscriptions: Check = ({live}) =>
	live !== undefined && live.subscriptions > 0
		? refusal('restore-subscriptions', {count: live.subscriptions})
		: undefined;

const roles: Check = (facts, backup, {properties}) => {
	const known = new Set(facts.roles);
	const wanted = [
		...backup.roles,
		...(properties === 'backup' || facts.live === undefined
			? [backup.owner, ...backup.settings.map(({role}) => role)]
			: []),
	];
	const missing = [...new Set(wanted)].filter(role => role !== '' && !known.has(role));
	return missing.length > 0 ? refusal('restore-no-roles', {names: names(missing)}) : undefined;
};

const extensions: Check = (facts, backup) => {
	const known = new Set(facts.extensions.map(({name}) => name));
	const missing = backup.extensions.map(({name}) => name).filter(name => !known.has(name));
	return missing.length > 0 ? refusal('restore-no-extensions', {names: names(missing)}) : undefined;
};

// Names of locales are written in many ways: `en_US.utf8`, `en_US.UTF-8`.
function plainLocale(name: string): string {
	return name.toLowerCase().replace(/[^a-z0-9@_]/g, '');
}

const locale: Check = (facts, backup) => {
	const known = new Set(['c', 'posix', 'cutf8', ...facts.collations.map(plainLocale)]);
	const missing = [...new Set([backup.collate, backup.ctype])].filter(
		name => name !== '' && !known.has(plainLocale(name)),
	);
	// The live database is proof enough that the server can make one like it.
	return facts.live !== undefined || missing.length === 0
		? undefined
		: refusal('restore-no-locale', {names: names(missing)});
};

const encoding: Check = ({live}, backup) =>
	live !== undefined && live.encoding !== backup.encoding && live.encoding !== 'UTF8'
		? refusal('restore-encoding', {here: live.encoding, backup: backup.encoding})
		: undefined;

const checks: readonly Check[] = [
	isStandby,
	protectedNames,
	otherServer,
	olderServer,
	rights,
	closed,
	prepared,
	slots,
	subscriptions,
	roles,
	extensions,
	locale,
	encoding,
];

/** Everything that speaks against a restore, most important first; empty where nothing does. Reads only its arguments. */
export function judgeRestore(
	facts: ServerFacts,
	backup: DatabaseFacts,
	wish: RestoreWish,
): readonly Problem[] {
	return checks.flatMap(check => check(facts, backup, wish) ?? []);
}

const noBackup: DatabaseFacts = {
	systemIdentifier: '',
	database: '',
	oid: 0,
	versionNumber: 0,
	dumpVersion: '',
	encoding: '',
	collate: '',
	ctype: '',
	owner: '',
	acl: [],
	connectionLimit: -1,
	settings: [],
	extensions: [],
	roles: [],
	sizeBytes: 0,
	tables: [],
	sequences: [],
	snapshot: '',
	proof: 'counts',
};

const moveChecks: readonly Check[] = [
	isStandby,
	protectedNames,
	rights,
	closed,
	prepared,
	slots,
	subscriptions,
];

/** Everything that speaks against giving a database another name; empty where nothing does. */
export function judgeMove(facts: ServerFacts, database: string): readonly Problem[] {
	const wish = {database, properties: 'live', isForeignAccepted: true} as const;
	return moveChecks.flatMap(check => check(facts, noBackup, wish) ?? []);
}

const tableChecks: readonly Check[] = [
	isStandby,
	otherServer,
	olderServer,
	rights,
	closed,
	extensions,
	encoding,
];

/** Everything that speaks against restoring tables beside the live ones; empty where nothing does. */
export function judgeTable(
	facts: ServerFacts,
	backup: DatabaseFacts,
	wish: RestoreWish,
): readonly Problem[] {
	return tableChecks.flatMap(check => check(facts, backup, wish) ?? []);
}
