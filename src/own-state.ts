import type {Settings} from './domain/settings.ts';
import type {Io} from './io/io.ts';
import {openStateFolders, stateFolders, type StateFolders} from './work/state-folders.ts';

/** The state folders for these settings, without touching them. */
export function foldersOf(io: Io, {storage}: Pick<Settings, 'storage'>): StateFolders {
	const {environment, host} = io;
	const backups = storage?.backups;
	return stateFolders({
		environment,
		userId: host.userId(),
		...(backups !== undefined && {backups}),
	});
}

/** The state folders for these settings, made where they are missing. Rejects with `state-folder-unusable`. */
export async function openState(
	io: Io,
	settings: Pick<Settings, 'storage'>,
): Promise<StateFolders> {
	const state = foldersOf(io, settings);
	await openStateFolders(state, io.host.userId());
	return state;
}
