import {execFile} from 'node:child_process';
import {mkdtemp, open, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';

const run = promisify(execFile);

/** A file system of its own, in memory. Give it back with `remove`. */
export type SmallDisk = {
	readonly folder: string;
	/** Writes until nothing more fits. */
	fill(): Promise<void>;
	/** Changes its size or makes it read-only, as `mount -o remount` takes it: `size=1m`, `ro`, `rw`. */
	remount(option: string): Promise<void>;
	remove(): Promise<void>;
};

/** Mounts such a disk; `options` as mount takes them (`size=1m,mode=0700`). Rejects where nobody may mount here. */
export async function mountSmallDisk(options: string): Promise<SmallDisk> {
	const folder = await mkdtemp(join(tmpdir(), 'opsconsole-disk-'));
	await run('mount', ['-t', 'tmpfs', '-o', options, 'opsct', folder]);
	return {
		folder,
		async fill() {
			const file = await open(join(folder, 'filler'), 'a');
			try {
				for (;;) await file.write(new Uint8Array(4096));
			} catch (error) {
				if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
			} finally {
				await file.close();
			}
		},
		async remount(option) {
			await run('mount', ['-o', `remount,${option}`, folder]);
		},
		async remove() {
			await run('umount', ['--lazy', folder]);
			await rm(folder, {recursive: true, force: true});
		},
	};
}

/** Why no disk can be mounted here; undefined where one can. */
export async function lacksMounting(): Promise<string | undefined> {
	try {
		await (await mountSmallDisk('size=64k')).remove();
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}
