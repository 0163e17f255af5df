import {fileNameOf, partFolder, type BackupPlace} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import type {FileSet} from '../../domain/file-set.ts';
import type {FileFacts, Manifest} from '../../domain/manifest.ts';
import type {JsonValue, Step} from '../../domain/plan.ts';
import {listOf, numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import {catalogueLock, commonFacts} from '../catalogue/facts.ts';
import {checkFolder} from '../catalogue/folder.ts';
import {placeOf, write} from '../catalogue/place.ts';
import {
	isPublished,
	prepareCode,
	prepareStep,
	publishCode,
	publishStep,
} from '../catalogue/publish.ts';
import type {Look, Operation, StepCode, Tools} from '../operation.ts';
import {fieldsOf, mayText} from '../shared/request.ts';
import {readArchive, writeArchive} from './archive.ts';
import {collect, filesTrouble, type Collected, type Found} from './collect.ts';
import {chooseSet} from './sets.ts';

/** `set`: name; `folder`: an absolute folder instead of a project's. */
export type BackupFilesRequest = {readonly set?: string; readonly folder?: string};

/** Series of a set's backups. */
export function seriesOfSet(id: string): string {
	return `files-${fileNameOf(id).slice(0, 200)}`;
}

function archiveFile(place: BackupPlace) {
	return write(`${partFolder(place)}/files.tar`);
}

/** The steps that archive files; `level` 2: everything was read again. */
export function archiveSteps(place: BackupPlace, folder: string): readonly Step[] {
	return [
		prepareStep(place),
		{
			id: 'archive',
			title: {code: 'step-files-archive', params: {folder: clean(folder, 300)}},
			commands: [archiveFile(place)],
			deadlineMs: 2 * 3_600_000,
		},
		publishStep(place, 2),
	];
}

/** Longest part of the file list that fits into one line of the journal. */
const filesPerLine = 60;

/** The code of `archiveSteps`; `choose` finds the files when the step runs, as they are then. */
export function archiveCode<R extends JsonValue>(
	choose: (tools: Tools<R>) => Promise<readonly Found[]>,
	more: (tools: Tools<R>) => Partial<Manifest> = () => ({}),
): Readonly<Record<'prepare-backup' | 'archive' | 'publish-backup', StepCode<R>>> {
	return {
		'prepare-backup': prepareCode(),
		archive: {
			async run(tools) {
				const startedAtMs = tools.look.io.clock.now();
				const command = archiveFile(placeOf(tools.plan));
				const {files, bytes, sha256} = await writeArchive(tools, command, await choose(tools));
				await readArchive(tools.look, {path: command.path, files}, {open: () => undefined});
				for (let at = 0; at < files.length; at += filesPerLine) {
					const some = files.slice(at, at + filesPerLine).map(facts => ({...facts}));
					await tools.keep(`files-${at / filesPerLine}`, some);
				}

				await tools.keep('archive', {startedAtMs, bytes, sha256, count: files.length});
			},
		},
		'publish-backup': publishCode<R>(2, {
			manifest: tools => manifestOf(tools, more(tools)),
			detail: (_tools, {files = []}) => `${files.length} files read again`,
		}),
	};
}

/** The list of files that the archive step kept. */
export function keptFiles({kept}: Pick<Tools, 'kept'>): readonly FileFacts[] {
	const files: FileFacts[] = [];
	for (let line = 0; ; line += 1) {
		const some = kept[`files-${line}`];
		if (some === undefined) return files;
		// Written by the archive step of this very run; the manifest's shape is checked once more before it is written.
		files.push(...listOf(some).map(facts => objectOf(facts) as unknown as FileFacts));
	}
}

async function manifestOf<R extends JsonValue>(
	tools: Tools<R>,
	more: Partial<Manifest>,
): Promise<Manifest> {
	const archive = objectOf(tools.kept['archive']);
	return {
		...(await commonFacts(tools, numberOf(archive['startedAtMs']) ?? 0)),
		kind: 'files',
		artefacts: [
			{
				name: 'files.tar',
				bytes: numberOf(archive['bytes']) ?? 0,
				sha256: textOf(archive['sha256']),
				format: 'tar',
			},
		],
		files: keptFiles(tools),
		...more,
	};
}

/** What was left out, for the card. */
export function leftOut({special, large}: Collected, set: FileSet): readonly Phrase[] {
	const sample = (names: readonly string[]) => names.slice(0, 5).join(', ');
	const phrases: Phrase[] = [];
	if (special.length > 0) {
		phrases.push({
			code: 'files-special',
			params: {count: special.length, sample: sample(special)},
		});
	}

	if (large.length > 0) {
		const limit = formatBytes(set.maxBytes);
		phrases.push({
			code: 'files-large',
			params: {count: large.length, limit, sample: sample(large)},
		});
	}

	return phrases;
}

/** Space of the catalogue as the card shows it. */
export async function archiveSpace({io, folders}: Look, neededBytes: number) {
	const {blockBytes, blocksAvailable} = await io.files.statfs(folders.backups);
	return {folder: folders.backups, neededBytes, freeBytes: blockBytes * blocksAvailable};
}

/** Backs up the configuration and files of a project into one archive with its manifest. SAFETY 3.7. */
export const backupFiles: Operation<BackupFilesRequest> = {
	id: 'backup-files',
	title: {code: 'title-backup-files'},
	parse(request) {
		const fields = fieldsOf(request, ['set', 'folder']);
		const set = mayText(fields, 'set');
		const folder = mayText(fields, 'folder', 1000);
		return {...(set !== undefined && {set}), ...(folder !== undefined && {folder})};
	},
	async plan(look, request, id) {
		const set = await chooseSet(look, request);
		await checkFolder(look.io, look.folders.backups);
		const collected = await collect(look, set);
		if (collected.found.length === 0) {
			const params = {folder: clean(set.folder, 300), set: clean(set.id, 100)};
			throw filesTrouble('files-nothing', params);
		}

		const place = {folder: look.folders.backups, series: seriesOfSet(set.id), id};
		return {
			title: {
				code: 'op-backup-files',
				params: {
					set: clean(set.id, 100),
					count: collected.found.length,
					bytes: formatBytes(collected.totalBytes),
				},
			},
			identity: {folder: set.folder},
			risk: 'safe',
			steps: archiveSteps(place, set.folder),
			locks: [
				{resource: `files:${set.folder}`, mode: 'shared'},
				catalogueLock(place.folder, 'shared'),
			],
			space: [await archiveSpace(look, collected.totalBytes)],
			outages: [],
			deletes: [],
			warnings: leftOut(collected, set),
			undo: {code: 'undo-backup'},
		};
	},
	steps: archiveCode(async tools => {
		const set = await chooseSet(tools.look, tools.request);
		return (await collect(tools.look, set)).found;
	}),
	isCommitted: isPublished,
};
