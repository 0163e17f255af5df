import type {CatalogueBackup} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import type {FileFacts} from '../../domain/manifest.ts';
import type {Command} from '../../domain/plan.ts';
import {unifiedDiff} from '../../domain/unified-diff.ts';
import {listOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look} from '../operation.ts';
import {readArchive} from './archive.ts';
import {filesTrouble} from './collect.ts';
import {
	compareFile,
	entryAt,
	folderOf,
	onlyMatcher,
	refuseLinksAbove,
	type Compared,
} from './compare.ts';

const maxDiffBytes = 256 * 1024;
const maxDiffsBytes = 16 * 1024 * 1024;
const maxDiffLines = 200;

/** Where the archive of a backup is, and what must be in it. */
export function archiveOf({folder, manifest}: CatalogueBackup) {
	return {path: `${folder}/files.tar`, files: manifest.files ?? []};
}

/** Everything that would be written, judged against what is there. */
export async function compareAll(
	look: Look,
	backup: CatalogueBackup,
	only: string | undefined,
): Promise<readonly Compared[]> {
	const isChosen = onlyMatcher(only);
	const compared: Compared[] = [];
	for (const facts of backup.manifest.files ?? []) {
		if (facts.type !== 'file' || !isChosen(facts.origin)) continue;
		await refuseLinksAbove(look.io, facts.origin);
		const one = await compareFile(look, facts);
		if (one.status !== 'same') compared.push(one);
	}

	return compared;
}

/** Folders that the backup has and that are missing for these files; refuses where the backup does not know one. */
export async function missingFolders(
	{io}: Look,
	{manifest}: CatalogueBackup,
	compared: readonly Compared[],
): Promise<readonly FileFacts[]> {
	const missing = new Map<string, FileFacts>();
	for (const {facts} of compared) {
		for (let folder = folderOf(facts.origin); folder !== '/'; folder = folderOf(folder)) {
			if (missing.has(folder) || (await entryAt(io, folder)) !== undefined) break;
			const known = manifest.files?.find(
				({type, origin}) => type === 'folder' && origin === folder,
			);
			if (known === undefined) {
				const params = {path: clean(facts.origin, 300), folder: clean(folder, 300)};
				throw filesTrouble('files-no-folder', params);
			}

			missing.set(folder, known);
		}
	}

	return [...missing.values()].toSorted((a, b) => a.origin.length - b.origin.length);
}

/** Reads the whole archive against the manifest and keeps the texts that are small enough to be compared. */
export async function readTexts(
	look: Look,
	backup: CatalogueBackup,
	compared: readonly Compared[],
): Promise<ReadonlyMap<string, string>> {
	const wanted = new Set(compared.map(({facts}) => facts.origin));
	const texts = new Map<string, string>();
	let pieces: Uint8Array[] = [];
	let left = maxDiffsBytes;
	await readArchive(look, archiveOf(backup), {
		open({origin, bytes}) {
			pieces = [];
			if (!wanted.has(origin) || bytes > Math.min(maxDiffBytes, left)) return undefined;
			left -= bytes;
			return piece => {
				pieces.push(piece);
			};
		},
		close({origin, bytes}) {
			const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
			let at = 0;
			for (const piece of pieces) {
				all.set(piece, at);
				at += piece.length;
			}

			if (all.length === bytes && !all.includes(0))
				texts.set(origin, new TextDecoder().decode(all));
		},
	});
	return texts;
}

/** What would change, file by file, with masked lines; the card shows it. */
export async function differences(
	{io}: Look,
	compared: readonly Compared[],
	texts: ReadonlyMap<string, string>,
): Promise<readonly Phrase[]> {
	const phrases: Phrase[] = [];
	let room = maxDiffLines;
	for (const {facts, status, entry} of compared) {
		const after = texts.get(facts.origin);
		const isText =
			after !== undefined && status !== 'attributes' && (entry?.bytes ?? 0) < maxDiffBytes;
		const before =
			isText && entry !== undefined
				? await io.files.readText(facts.origin, maxDiffBytes).catch(() => '')
				: '';
		const diff =
			isText && !before.includes('\0')
				? unifiedDiff(before, after, {isSecret: facts.isSecret === true, maxLines: 40})
				: {lines: [], added: 0, removed: 0};
		const path = clean(facts.origin, 300);
		const {added, removed} = diff;
		phrases.push({code: 'files-diff', params: {path, what: status, added, removed}});
		for (const line of diff.lines.slice(0, room)) {
			phrases.push({code: 'files-diff-line', params: {line}});
		}

		room = Math.max(0, room - diff.lines.length);
	}

	return phrases;
}

/** Links of the backup that are otherwise now; they are told and not changed. */
export async function differentLinks(
	{io}: Look,
	{manifest}: CatalogueBackup,
): Promise<readonly Phrase[]> {
	const phrases: Phrase[] = [];
	for (const {type, origin, link = ''} of manifest.files ?? []) {
		if (type !== 'link') continue;
		const now = await io.files.readLink(origin).catch(() => undefined);
		if (now === link) continue;
		const params = {path: clean(origin, 300), link: clean(link, 300)};
		phrases.push({code: 'files-link-differs', params});
	}

	return phrases;
}

/** Services that mount one of the files, or whose project's own configuration is among them. */
export async function affected(
	look: Look,
	compared: readonly Compared[],
): Promise<readonly Phrase[]> {
	const origins = compared.map(({facts}) => facts.origin);
	const services = new Set<string>();
	for (const container of look.containers) {
		const answer = await look.io.docker
			.get(`/containers/${container.id}/json`, look.signal)
			.catch(() => undefined);
		const inspection = objectOf(answer);
		const labels = objectOf(objectOf(inspection['Config'])['Labels']);
		const folder = textOf(labels['com.docker.compose.project.working_dir']);
		const sources = listOf(inspection['Mounts']).map(mount => textOf(objectOf(mount)['Source']));
		const isConfigured = origins.some(
			origin =>
				folder !== '' &&
				folderOf(origin) === folder &&
				/\/(?:\.env|[^/]*compose[^/]*\.ya?ml)$/.test(origin),
		);
		const isMounted = sources.some(
			source =>
				source !== '' && origins.some(one => one === source || one.startsWith(`${source}/`)),
		);
		if (isConfigured || isMounted) services.add(container.service ?? container.name);
	}

	if (services.size === 0) return [];
	return [{code: 'files-affected', params: {services: [...services].toSorted().join(', ')}}];
}

/** `config -q` of Compose for every staged Compose file, in the folder where it belongs. */
export async function validations(
	look: Look,
	compared: readonly Compared[],
	stages: readonly string[],
): Promise<readonly Command[]> {
	const {processes} = look.io;
	const hasPlugin = async () =>
		(await processes.has('docker')) &&
		(await processes.run(['docker', 'compose', 'version'], look.signal)).exitCode === 0;
	const files = compared.flatMap(({facts}, index) =>
		/\/[^/]*compose[^/]*\.ya?ml$/.test(facts.origin)
			? [{origin: facts.origin, staged: `${stages[index] ?? ''}/n${index}`}]
			: [],
	);
	if (files.length === 0) return [];
	const program: readonly [string, ...string[]] | undefined = (await processes.has(
		'docker-compose',
	))
		? ['docker-compose']
		: (await hasPlugin())
			? ['docker', 'compose']
			: undefined;
	if (program === undefined) return [];
	return files
		.filter(({origin}) => !origin.includes('override'))
		.map(({origin, staged}) => ({
			kind: 'program',
			argv: [
				...program,
				...['-f', staged, '--project-directory', folderOf(origin), 'config', '-q'],
			],
		}));
}
