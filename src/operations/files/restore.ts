import type {CatalogueBackup} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import {checkArtefacts} from '../catalogue/artefacts.ts';
import {chooseBackup, damagedBackup} from '../catalogue/choose.ts';
import {catalogueLock} from '../catalogue/facts.ts';
import {openCatalogue} from '../catalogue/folder.ts';
import {isPublished} from '../catalogue/publish.ts';
import type {Operation, Tools} from '../operation.ts';
import {fieldsOf, mayText, needText} from '../shared/request.ts';
import {archiveCode, archiveSpace, archiveSteps} from './backup.ts';
import {filesTrouble, type Found} from './collect.ts';
import {folderOf} from './compare.ts';
import {
	affected,
	archiveOf,
	compareAll,
	differences,
	differentLinks,
	missingFolders,
	readTexts,
	validations,
} from './restore-card.ts';
import {allInPlace, swapCode} from './swap.ts';
import {stageFolders, swapSteps} from './swap-steps.ts';

/** `backup`: id or `latest`; `only`: glob over paths; `series`: of which set `latest` is meant. */
export type RestoreFilesRequest = {
	readonly backup: string;
	readonly only?: string;
	readonly series?: string;
};

/** The chosen backup again, the very one of the plan. */
async function backupOf(tools: Tools<RestoreFilesRequest>): Promise<CatalogueBackup> {
	const {look, plan} = tools;
	const {id = '', manifestSha256} = plan.identity.backup ?? {};
	const {backups} = await openCatalogue(look);
	const backup = backups.find(one => one.id === id);
	if (backup?.manifestSha256 !== manifestSha256 || backup === undefined) {
		throw damagedBackup(id, 'it is no longer the one of the plan');
	}

	return backup;
}

async function sourceOf(tools: Tools<RestoreFilesRequest>) {
	return archiveOf(await backupOf(tools));
}

/** The files that are about to be replaced, for the safety backup. */
async function replaced(tools: Tools<RestoreFilesRequest>): Promise<readonly Found[]> {
	const {plan, look} = tools;
	const {manifest} = await backupOf(tools);
	const swap = plan.steps.find(({id}) => id === 'swap')?.commands ?? [];
	const found: Found[] = [];
	for (const command of swap) {
		if (command.kind !== 'file' || command.action !== 'replace') continue;
		const origin = command.to ?? '';
		const entry = await look.io.files.lstat(origin);
		const isSecret = manifest.files?.find(facts => facts.origin === origin)?.isSecret === true;
		found.push({entry, origin, path: origin, isSecret});
	}

	return found;
}

/** Restores files from a backup: staged, compared, checked, then replaced one by one with a way back. SAFETY 3.7. */
export const restoreFiles: Operation<RestoreFilesRequest> = {
	id: 'restore-files',
	title: {code: 'title-restore-files'},
	parse(request) {
		const fields = fieldsOf(request, ['backup', 'only', 'series']);
		const only = mayText(fields, 'only', 500);
		const series = mayText(fields, 'series', 250);
		return {
			backup: needText(fields, 'backup', 100),
			...(only !== undefined && {only}),
			...(series !== undefined && {series}),
		};
	},
	async plan(look, request, id) {
		const {backup: asked, only, series} = request;
		const catalogue = await openCatalogue(look);
		const backup = chooseBackup(catalogue, {
			id: asked,
			kind: 'files',
			isForRestore: true,
			...(series !== undefined && {isMeant: (one: CatalogueBackup) => one.series === series}),
		});
		await checkArtefacts(look, backup);
		const compared = await compareAll(look, backup, only);
		const texts = await readTexts(look, backup, compared);
		if (compared.length === 0) {
			const count = backup.manifest.files?.length ?? 0;
			throw filesTrouble('files-nothing-to-restore', {count, backup: backup.id});
		}

		const stages = await stageFolders(look, compared, id);
		const folders = await missingFolders(look, backup, compared);
		const place = {folder: look.folders.backups, series: backup.series, id};
		const folder = folderOf(stages[0] ?? '/');
		const isReplacing = compared.some(({status}) => status !== 'added');
		const totalBytes = compared.reduce((sum, {facts}) => sum + facts.bytes, 0);
		const {manifest} = backup;
		const isOther =
			manifest.environment !== look.settings.environment.name ||
			manifest.hostname !== look.io.host.hostname();
		return {
			title: {
				code: 'op-restore-files',
				params: {count: compared.length, set: clean(backup.series, 200), backup: backup.id},
			},
			identity: {
				folder,
				backup: {id: backup.id, manifestSha256: backup.manifestSha256},
			},
			risk: 'destructive',
			confirmName: clean(backup.series, 200),
			steps: [
				...(isReplacing
					? archiveSteps(place, folder).map(step =>
							step.id === 'publish-backup' ? {...step, isCommitPoint: false} : step,
						)
					: []),
				...swapSteps({
					compared,
					stages,
					folders,
					validate: await validations(look, compared, stages),
				}),
			],
			locks: [
				{resource: `files:${folder}`, mode: 'exclusive'},
				catalogueLock(place.folder, 'shared'),
			],
			space: [await archiveSpace(look, totalBytes)],
			outages: [],
			deletes: [],
			warnings: [
				...(isOther
					? [
							{
								code: 'files-not-yours',
								params: {host: manifest.hostname, environment: manifest.environment},
							} as const,
						]
					: []),
				...(await differences(look, compared, texts)),
				...(await differentLinks(look, backup)),
				...(await affected(look, compared)),
			],
			undo: {code: 'undo-restore-files', params: {backup: isReplacing ? id : '-'}},
		};
	},
	steps: {
		...safetyCode(),
		...swapCode<RestoreFilesRequest>(sourceOf),
	},
	isCommitted: tools => allInPlace(tools, sourceOf),
};

/** Making the safety backup: once it is published it stays, whatever is taken back. */
function safetyCode() {
	const code = archiveCode<RestoreFilesRequest>(replaced, () => ({isSafety: true}));
	const publish = code['publish-backup'];
	return {
		...code,
		'publish-backup': {
			...publish,
			async undo(tools: Tools<RestoreFilesRequest>) {
				if (!(await isPublished(tools))) await publish.undo?.(tools);
			},
		},
	};
}
