import {pinFile} from '../../domain/catalogue.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {isObject, textOf} from '../../domain/unknown.ts';
import {chooseBackup} from '../catalogue/choose.ts';
import {catalogueLock} from '../catalogue/facts.ts';
import {openCatalogue} from '../catalogue/folder.ts';
import {remove, write, type FileCommand} from '../catalogue/place.ts';
import {writeWhole} from '../catalogue/publish.ts';
import type {Look, Operation, StepCode} from '../operation.ts';

/** Which backup: an id, its beginning, or `latest`. */
export type PinRequest = {readonly backup: string};

function parse(request: unknown): PinRequest {
	return {backup: isObject(request) ? textOf(request['backup']) : ''};
}

async function planOf(look: Look, {backup: name}: PinRequest, isPin: boolean): Promise<PlanDraft> {
	const catalogue = await openCatalogue(look);
	const backup = chooseBackup(catalogue, {id: name});
	const {folder} = catalogue;
	const path = pinFile({folder, series: backup.series, id: backup.id});
	const command: FileCommand = isPin ? write(path) : remove(path);
	const isDone = backup.isPinned === isPin;
	const params = {id: backup.id};
	return {
		title: {code: isPin ? 'title-pin' : 'title-unpin', params},
		identity: {backup: {id: backup.id, manifestSha256: backup.manifestSha256}},
		risk: 'safe',
		steps: [
			{
				id: 'pin',
				title: {code: isPin ? 'title-pin' : 'title-unpin', params},
				commands: isDone ? [] : [command],
				...(isPin && !isDone && {undo: [remove(path)]}),
				deadlineMs: 30_000,
			},
		],
		locks: [catalogueLock(folder, 'exclusive')],
		space: [],
		outages: [],
		deletes: [],
		warnings: [],
		undo: {code: isPin ? 'undo-pin' : 'undo-unpin', params},
	};
}

const code: StepCode<PinRequest> = {
	async run(tools) {
		for (const command of tools.step.commands) {
			if (command.kind !== 'file') continue;
			const {action, path} = command;
			if (action === 'write') await writeWhole(tools, {kind: 'file', action, path}, '');
			else await tools.file(command);
		}
	},
	async undo(tools) {
		for (const command of tools.step.undo ?? []) {
			if (command.kind === 'file') await tools.file(command);
		}
	},
};

/** Keeps a backup for ever, by a file beside it. */
export const pinBackup: Operation<PinRequest> = {
	id: 'pin-backup',
	title: {code: 'title-pin-any'},
	parse,
	plan: (look, request) => planOf(look, request, true),
	steps: {pin: code},
};

/** Leaves a pinned backup to retention again. */
export const unpinBackup: Operation<PinRequest> = {
	id: 'unpin-backup',
	title: {code: 'title-unpin-any'},
	parse,
	plan: (look, request) => planOf(look, request, false),
	steps: {pin: code},
};
