import {readCatalogue} from '../../sources/catalogue.ts';
import {maybe} from '../maybe.ts';
import type {LookFacts} from '../reader.ts';

/** Where the system journal is kept on disk. */
export const journalFolder = '/var/log/journal';

async function deviceOf({io}: LookFacts, path: string): Promise<number | undefined> {
	return io.files.stat(path).then(
		({device}) => device,
		() => undefined,
	);
}

/** Whether something lies on this disk; undefined where it is not there. */
export async function isOnDisk(
	path: string,
	mount: string,
	facts: LookFacts,
): Promise<boolean | undefined> {
	const [own, disk] = await Promise.all([deviceOf(facts, path), deviceOf(facts, mount)]);
	return own === undefined || disk === undefined ? undefined : own === disk;
}

/** The devices whose files lie on this disk: its own, and the layers of containers where the engine keeps them there. */
export async function devicesOn(
	mount: string,
	engineFolder: string,
	facts: LookFacts,
): Promise<ReadonlySet<number>> {
	const [own, ofEngine, text] = await Promise.all([
		deviceOf(facts, mount),
		deviceOf(facts, engineFolder),
		facts.io.files.readText('/proc/self/mountinfo').catch(() => ''),
	]);
	if (own === undefined) return new Set();
	if (own !== ofEngine) return new Set([own]);
	const overlays = text
		.split('\n')
		.filter(line => line.includes(' - overlay '))
		.flatMap(line => line.split(' ')[4] ?? []);
	const found = await Promise.all(overlays.map(path => deviceOf(facts, path)));
	return new Set([own, ...found.filter(device => device !== undefined)]);
}

/** What the system journal takes on disk; undefined where it keeps none there. */
export async function journalBytes({io}: LookFacts): Promise<number | undefined> {
	const root = journalFolder;
	const folders = await io.files.names(root, 100).catch(() => undefined);
	if (folders === undefined) return undefined;
	const lists = await Promise.all(
		folders.map(({name}) => io.files.list(`${root}/${name}`, 10_000).catch(() => [])),
	);
	return lists.flat().reduce((sum, {allocatedBytes, bytes}) => sum + (allocatedBytes ?? bytes), 0);
}

/** What our own backups take. */
export async function backupBytes({io, folders, signal}: LookFacts): Promise<number | undefined> {
	const catalogue = await maybe(readCatalogue(io, folders.backups, signal), signal);
	return catalogue?.backups.reduce((sum, {bytes}) => sum + bytes, 0);
}
