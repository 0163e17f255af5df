import {
	backupFolder,
	names,
	parseMarker,
	parseTrashName,
	type Catalogue,
	type CatalogueBackup,
	type DamagedBackup,
	type Marker,
} from '../domain/catalogue.ts';
import {clean} from '../domain/clean.ts';
import type {Verification} from '../domain/manifest.ts';
import {
	backupIdPattern,
	maxManifestBytes,
	parseManifest,
	parseVerification,
	seriesPattern,
} from '../domain/manifest-json.ts';
import type {FileEntry, Io} from '../io/io.ts';

/** Most entries of one folder that are looked at. */
const maxEntries = 100_000;

/** How many backups are read at once; more would only queue up in the file system. */
const lanes = 8;

type Names = readonly Pick<FileEntry, 'name' | 'kind'>[];

async function namesOf(io: Io, folder: string): Promise<Names> {
	try {
		return await io.files.names(folder, maxEntries);
	} catch (error) {
		// Gone or never there; every other error says that the catalogue cannot be read.
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
		throw error;
	}
}

/** Calls for every item, some at a time, and keeps the order. */
async function inLanes<T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	const waiting = [...items.entries()];
	const lane = async () => {
		for (let next = waiting.shift(); next; next = waiting.shift()) {
			results[next[0]] = await call(next[1]);
		}
	};
	await Promise.all(Array.from({length: lanes}, lane));
	return results;
}

async function readMarker(
	io: Io,
	folder: string,
	entries: Names,
): Promise<{readonly marker?: Marker; readonly isForeign: boolean}> {
	const entry = entries.find(({name}) => name === names.marker);
	if (!entry) return {isForeign: false};
	try {
		if (entry.kind !== 'file') throw new Error('not a file');
		return {
			marker: parseMarker(await io.files.readText(`${folder}/${names.marker}`, 4096)),
			isForeign: false,
		};
	} catch {
		return {isForeign: true};
	}
}

/** The results of all verifications by backup. What is no result of ours counts as foreign. */
async function readVerifications(io: Io, folder: string) {
	const byBackup = new Map<string, Verification[]>();
	const entries = await namesOf(io, `${folder}/${names.verify}`);
	let foreignCount = 0;
	const results = await inLanes(entries, async ({name, kind}) => {
		if (kind !== 'file' || !name.endsWith('.json')) return undefined;
		const text = await io.files
			.readText(`${folder}/${names.verify}/${name}`)
			.catch(() => undefined);
		try {
			return text === undefined ? undefined : parseVerification(text);
		} catch {
			return undefined;
		}
	});
	for (const result of results) {
		if (result) byBackup.set(result.backup, [...(byBackup.get(result.backup) ?? []), result]);
		else foreignCount++;
	}

	return {byBackup, foreignCount, isTruncated: entries.length >= maxEntries};
}

type Found = {
	readonly series: string;
	readonly id: string;
	readonly isPinned: boolean;
	readonly verifications: readonly Verification[];
};

async function readBackup(
	io: Io,
	root: string,
	found: Found,
): Promise<CatalogueBackup | DamagedBackup> {
	const {series, id, isPinned, verifications} = found;
	const folder = backupFolder({folder: root, series, id});
	try {
		// Both must be files of this folder: a link could show another backup's manifest.
		const [entry, sumEntry] = await Promise.all([
			io.files.lstat(`${folder}/${names.manifest}`),
			io.files.lstat(`${folder}/${names.manifestSum}`),
		]);
		if (entry.kind !== 'file' || sumEntry.kind !== 'file') throw new Error('manifest is no file');
		if (entry.bytes > maxManifestBytes) throw new Error('manifest is too large');
		const [sum, text] = await Promise.all([
			io.files.readText(`${folder}/${names.manifestSum}`, 200),
			io.files.readText(`${folder}/${names.manifest}`, maxManifestBytes),
		]);
		const manifestSha256 = /^([0-9a-f]{64})\s/.exec(`${sum}\n`)?.[1];
		if (manifestSha256 === undefined || manifestSha256 !== (await sha256Of(text))) {
			throw new Error('manifest does not fit its checksum');
		}

		const manifest = parseManifest(text);
		if (manifest.id !== id || manifest.series !== series) {
			throw new Error('manifest belongs to another backup');
		}

		return {
			id,
			series,
			folder,
			manifest,
			manifestSha256,
			startedAtMs: Date.parse(manifest.startedAt),
			finishedAtMs: Date.parse(manifest.finishedAt),
			bytes: manifest.artefacts.reduce((sumBytes, {bytes}) => sumBytes + bytes, 0),
			isPinned,
			verifications: verifications.toSorted((a, b) => (a.at < b.at ? -1 : 1)),
		};
	} catch (error) {
		return {series, id, cause: clean(error instanceof Error ? error.message : String(error), 300)};
	}
}

