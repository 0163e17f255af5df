import {checkRunOf, type CheckTarget} from '../domain/check-runs.ts';
import type {Io} from '../io/io.ts';
import type {PolledSource} from './source.ts';

/** A result is a list of some dozens of lines with what was seen. */
const maxFileBytes = 1024 * 1024;

/** Every checklist is a folder; more are not ours. */
const maxChecklists = 100;

/** The newest result of a checklist; the name of its file is its time. */
async function newestIn({files}: Io, folder: string): Promise<string> {
	const names = (await files.names(folder, 100_000))
		.map(({name}) => name)
		.filter(name => /^\d{13,15}\.json$/.test(name))
		.toSorted();
	const newest = names.at(-1);
	return newest === undefined ? '' : files.readText(`${folder}/${newest}`, maxFileBytes);
}

/** Every minute: whether the checklists that are gone through here were forgotten. */
export const checkRuns: PolledSource<'checks.runs', CheckTarget> = {
	id: 'checks.runs',
	kind: 'polled',
	everyMs: 60_000,
	timeoutMs: 10_000,
	open: (io, {folder}) => ({
		async read(signal) {
			const names = await io.files.names(folder, maxChecklists).catch(() => []);
			const texts = await Promise.all(
				names
					.filter(({kind}) => kind === 'folder')
					.map(async ({name}) => newestIn(io, `${folder}/${name}`).catch(() => '')),
			);
			signal.throwIfAborted();
			const nowMs = io.clock.now();
			return {checklists: texts.flatMap(text => checkRunOf(text, nowMs) ?? [])};
		},
	}),
};
