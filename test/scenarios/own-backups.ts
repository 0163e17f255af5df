import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {names, trashFolder} from '../../src/domain/catalogue.ts';
import {
	manifestText,
	parseManifest,
	parseVerification,
	verificationText,
} from '../../src/domain/manifest-json.ts';
import type {JsonValue} from '../../src/domain/plan.ts';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {operations} from '../../src/operations/index.ts';
import {idAt} from '../support/manifests.ts';
import {performNow} from '../support/perform.ts';
import type {Ground} from './ground.ts';

const dayMs = 86_400_000;

/** Makes a real backup, as somebody did before the play. */
export async function backUp(
	ground: Ground,
	operation: string,
	request: JsonValue,
	backups = ground.folders.backups,
): Promise<void> {
	const known = operations[operation];
	if (!known) throw new Error(`no operation ${operation}`);
	const {outcome, end} = await performNow(known, request, {
		act: createAct(),
		settings: ground.settings(),
		io: createIo(),
		folders: {...ground.folders, backups},
	});
	if (outcome === 'done' || outcome === 'warnings') return;
	throw new Error(`${operation} ended ${outcome}: ${JSON.stringify(end?.problem)}`);
}

/** A backup on the disk. */
export type Kept = {readonly series: string; readonly id: string; readonly folder: string};

/** The published backups of a folder. */
export async function keptIn(folder: string): Promise<readonly Kept[]> {
	const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
	const notSeries: readonly string[] = [names.verify, names.evidence, names.trash];
	const series = entries.filter(one => one.isDirectory() && !notSeries.includes(one.name));
	const lists = await Promise.all(
		series.map(async ({name}) => {
			const inside = await readdir(join(folder, name), {withFileTypes: true});
			return inside
				.filter(one => one.isDirectory() && !one.name.endsWith(names.part))
				.map(({name: id}) => ({series: name, id, folder: join(folder, name, id)}));
		}),
	);
	return lists.flat();
}

/** The same, the newest first. */
export async function newestIn(folder: string): Promise<readonly Kept[]> {
	return (await keptIn(folder)).toSorted((one, other) => other.id.localeCompare(one.id));
}

/** Makes a backup older than it is, with its proofs: what happens by itself in so many days. */
export async function age(backups: string, kept: Kept, days: number): Promise<Kept> {
	const text = await readFile(join(kept.folder, names.manifest), 'utf8');
	const manifest = parseManifest(text);
	const earlier = (at: string) => new Date(Date.parse(at) - days * dayMs).toISOString();
	const startedAt = earlier(manifest.startedAt);
	const id = idAt(Date.parse(startedAt), kept.id.slice(-8));
	const aged = manifestText({...manifest, id, startedAt, finishedAt: earlier(manifest.finishedAt)});
	const sum = createHash('sha256').update(aged).digest('hex');
	await writeFile(join(kept.folder, names.manifest), aged);
	await writeFile(join(kept.folder, names.manifestSum), `${sum}  ${names.manifest}\n`);
	const folder = join(backups, kept.series, id);
	await rename(kept.folder, folder);
	const proofs = await readdir(join(backups, names.verify)).catch(() => []);
	for (const name of proofs.filter(one => one.startsWith(`${kept.id}.`))) {
		const path = join(backups, names.verify, name);
		const proof = parseVerification(await readFile(path, 'utf8'));
		const moved = verificationText({...proof, backup: id, at: earlier(proof.at)});
		await writeFile(join(backups, names.verify, name.replace(kept.id, id)), moved);
		await rm(path);
	}

	return {series: kept.series, id, folder};
}

/** Puts a backup where retention has put it so many days ago. */
export async function trash(backups: string, kept: Kept, days: number): Promise<void> {
	const operation = idAt(Date.now() - days * dayMs);
	await mkdir(join(backups, names.trash), {recursive: true, mode: 0o700});
	await rename(kept.folder, trashFolder({...kept, folder: backups}, operation));
}

/** Takes every backup away, also those that a walk makes. */
export function clearAfterwards(ground: Ground): void {
	ground.undo(async () => {
		for (const name of await readdir(ground.folders.backups).catch(() => [])) {
			await rm(join(ground.folders.backups, name), {recursive: true, force: true});
		}
	});
}
