import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import type {Settings} from '../../src/domain/settings.ts';
import type {Io} from '../../src/io/io.ts';
import {openState} from '../../src/own-state.ts';
import {prepare} from '../../src/prepare.ts';
import type {Launch} from '../../src/work/start.ts';
import type {StateFolders} from '../../src/work/state-folders.ts';
import {bundleOf} from '../support/bundle.ts';
import type {Ground} from './ground.ts';

/** The console of one play: what an operator has who started it with a configuration of their own. */
export type PlayConsole = {
	readonly io: Io;
	readonly settings: Settings;
	readonly state: StateFolders;
	/** How its workers are started. */
	readonly launch: Launch;
};

/** Makes the console of one play, with further lines of its configuration. */
export type OpenConsole = (lines: readonly string[]) => Promise<PlayConsole>;

/** Builds the program once for all plays; `remove` takes it away. */
export async function buildConsole(
	ground: Ground,
): Promise<{readonly open: OpenConsole; readonly remove: () => Promise<void>}> {
	const bundle = await bundleOf('road-main.ts');
	process.env['OPSCONSOLE_STATE'] = ground.folders.root;
	let count = 0;
	return {
		open: async lines => {
			const path = join(ground.folder, `opsconsole-${++count}.yaml`);
			const own = lines.some(line => line.startsWith('docker:'))
				? []
				: [`docker: {projects: [${ground.lab.project}]}`];
			const text = ['environment: {kind: test, name: scenarios}', ...own, ...lines];
			await writeFile(path, `${text.join('\n')}\n`, {mode: 0o600});
			const prepared = await prepare({config: path});
			if ('errors' in prepared) throw new Error(prepared.errors.join('\n'));
			const {io, settings} = prepared;
			const state = await openState(io, settings);
			const launch: Launch = {
				program: [process.execPath, bundle.file],
				options: [`--config=${path}`],
			};
			return {io, settings, state, launch};
		},
		remove: async () => bundle.remove(),
	};
}
