import {clean} from '../../domain/clean.ts';
import type {LookFacts} from '../reader.ts';
import {most} from '../figures.ts';

/** A process that holds files which were deleted. */
export type Holder = {
	readonly pid: number;
	readonly name: string;
	readonly bytes: number;
	/** The largest of them, as it was called. */
	readonly largest: string;
};

export type DeletedFiles = {
	/** Each file once, whoever holds it. */
	readonly bytes: number;
	/** The one that holds the most, first. */
	readonly holders: readonly Holder[];
};

const batchSize = 16;
const mostHandles = 100_000;
const ending = ' (deleted)';
/** Memory that only looks like a file. */
const memory = /^\/(?:memfd:|dev\/|SYSV|\[|i915)/;

type Held = {readonly path: string; readonly bytes: number; readonly key: string};

/** The deleted files that one process holds, on one of these devices. */
async function heldBy(
	pid: string,
	{io}: Pick<LookFacts, 'io'>,
	devices: ReadonlySet<number>,
): Promise<readonly Held[]> {
	const folder = `/proc/${pid}/fd`;
	const handles = await io.files.names(folder, mostHandles).catch(() => []);
	const held = await Promise.all(
		handles.map(async ({name}) => {
			const path = await io.files.readLink(`${folder}/${name}`).catch(() => '');
			if (!path.endsWith(ending) || !path.startsWith('/') || memory.test(path)) return undefined;
			const entry = await io.files.stat(`${folder}/${name}`).catch(() => undefined);
			if (entry?.kind !== 'file' || !devices.has(entry.device)) return undefined;
			const bytes = entry.allocatedBytes ?? entry.bytes;
			return {path: path.slice(0, -ending.length), bytes, key: `${entry.device}:${entry.inode}`};
		}),
	);
	// The same file through two handles takes its place once.
	return [...new Map(held.flatMap(one => (one ? [[one.key, one] as const] : []))).values()];
}

/**
 * Deleted files that processes still have open, by their holders. Only processes that this user may look into are seen:
 * without root those of others are missing.
 */
export async function deletedFiles(
	facts: Pick<LookFacts, 'io' | 'signal'>,
	devices: ReadonlySet<number>,
): Promise<DeletedFiles> {
	const {io, signal} = facts;
	const names = await io.files.names('/proc', 200_000);
	const pids = names.map(({name}) => name).filter(name => /^\d+$/.test(name));
	const sizes = new Map<string, number>();
	const holders: Holder[] = [];
	for (let start = 0; start < pids.length; start += batchSize) {
		signal.throwIfAborted();
		const batch = pids.slice(start, start + batchSize);
		const found = await Promise.all(
			batch.map(async pid => ({pid, held: await heldBy(pid, facts, devices)})),
		);
		for (const {pid, held} of found) {
			const largest = most(held, ({bytes}) => bytes);
			if (largest === undefined) continue;
			for (const {key, bytes} of held) sizes.set(key, bytes);
			const name = await io.files.readText(`/proc/${pid}/comm`, 64).catch(() => '?');
			holders.push({
				pid: Number(pid),
				name: clean(name.trim(), 60),
				bytes: held.reduce((sum, {bytes}) => sum + bytes, 0),
				largest: clean(largest.path, 300),
			});
		}
	}

	return {
		bytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
		holders: holders.toSorted((a, b) => b.bytes - a.bytes),
	};
}
