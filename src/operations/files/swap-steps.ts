import type {FileFacts} from '../../domain/manifest.ts';
import type {Command, FileAttributes, Plan, Step} from '../../domain/plan.ts';
import type {Look} from '../operation.ts';
import {entryAt, folderOf, type Compared} from './compare.ts';

/** A command that changes a file or folder. */
export type FileCommand = Command & {kind: 'file'};
/** A command that makes a new file. */
export type Write = FileCommand & {action: 'write'};

/** One file that is put into its place, by the commands of the plan. */
export type Item = {
	/** New content, in the stage. */
	readonly staged: string;
	/** Copy of the old content, in the stage. */
	readonly saved: string;
	readonly target: string;
	readonly isAdded: boolean;
};

function attributesOf({mode, userId, groupId}: FileFacts): FileAttributes {
	return {mode, userId, groupId};
}

/** Where files are unpacked: a private folder on the file system of their targets, one for each. */
export async function stageFolders(
	{io}: Look,
	compared: readonly Compared[],
	id: string,
): Promise<readonly string[]> {
	const roots = new Map<number, string>();
	const own: number[] = [];
	for (const {facts} of compared) {
		let folder = folderOf(facts.origin);
		let entry = await entryAt(io, folder);
		while (entry === undefined) {
			folder = folderOf(folder);
			entry = await entryAt(io, folder);
		}

		const device = entry.device;
		own.push(device);
		const before = roots.get(device) ?? folder;
		// The shortest of them all, so that a project has its stage in its own folder.
		roots.set(device, folder.length < before.length ? folder : before);
	}

	return own.map(device => `${roots.get(device) ?? ''}/.opsconsole-stage-${id}`.replace('//', '/'));
}

/** The steps that unpack, check, replace and clean up. `folders`: missing folders of the backup, outermost first. */
export function swapSteps(facts: {
	readonly compared: readonly Compared[];
	readonly stages: readonly string[];
	readonly folders: readonly FileFacts[];
	readonly validate: readonly Command[];
}): readonly Step[] {
	const {compared, stages, folders, validate} = facts;
	const all = [...new Set(stages)];
	const removeStages = all.map(path => ({kind: 'file', action: 'remove', path}) as const);
	const places = compared.map(({facts: file, status, entry}, index) => {
		const stage = stages[index] ?? '';
		const isAdded = status === 'added';
		const staged = `${stage}/n${index}`;
		const saved = `${stage}/o${index}`;
		const old = entry && {
			mode: entry.mode & 0o7777,
			userId: entry.ownerId,
			groupId: entry.groupId,
		};
		const writes: Write[] = [
			{kind: 'file', action: 'write', path: staged, attributes: attributesOf(file)},
			...(old ? [{kind: 'file', action: 'write', path: saved, attributes: old} as const] : []),
		];
		const put: FileCommand = {
			kind: 'file',
			action: isAdded ? 'move' : 'replace',
			path: staged,
			to: file.origin,
		};
		const back: FileCommand = isAdded
			? {kind: 'file', action: 'remove', path: file.origin}
			: {kind: 'file', action: 'replace', path: saved, to: file.origin};
		return {writes, put, back, isAdded};
	});
	const makeFolders = folders.map(
		folder =>
			({
				kind: 'file',
				action: 'make',
				path: folder.origin,
				attributes: attributesOf(folder),
			}) as const,
	);
	const added = places.filter(({isAdded}) => isAdded).length;
	return [
		{
			id: 'stage',
			title: {code: 'step-files-stage'},
			commands: [
				...all.map(path => ({kind: 'file', action: 'make', path}) as const),
				...places.flatMap(({writes}) => writes),
			],
			undo: removeStages,
			deadlineMs: 2 * 3_600_000,
		},
		{
			id: 'validate',
			title: {code: 'step-files-validate'},
			commands: validate,
			deadlineMs: 300_000,
		},
		{
			id: 'swap',
			title: {code: 'step-files-swap', params: {changed: places.length - added, added}},
			commands: [...makeFolders, ...places.map(({put}) => put)],
			undo: [
				...places.map(({back}) => back).toReversed(),
				...makeFolders
					.map(({path}) => ({kind: 'file', action: 'remove', path}) as const)
					.toReversed(),
			],
			isCommitPoint: true,
			deadlineMs: 3_600_000,
		},
		{
			id: 'clean',
			title: {code: 'step-files-clean'},
			commands: removeStages,
			deadlineMs: 300_000,
		},
	];
}

function stepOf(plan: Plan, id: string): Step {
	const step = plan.steps.find(one => one.id === id);
	if (step === undefined) throw new Error(`the plan has no step ${id}`);
	return step;
}

/** What is put into its place, as the plan has it. */
export function itemsOf(plan: Plan): readonly Item[] {
	return stepOf(plan, 'swap').commands.flatMap(command => {
		if (command.kind !== 'file' || command.to === undefined) return [];
		const saved = command.path.replace(/\/n(\d+)$/, '/o$1');
		const isAdded = command.action === 'move';
		return [{staged: command.path, saved, target: command.to, isAdded}];
	});
}
