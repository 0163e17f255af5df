import {isWithinBudget} from './json-budget.ts';
import {canonicalJson} from './canonical-json.ts';
import type {Manifest, Verification} from './manifest.ts';
import {amount, flag, integer, list, matching, oneOf, record, ShapeError, text} from './shape.ts';
import type {Shape} from './shape.ts';
import {isObject} from './unknown.ts';

/** The id of a backup, which is that of the operation that made it: time in UTC and eight random digits. */
export const backupIdPattern = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/** Name of a series, and of its folder: nothing that could leave the catalogue's folder or hide in it. */
export const seriesPattern = /^[\w@%-][\w@%.-]{0,239}$/;

const sha256 = matching(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal');
const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/, 'a time in UTC');
const id = matching(backupIdPattern, 'the id of a backup');
const fileName = matching(/^[\w-][\w.-]{0,99}$/, 'the name of a file');
const count = integer(0);
const hash = matching(/^-?\d{1,60}$/, 'a sum of hashes');

const operator = record(
	{user: text(200), userId: count},
	{
		login: text(200),
		sudoUser: text(200),
		ssh: text(200),
		terminal: text(200),
		isUnverified: flag,
	},
);

const artefact = record({
	name: fileName,
	bytes: count,
	sha256,
	format: oneOf('pg-custom', 'sql', 'rdb', 'tar', 'json', 'gzip'),
});

const table = record({schema: text(300), name: text(300), rows: count, bytes: count}, {hash});

const database = record(
	{
		systemIdentifier: matching(/^\d{1,20}$/, 'a system identifier'),
		database: text(300),
		oid: count,
		versionNumber: count,
		dumpVersion: text(200),
		encoding: text(100),
		collate: text(200),
		ctype: text(200),
		owner: text(300),
		acl: list(text()),
		connectionLimit: integer(),
		settings: list(record({role: text(300), setting: text()})),
		extensions: list(record({name: text(300), version: text(200)})),
		roles: list(text(300)),
		sizeBytes: count,
		tables: list(table),
		sequences: list(
			record(
				{
					schema: text(300),
					name: text(300),
					lastValue: matching(/^(?:-?\d{1,20})?$/, 'a sequence value'),
				},
				{isDescending: flag},
			),
		),
		snapshot: text(200),
		proof: oneOf('counts', 'hashes', 'column-hashes'),
	},
	{
		comment: text(),
		archiveEntries: count,
		largeObjects: count,
		unvalidatedConstraints: count,
		image: text(300),
	},
);

const redis = record({
	version: text(100),
	rdbVersion: count,
	runId: text(100),
	databases: list(record({index: count, keys: count, expires: count})),
	usedMemoryBytes: amount,
	isAofEnabled: flag,
	saveRules: text(),
	evictionPolicy: text(100),
	maxMemoryBytes: amount,
});

const file = record(
	{
		path: text(),
		origin: text(),
		type: oneOf('file', 'folder', 'link'),
		bytes: count,
		mode: count,
		userId: count,
		groupId: count,
		modifiedAtMs: amount,
	},
	{sha256, link: text(), isSecret: flag},
);

const manifest = record(
	{
		version: oneOf(1),
		id,
		kind: oneOf('database', 'redis', 'files', 'logs'),
		series: matching(seriesPattern, 'the name of a series'),
		startedAt: time,
		finishedAt: time,
		hostname: text(300),
		machine: text(100),
		environment: text(300),
		operator,
		tool: text(100),
		artefacts: list(artefact, 1000),
		durationMs: amount,
	},
	{
		project: text(300),
		database,
		redis,
		files: list(file),
		isSuspicious: flag,
		isSafety: flag,
		note: text(),
	},
);

const verification = record({
	backup: id,
	level: oneOf(0, 1, 2, 3, 4),
	isGood: flag,
	at: time,
	operation: id,
	durationMs: amount,
	detail: text(),
});

/** Largest manifest that is read, in bytes: some hundred thousand tables or files. */
export const maxManifestBytes = 64 * 1024 * 1024;

/** A later version of opsconsole wrote it in a form that this one does not know. */
export class VersionError extends Error {
	constructor(version: number) {
		super(`version ${version} is not known`);
		this.name = 'VersionError';
	}
}

/** A hundred thousand files or tables with all they have; far deeper than any manifest. */
const budget = {depth: 16, values: 2_000_000};

function parsed(json: string): unknown {
	if (!isWithinBudget(json, budget)) throw new ShapeError('', 'small enough to be read');
	try {
		return JSON.parse(json);
	} catch {
		throw new ShapeError('', 'JSON');
	}
}

/** Each kind of backup has its own facts; without them it could not be verified or restored. */
function checkKind(value: Manifest): void {
	const {kind} = value;
	if (kind === 'database' && !value.database) throw new ShapeError('database', 'there');
	if (kind === 'redis' && !value.redis) throw new ShapeError('redis', 'there');
	if ((kind === 'files' || kind === 'logs') && !value.files) throw new ShapeError('files', 'there');
	const names = value.artefacts.map(({name}) => name);
	if (names.length === 0 || new Set(names).size < names.length) {
		throw new ShapeError('artefacts', 'a list of different files');
	}
}

/** Reads a manifest. Throws a VersionError for a later major version, else a ShapeError that names the place. */
export function parseManifest(json: string): Manifest {
	const value = parsed(json);
	const version = isObject(value) ? value['version'] : undefined;
	if (typeof version === 'number' && version !== 1) throw new VersionError(version);
	const checked: Manifest = manifest(value, '');
	checkKind(checked);
	return checked;
}

/** Reads the result of a verification; throws a ShapeError that names the place. */
export function parseVerification(json: string): Verification {
	const check: Shape<Verification> = verification;
	return check(parsed(json), '');
}

/** The text of a manifest's file; throws a ShapeError where it could not be read again. */
export function manifestText(value: Manifest): string {
	const written = canonicalJson(value);
	parseManifest(written);
	return written;
}

/** The text of a verification's file; throws a ShapeError where it could not be read again. */
export function verificationText(value: Verification): string {
	const written = canonicalJson(value);
	parseVerification(written);
	return written;
}
