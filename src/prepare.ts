import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {languageOf} from '../config/environment.ts';
import {type Flags, formatConfigError, loadSettings} from '../config/load.ts';
import type {Settings} from './domain/settings.ts';
import {createIo} from './io/create-io.ts';
import type {Io} from './io/io.ts';
import {stateSpaceProblem} from './work/state-space.ts';
import {stateFolders} from './work/state-folders.ts';

/** The shipped profiles lie beside the program, built or not. */
const profilesFolder = fileURLToPath(new URL('../config/systems', import.meta.url));

/** Reads the configuration and makes the way to the outside world; every mistake comes back as one line. */
export async function prepare(
	flags: Flags,
): Promise<{readonly io: Io; readonly settings: Settings} | {readonly errors: readonly string[]}> {
	const {env} = process;
	const loaded = await loadSettings({flags, environment: env, profilesFolder});
	if (!loaded.ok) {
		const language =
			flags.language === 'zh' || (flags.language === undefined && languageOf(env) === 'zh')
				? 'zh'
				: 'en';
		return {errors: loaded.errors.map(error => formatConfigError(error, language))};
	}

	const {settings} = loaded;
	const {host, context} = settings.docker;
	const io = createIo({
		...(host === undefined ? {} : {host}),
		...(context === undefined ? {} : {context}),
	});
	// Named here, so that the panel shows the very folder that operations write to.
	const state = stateFolders({environment: io.environment, userId: io.host.userId()});
	const {backups} = state;
	// Told from the start on: what cannot be written down cannot be done either.
	const full = await stateSpaceProblem(io, state.root);
	const problems = [...settings.problems, ...(full ? [full] : [])];
	const audit = {isInSyslog: false, ...settings.audit, folder: state.audit};
	const storage = {backups, ...settings.storage};
	return {io, settings: {...settings, problems, audit, storage}};
}
