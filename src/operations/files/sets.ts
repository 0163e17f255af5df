import {clean} from '../../domain/clean.ts';
import {projectSet, type FileSet} from '../../domain/file-set.ts';
import {ProblemError} from '../../domain/problem.ts';
import {objectOf, textOf} from '../../domain/unknown.ts';
import type {Look} from '../operation.ts';

/** A set for every Compose project that runs here, by its folder's label. */
async function projectSets(look: Look): Promise<ReadonlyMap<string, FileSet>> {
	const sets = new Map<string, FileSet>();
	for (const container of look.containers) {
		const {project, id} = container;
		if (project === undefined || sets.has(project)) continue;
		const answer = await look.io.docker.get(`/containers/${id}/json`, look.signal).catch(() => {
			look.signal.throwIfAborted();
			return undefined;
		});
		const labels = objectOf(objectOf(objectOf(answer)['Config'])['Labels']);
		const folder = textOf(labels['com.docker.compose.project.working_dir']);
		if (folder.startsWith('/')) sets.set(project, projectSet(project, folder));
	}

	return sets;
}

/** The sets that can be backed up: the configured ones, and one for every other Compose project that runs here. */
export async function knownSets(look: Look): Promise<readonly FileSet[]> {
	const sets = new Map(await projectSets(look));
	for (const choice of look.settings.fileSets ?? []) {
		const folder = choice.folder ?? sets.get(choice.id)?.folder;
		// Named for a project that does not run: where its files are is not known now.
		if (folder !== undefined) sets.set(choice.id, {...projectSet(choice.id, folder), ...choice});
	}

	return [...sets.values()];
}

/** The set that is meant; without a name the only one. A folder of its own makes a set with the usual globs. */
export async function chooseSet(
	look: Look,
	{set, folder}: {readonly set?: string; readonly folder?: string},
): Promise<FileSet> {
	if (folder !== undefined) return projectSet(set ?? folder.split('/').at(-1) ?? 'files', folder);
	const sets = await knownSets(look);
	const matches = sets.filter(({id}) => set === undefined || id === set);
	const [only] = matches;
	if (only !== undefined && matches.length === 1) return only;
	const params = {
		asked: clean(set ?? '(none)', 100),
		known: sets.map(({id}) => clean(id, 100)).join(', ') || '-',
	};
	throw new ProblemError({code: 'files-no-set', params, retry: 'rarely'});
}
