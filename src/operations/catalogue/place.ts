import {backupFolder, names, partFolder, verificationFile} from '../../domain/catalogue.ts';
import type {BackupPlace} from '../../domain/catalogue.ts';
import type {ProofLevel} from '../../domain/manifest.ts';
import type {Command, Plan} from '../../domain/plan.ts';

/** A command that writes, makes, moves or removes a file. */
export type FileCommand = Command & {kind: 'file'};
type WriteCommand = FileCommand & {action: 'write'};

/** A new file of mode 0600. */
export function write(path: string): WriteCommand {
	return {kind: 'file', action: 'write', path};
}

/** A folder of mode 0700. */
export function make(path: string): FileCommand {
	return {kind: 'file', action: 'make', path};
}

/** A file, or an own folder with everything in it. */
export function remove(path: string): FileCommand {
	return {kind: 'file', action: 'remove', path};
}

/** Renames without replacing. */
export function move(path: string, to: string): FileCommand {
	return {kind: 'file', action: 'move', path, to};
}

/** Flushes a folder with all its files and renames it. */
export function publish(path: string, to: string): FileCommand {
	return {kind: 'file', action: 'publish', path, to};
}

/** The files that every backup has, whatever its kind; the commands of the steps and of their code. */
export function filesOf(place: BackupPlace, level: ProofLevel) {
	const part = partFolder(place);
	const {folder, series, id} = place;
	return {
		part,
		makeSeries: make(`${folder}/${series}`),
		makeVerify: make(`${folder}/${names.verify}`),
		// Written beside and moved, so that a crash never leaves half a marker.
		writeMarker: write(`${folder}/${names.marker}.${id}`),
		moveMarker: move(`${folder}/${names.marker}.${id}`, `${folder}/${names.marker}`),
		dropMarker: remove(`${folder}/${names.marker}.${id}`),
		makePart: make(part),
		removePart: remove(part),
		manifest: write(`${part}/${names.manifest}`),
		sum: write(`${part}/${names.manifestSum}`),
		verification: write(verificationFile(folder, {backup: id, level, operation: id})),
		dropVerification: remove(verificationFile(folder, {backup: id, level, operation: id})),
		publish: publish(part, backupFolder(place)),
	};
}

/** The place of the backup that a plan makes, from its `publish` command; throws where it makes none. */
export function placeOf(plan: Plan): BackupPlace {
	const commands = plan.steps.flatMap(step => step.commands);
	for (const command of commands) {
		const isPublish = command.kind === 'file' && command.action === 'publish';
		const parts = isPublish ? /^(.*)\/([^/]+)\/([^/]+)$/.exec(command.to ?? '') : undefined;
		const [, folder, series, id] = parts ?? [];
		if (folder !== undefined && series !== undefined && id !== undefined) {
			return {folder, series, id};
		}
	}

	throw new Error('the plan publishes no backup');
}