async function sha256Of(text: string): Promise<string> {
	const sum = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
	return Array.from(new Uint8Array(sum), byte => byte.toString(16).padStart(2, '0')).join('');
}

/** The backups, parts and foreign entries of one series' folder, by name alone. */
function sortSeries(series: string, entries: Names) {
	const pins = new Set(
		entries.flatMap(({name, kind}) =>
			kind === 'file' && name.endsWith(names.pin) ? [name.slice(0, -names.pin.length)] : [],
		),
	);
	const backups: {series: string; id: string; isPinned: boolean}[] = [];
	const unfinished: {series: string; id: string}[] = [];
	let foreignCount = 0;
	for (const {name, kind} of entries) {
		const id = name.replace(/\.(?:part|pin)$/, '');
		const isOurs = backupIdPattern.test(id);
		if (isOurs && kind === 'folder' && name === id) {
			backups.push({series, id, isPinned: pins.has(id)});
		} else if (isOurs && kind === 'folder' && name.endsWith(names.part)) {
			unfinished.push({series, id});
		} else if (!(isOurs && kind === 'file' && name.endsWith(names.pin))) {
			foreignCount++;
		}
	}

	return {backups, unfinished, foreignCount};
}

const ownNames: readonly string[] = [names.marker, names.verify, names.trash, names.evidence];

/**
 * Reads a catalogue: names of all folders, and of each backup its manifest with its checksum. Opens no artefact, changes
 * nothing, follows no link below the folder. A folder that does not exist is an empty catalogue. Rejects with Node's
 * error where the folder cannot be read, and with the signal's reason.
 */
export async function readCatalogue(
	io: Io,
	folder: string,
	signal?: AbortSignal,
): Promise<Catalogue> {
	const entries = await namesOf(io, folder);
	const [{marker, isForeign}, verified, trashNames] = await Promise.all([
		readMarker(io, folder, entries),
		readVerifications(io, folder),
		namesOf(io, `${folder}/${names.trash}`),
	]);
	const isSeries = ({name, kind}: Names[number]) =>
		kind === 'folder' && !ownNames.includes(name) && seriesPattern.test(name);
	const listed = await inLanes(entries.filter(isSeries), async ({name}) => {
		signal?.throwIfAborted();
		const inside = await namesOf(io, `${folder}/${name}`);
		return {...sortSeries(name, inside), isTruncated: inside.length >= maxEntries};
	});
	const read = await inLanes(
		listed.flatMap(({backups}) => backups),
		async found => {
			signal?.throwIfAborted();
			const verifications = verified.byBackup.get(found.id) ?? [];
			return readBackup(io, folder, {...found, verifications});
		},
	);
	const trash = trashNames.map(({name, kind}) =>
		kind === 'folder' ? parseTrashName(name) : undefined,
	);
	const foreign = entries.filter(
		entry => !isSeries(entry) && !ownNames.includes(entry.name),
	).length;
	return {
		folder,
		...(marker && {marker}),
		isForeign,
		backups: read
			.flatMap(item => ('manifest' in item ? [item] : []))
			.toSorted((a, b) => b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : -1)),
		damaged: read.flatMap(item => ('manifest' in item ? [] : [item])),
		unfinished: listed.flatMap(({unfinished}) => unfinished),
		trash: trash.flatMap(item => item ?? []),
		foreignCount:
			foreign +
			verified.foreignCount +
			trash.filter(item => item === undefined).length +
			listed.reduce((sum, {foreignCount}) => sum + foreignCount, 0),
		isTruncated:
			entries.length >= maxEntries ||
			verified.isTruncated ||
			listed.some(({isTruncated}) => isTruncated),
	};
}
