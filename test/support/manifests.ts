import type {CatalogueBackup} from '../../src/domain/catalogue.ts';
import type {Manifest, ProofLevel, Verification} from '../../src/domain/manifest.ts';

/** A second of 2026 as the id of a backup: `idAt(Date.UTC(2026, 10, 20))`. */
export function idAt(atMs: number, random = 'a1b2c3d4'): string {
	return `${new Date(atMs).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z-${random}`;
}

/** A whole database manifest, with some changed. */
export function manifestOf(changes: Partial<Manifest> = {}): Manifest {
	const startedAt = changes.startedAt ?? '2026-11-20T09:30:00.000Z';
	return {
		version: 1,
		id: idAt(Date.parse(startedAt)),
		kind: 'database',
		series: 'pg-shop',
		startedAt,
		finishedAt: startedAt,
		hostname: 'db-1',
		machine: '0123abcd',
		environment: 'test',
		operator: {user: 'root', userId: 0},
		tool: '0.1.0',
		artefacts: [{name: 'dump.pgc', bytes: 1000, sha256: 'a'.repeat(64), format: 'pg-custom'}],
		durationMs: 10,
		database: {
			systemIdentifier: '7300000000000000001',
			database: 'shop',
			oid: 16_384,
			versionNumber: 150_018,
			dumpVersion: '15.18',
			encoding: 'UTF8',
			collate: 'C.UTF-8',
			ctype: 'C.UTF-8',
			owner: 'postgres',
			acl: [],
			connectionLimit: -1,
			settings: [],
			extensions: [],
			roles: ['postgres'],
			sizeBytes: 10_000,
			tables: [{schema: 'public', name: 'users', rows: 10, hash: '-42', bytes: 8192}],
			sequences: [{schema: 'public', name: 'users_id_seq', lastValue: '10'}],
			snapshot: '00000003-00000001-1',
			proof: 'hashes',
		},
		...changes,
	};
}

/** The result of a verification. */
export function verificationOf(
	backup: string,
	level: ProofLevel,
	changes: Partial<Verification> = {},
): Verification {
	return {
		backup,
		level,
		isGood: true,
		at: '2026-11-20T10:00:00.000Z',
		operation: '20261120T100000Z-00000000',
		durationMs: 5,
		detail: 'read',
		...changes,
	};
}

/** A backup of a catalogue, made at a time and proven to a level. */
export function backupAt(
	atMs: number,
	{level, ...changes}: Partial<CatalogueBackup> & {readonly level?: ProofLevel} = {},
): CatalogueBackup {
	const id = changes.id ?? idAt(atMs);
	const startedAt = new Date(atMs).toISOString();
	const series = changes.series ?? 'pg-shop';
	return {
		id,
		series,
		folder: `/backups/${series}/${id}`,
		manifest: manifestOf({id, series, startedAt, finishedAt: startedAt}),
		manifestSha256: 'b'.repeat(64),
		startedAtMs: atMs,
		finishedAtMs: atMs,
		bytes: 1000,
		isPinned: false,
		verifications: level === undefined ? [] : [verificationOf(id, level, {at: startedAt})],
		...changes,
	};
}
