import {backupIdPattern} from './manifest-json.ts';
import type {Manifest, ProofLevel, Verification} from './manifest.ts';
import {canonicalJson} from './canonical-json.ts';
import {matching, oneOf, record, text, type Shape} from './shape.ts';

/**
 * The catalogue on the disk, one folder of mode 0700 that only opsconsole writes to:
 *
 *     .opsconsole                          marker with the format's version and the catalogue's id
 *     <series>/<id>.part/                  being written
 *     <series>/<id>/                       published by one rename; manifest.json is written last
 *     <series>/<id>.pin                    the backup is never deleted
 *     verify/<id>.<level>-<operation>.json results of verifications, one file each, never changed
 *     .trash/<operation>.<series>.<id>/    taken out by that run of retention, deleted by a later one
 */
export const names = {
	marker: '.opsconsole',
	manifest: 'manifest.json',
	manifestSum: 'manifest.sha256',
	verify: 'verify',
	/** What services said before and after something was done to them: no backups. */
	evidence: 'evidence',
	trash: '.trash',
	part: '.part',
	pin: '.pin',
} as const;

/** The marker of a catalogue: without it nothing is deleted from a folder. */
export type Marker = {readonly version: 1; readonly id: string; readonly createdAt: string};

const markerShape: Shape<Marker> = record({
	version: oneOf(1),
	id: matching(backupIdPattern, 'an id'),
	createdAt: text(50),
});

/** Reads a marker; throws a ShapeError where it is none, or one of a later format. */
export function parseMarker(json: string): Marker {
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		value = undefined;
	}

	return markerShape(value, '');
}

/** The text of a new marker; the id is that of the operation that makes it. */
export function markerText(id: string, createdAtMs: number): string {
	return canonicalJson({version: 1, id, createdAt: new Date(createdAtMs).toISOString()});
}

/** One published backup as the catalogue's folder shows it. */
export type CatalogueBackup = {
	readonly id: string;
	readonly series: string;
	/** Its folder, absolute. */
	readonly folder: string;
	readonly manifest: Manifest;
	readonly manifestSha256: string;
	readonly startedAtMs: number;
	readonly finishedAtMs: number;
	/** All artefacts together. */
	readonly bytes: number;
	readonly isPinned: boolean;
	/** In the order of their times. */
	readonly verifications: readonly Verification[];
};

/** A folder that looks like a backup and is none. */
export type DamagedBackup = {
	readonly series: string;
	readonly id: string;
	/** Which part is not as it should be, for the operator; cleaned. */
	readonly cause: string;
};

/** A folder in the trash. `sinceMs` comes from the id of the operation that moved it there. */
export type TrashedBackup = {
	readonly name: string;
	readonly operation: string;
	readonly series: string;
	readonly id: string;
	readonly sinceMs: number;
};

/** Everything that is known of a catalogue without reading an artefact. */
export type Catalogue = {
	readonly folder: string;
	/** Absent: the folder was never used for backups, or the marker cannot be read (then `isForeign`). */
	readonly marker?: Marker;
	/** There is a marker that this version does not understand. */
	readonly isForeign: boolean;
	/** Newest first. */
	readonly backups: readonly CatalogueBackup[];
	readonly damaged: readonly DamagedBackup[];
	/** Folders that end in `.part`: being written, or left by a crash. */
	readonly unfinished: readonly {readonly series: string; readonly id: string}[];
	readonly trash: readonly TrashedBackup[];
	/** Files, links and folders that are not the catalogue's; never touched. */
	readonly foreignCount: number;
	/** There was more than is read; then nothing is deleted. */
	readonly isTruncated: boolean;
};

/** How far a backup is proven now. */
export type Proof = {
	/** Highest level that was proven and not refuted since; absent: none. */
	readonly level?: ProofLevel;
	/** When that was. */
	readonly atMs?: number;
	/** A verification that failed and was not followed by a good one of its level or higher. */
	readonly failure?: Verification;
};

/**
 * What the verifications of a backup prove together. A failed one takes back what was proven before at its level and
 * above (a checksum that is wrong now makes an earlier restore worthless); a good one of that level or higher later on
 * clears the failure.
 */
export function proofOf(verifications: readonly Verification[]): Proof {
	const inOrder = verifications.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
	const failure = inOrder.findLast(
		(result, index) =>
			!result.isGood &&
			!inOrder.slice(index + 1).some(later => later.isGood && later.level >= result.level),
	);
	const standing = inOrder.filter(
		(result, index) =>
			result.isGood &&
			!inOrder.slice(index + 1).some(later => !later.isGood && later.level <= result.level),
	);
	const level = Math.max(...standing.map(result => result.level));
	const best = standing.findLast(result => result.level === level);
	return {
		...(best && {level: best.level, atMs: Date.parse(best.at)}),
		...(failure && {failure}),
	};
}

/**
 * What a backup is a copy of, beyond the name of its series: PostgreSQL cluster and major version. Backups of another
 * lineage never count as redundancy of this one.
 */
export function lineageOf({
	series,
	manifest,
}: Pick<CatalogueBackup, 'series' | 'manifest'>): string {
	const {database} = manifest;
	if (!database) return series;
	return `${series} ${database.systemIdentifier} ${Math.floor(database.versionNumber / 10_000)}`;
}

const encoder = new TextEncoder();

/** A name from outside as a part of a file name: letters, digits, `_` and `-` stay, all else becomes `%` and its bytes. */
export function fileNameOf(name: string): string {
	return Array.from(name, character =>
		/^[\w-]$/.test(character)
			? character
			: Array.from(
					encoder.encode(character),
					byte => `%${byte.toString(16).padStart(2, '0')}`,
				).join(''),
	).join('');
}

/** Time of an operation's or backup's id, in ms; undefined where it is none. */
export function timeOfId(id: string): number | undefined {
	if (!backupIdPattern.test(id)) return undefined;
	const [, year, month, day, hour, minute, second] =
		/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(id) ?? [];
	const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	return Number.isNaN(at) ? undefined : at;
}

/** The places of one backup. All absolute where `folder` is. */
export type BackupPlace = {
	readonly folder: string;
	readonly series: string;
	readonly id: string;
};

/** Where a backup is while it is written. */
export function partFolder({folder, series, id}: BackupPlace): string {
	return `${folder}/${series}/${id}${names.part}`;
}

/** Where a published backup is. */
export function backupFolder({folder, series, id}: BackupPlace): string {
	return `${folder}/${series}/${id}`;
}

/** The file that pins a backup. */
export function pinFile({folder, series, id}: BackupPlace): string {
	return `${folder}/${series}/${id}${names.pin}`;
}

/** The file of one verification's result. */
export function verificationFile(
	folder: string,
	{backup, level, operation}: Pick<Verification, 'backup' | 'level' | 'operation'>,
): string {
	return `${folder}/${names.verify}/${backup}.${level}-${operation}.json`;
}

/** Where retention moves a backup to. */
export function trashFolder({folder, series, id}: BackupPlace, operation: string): string {
	return `${folder}/${names.trash}/${operation}.${series}.${id}`;
}

/** Reads the name of a folder in the trash; undefined where it is not ours. */
export function parseTrashName(name: string): TrashedBackup | undefined {
	const parts = /^(\d{8}T\d{6}Z-[0-9a-f]{8})\.(.+)\.(\d{8}T\d{6}Z-[0-9a-f]{8})$/.exec(name);
	const [, operation = '', series = '', id = ''] = parts ?? [];
	const sinceMs = timeOfId(operation);
	return sinceMs === undefined ? undefined : {name, operation, series, id, sinceMs};
}
