import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';
import type {Settings} from '../../../src/domain/settings.ts';
import {nodeFiles, type FileAccess} from '../../../config/files.ts';
import {formatConfigError, loadSettings, type Flags, type Loaded} from '../../../config/load.ts';

/** The shipped profiles. */
export const profilesFolder = fileURLToPath(new URL('../../../config/systems', import.meta.url));

/** A machine of its own: a folder with a current folder, a home folder and /etc, and what the process has around it. */
export type Machine = {
	readonly folder: string;
	/** Writes a file below the folder with a mode (0600 unless given) and returns its path. */
	write(path: string, text: string, mode?: number): Promise<string>;
	/** Loads with this machine's files, from its folder `here`. */
	load(options?: {
		readonly flags?: Flags;
		readonly environment?: Readonly<Record<string, string>>;
		readonly files?: Partial<FileAccess>;
	}): Promise<Loaded>;
};

/** Makes a machine in a new folder that is removed after the test. */
export async function createMachine(): Promise<Machine> {
	const folder = await mkdtemp(join(tmpdir(), 'opsconsole-config-'));
	onTestFinished(async () => rm(folder, {recursive: true, force: true}));
	await mkdir(join(folder, 'here'), {mode: 0o755});
	const files: FileAccess = {
		...nodeFiles,
		currentFolder: () => join(folder, 'here'),
		// /etc of the machine is a folder of the test.
		read: async (path, maxBytes) =>
			nodeFiles.read(path.startsWith('/etc/') ? join(folder, path) : path, maxBytes),
	};
	return {
		folder,
		async write(path, text, mode = 0o600) {
			const full = join(folder, path);
			await mkdir(dirname(full), {recursive: true, mode: 0o755});
			await writeFile(full, text);
			await chmod(full, mode);
			return full;
		},
		load: async ({flags = {}, environment = {}, files: replaced} = {}) =>
			loadSettings({
				flags,
				environment: {HOME: join(folder, 'home'), ...environment},
				profilesFolder,
				files: {...files, ...replaced},
			}),
	};
}

/** The settings of a load that went well; its errors as the failure otherwise. */
export function settingsOf(loaded: Loaded): Settings {
	if (loaded.ok) return loaded.settings;
	throw new Error(loaded.errors.map(error => formatConfigError(error, 'en')).join('\n'));
}

/** The errors of one file as lines without its folder: `3:5: refrehs: unknown key; …`. */
export function errorsOf(loaded: Loaded, language: 'en' | 'zh' = 'en'): readonly string[] {
	return loaded.ok
		? []
		: loaded.errors.map(error =>
				formatConfigError(error, language).replace(/^.*opsconsole\.yaml:/, ''),
			);
}
