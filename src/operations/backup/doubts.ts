import {median} from '../../domain/backup-set.ts';
import {lineageOf, proofOf, type CatalogueBackup} from '../../domain/catalogue.ts';
import {formatBytes} from '../../domain/format.ts';
import type {Manifest} from '../../domain/manifest.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';

/** The newest so many verified backups of a lineage say what is usual. */
const usualCount = 5;

type Sizes = {readonly bytes: number; readonly tables: number; readonly rows: number};

function sizesOf({artefacts, database}: Manifest): Sizes {
	const tables = database?.tables ?? [];
	return {
		bytes: artefacts.reduce((sum, {bytes}) => sum + bytes, 0),
		tables: tables.length,
		rows: tables.reduce((sum, {rows}) => sum + rows, 0),
	};
}

/** What the newest verified backups of this lineage were like; undefined where there are none. */
function usualSizes(
	manifest: Manifest,
	backups: readonly CatalogueBackup[],
): {readonly [Name in keyof Sizes]: number | undefined} {
	const lineage = lineageOf({series: manifest.series, manifest});
	const sizes = backups
		.filter(
			backup =>
				lineageOf(backup) === lineage &&
				(proofOf(backup.verifications).level ?? 0) >= 2 &&
				backup.manifest.isSuspicious !== true,
		)
		.slice(0, usualCount)
		.map(backup => sizesOf(backup.manifest));
	return {
		bytes: median(sizes.map(({bytes}) => bytes)),
		tables: median(sizes.map(({tables}) => tables)),
		rows: median(sizes.map(({rows}) => rows)),
	};
}

/** Another server than the one whose backup is the newest of the series: perhaps a new, empty one under the old name. */
function otherServer(manifest: Manifest, backups: readonly CatalogueBackup[]): readonly Phrase[] {
	const newest = backups.find(({series}) => series === manifest.series)?.manifest.database;
	const own = manifest.database;
	// What was imported comes from no known server.
	if (!newest || !own || newest.systemIdentifier === '0') return [];
	const params = {from: newest.systemIdentifier, here: own.systemIdentifier};
	return params.from === params.here ? [] : [{code: 'warn-backup-other-server', params}];
}

/**
 * What makes a new backup suspicious beside those there are (`backups`, the newest first): it is less than half of what is
 * usual, by its size or its tables; all rows are gone; it is of another server. Fault row B14. Empty: nothing does.
 */
export function doubtsOf(
	manifest: Manifest,
	backups: readonly CatalogueBackup[],
): readonly Phrase[] {
	const {bytes, tables, rows} = sizesOf(manifest);
	const usual = usualSizes(manifest, backups);
	const doubts: Phrase[] = [...otherServer(manifest, backups)];
	if (usual.bytes !== undefined && bytes < usual.bytes / 2) {
		const params = {size: formatBytes(bytes), usual: formatBytes(usual.bytes)};
		doubts.push({code: 'warn-backup-suspicious', params});
	}

	if (usual.tables !== undefined && tables < usual.tables / 2) {
		doubts.push({
			code: 'warn-backup-tables',
			params: {count: tables, usual: Math.round(usual.tables)},
		});
	}

	if (usual.rows !== undefined && usual.rows > 0 && rows === 0 && tables > 0) {
		doubts.push({code: 'warn-backup-rows', params: {usual: Math.round(usual.rows)}});
	}

	return doubts;
}
