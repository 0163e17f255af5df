import {backupFolder, markerText, names, type BackupPlace} from '../../domain/catalogue.ts';
import {manifestText, verificationText} from '../../domain/manifest-json.ts';
import type {Manifest, ProofLevel, Verification} from '../../domain/manifest.ts';
import type {JsonValue, Step} from '../../domain/plan.ts';
import type {FileWriter} from '../../io/act.ts';
import type {StepCode, Tools} from '../operation.ts';
import {filesOf, placeOf} from './place.ts';

/*
 * How an operation makes a backup of any kind:
 *
 *   plan():  const place = {folder: look.folders.backups, series: 'redis-cache', id};
 *            steps: [prepareStep(place), …own steps that write into partFolder(place)…, publishStep(place, 2)]
 *            locks: [catalogueLock(place.folder, 'shared'), …]
 *   steps:   {'prepare-backup': prepareCode(), …, 'publish-backup': publishCode(2, {manifest, detail})}
 *   isCommitted: isPublished
 *
 * Nothing is seen by any reader before the one rename of the last step, and every step before it is undone by removing
 * the folder that ends in `.part`.
 */

/** Steps, level and locks are the same data in the plan and in the code, so the two cannot differ. */
export function prepareStep(place: BackupPlace): Step {
	const files = filesOf(place, 2);
	return {
		id: 'prepare-backup',
		title: {code: 'step-backup-prepare', params: {series: place.series}},
		commands: [
			files.makeSeries,
			files.makeVerify,
			files.writeMarker,
			files.moveMarker,
			files.dropMarker,
			files.makePart,
		],
		undo: [files.dropMarker, files.removePart],
		deadlineMs: 30_000,
	};
}

/** Makes the series' folder, the marker where there is none yet, and the empty `.part` folder. */
export function prepareCode<Request extends JsonValue>(): StepCode<Request> {
	return {
		async run(tools) {
			const place = placeOf(tools.plan);
			const files = filesOf(place, 2);
			await tools.file(files.makeSeries);
			await tools.file(files.makeVerify);
			if (!(await isThere(tools, `${place.folder}/${names.marker}`))) {
				const {clock} = tools.look.io;
				await writeWhole(tools, files.writeMarker, markerText(place.id, clock.now()));
				await tools.file(files.moveMarker).catch(async (error: unknown) => {
					await tools.file(files.dropMarker);
					// Another backup may have been first; then its marker is as good.
					if (!(await isThere(tools, `${place.folder}/${names.marker}`))) throw error;
				});
			}

			await tools.file(files.makePart);
		},
		async undo(tools) {
			const files = filesOf(placeOf(tools.plan), 2);
			await tools.file(files.dropMarker);
			await tools.file(files.removePart);
		},
	};
}

/** The last step and commit point: result of the verification, manifest, one rename. `level`: what was proven before. */
export function publishStep(place: BackupPlace, level: ProofLevel): Step {
	const files = filesOf(place, level);
	return {
		id: 'publish-backup',
		title: {code: 'step-backup-publish', params: {id: place.id}},
		commands: [files.verification, files.manifest, files.sum, files.publish],
		undo: [files.dropVerification, files.removePart],
		isCommitPoint: true,
		deadlineMs: 600_000,
	};
}

/** What an operation adds to publishing: the manifest (everything is in the `.part` folder), and what was verified. */
export type Publishing<Request extends JsonValue> = {
	manifest(tools: Tools<Request>): Promise<Manifest>;
	/** In one line, for the operator: `184 objects, 12 tables read`. */
	detail(tools: Tools<Request>, manifest: Manifest): string;
};

/** Writes the result of the verification and the manifest, and publishes. Keeps `result`: id, series, bytes and the manifest's SHA-256. */
export function publishCode<Request extends JsonValue>(
	level: ProofLevel,
	publishing: Publishing<Request>,
): StepCode<Request> {
	return {
		holds: isPublished,
		async run(tools) {
			const place = placeOf(tools.plan);
			const files = filesOf(place, level);
			const manifest = await publishing.manifest(tools);
			const result: Verification = {
				backup: place.id,
				level,
				isGood: true,
				at: manifest.finishedAt,
				operation: place.id,
				durationMs: 0,
				detail: publishing.detail(tools, manifest),
			};
			// Before the backup is there it says nothing; afterwards it could be missing.
			await writeWhole(tools, files.verification, verificationText(result));
			const {sha256} = await writeWhole(tools, files.manifest, manifestText(manifest));
			await writeWhole(tools, files.sum, `${sha256}  ${names.manifest}\n`);
			const bytes = manifest.artefacts.reduce((sum, artefact) => sum + artefact.bytes, 0);
			await tools.keep('result', {id: place.id, series: place.series, bytes, sha256});
			await tools.file(files.publish);
		},
		async undo(tools) {
			const files = filesOf(placeOf(tools.plan), level);
			await tools.file(files.dropVerification);
			await tools.file(files.removePart);
		},
	};
}

/** Whether the backup of the plan is published: the commit point, seen from the world. */
export async function isPublished<Request extends JsonValue>(
	tools: Tools<Request>,
): Promise<boolean> {
	return isThere(tools, backupFolder(placeOf(tools.plan)));
}

async function isThere({look}: Pick<Tools, 'look'>, path: string): Promise<boolean> {
	try {
		await look.io.files.lstat(path);
		return true;
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
		throw error;
	}
}

/** Writes a new file in one piece. */
export async function writeWhole<Request extends JsonValue>(
	tools: Pick<Tools<Request>, 'write'>,
	command: Parameters<Tools['write']>[0],
	text: string,
): Promise<{readonly bytes: number; readonly sha256: string}> {
	const file: FileWriter = await tools.write(command);
	try {
		await file.write(new TextEncoder().encode(text));
		return await file.finish();
	} catch (error) {
		await file.discard();
		throw error;
	}
}
