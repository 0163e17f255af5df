/** Something that changed in a stack. */
export type Change = {
	readonly atMs: number;
	readonly kind: 'image' | 'configuration' | 'container' | 'commit';
	readonly what: string;
};

/** What is known about when the parts of a stack were made or changed. */
export type ChangeFacts = {
	readonly containers: readonly {
		readonly name: string;
		readonly createdAtMs: number;
		readonly image: string;
		/** When its image was built or given its name here, whichever is later. */
		readonly imageAtMs?: number;
	}[];
	readonly files: readonly {readonly path: string; readonly modifiedAtMs: number}[];
	readonly commits: readonly {readonly atMs: number; readonly text: string}[];
};

const dayMs = 86_400_000;
/** A container that is made so soon after its image or the files were changed was made because of that. */
const becauseMs = 3_600_000;

/** The changes of a stack, the newest first. A new container says why it was made, where that can be told. */
export function changesOf({containers, files, commits}: ChangeFacts): readonly Change[] {
	const made = containers.map(({name, createdAtMs, image, imageAtMs}): Change => {
		const isBecauseOf = (atMs: number | undefined) =>
			atMs !== undefined && atMs <= createdAtMs && createdAtMs - atMs < becauseMs;
		if (isBecauseOf(imageAtMs)) {
			return {atMs: createdAtMs, kind: 'image', what: `${name}: ${image}`};
		}

		const file = files.find(({modifiedAtMs}) => isBecauseOf(modifiedAtMs));
		return file === undefined
			? {atMs: createdAtMs, kind: 'container', what: name}
			: {atMs: createdAtMs, kind: 'configuration', what: `${name}: ${file.path}`};
	});
	return [
		...made,
		...files.map(({path, modifiedAtMs}): Change => ({
			atMs: modifiedAtMs,
			kind: 'configuration',
			what: path,
		})),
		...commits.map(({atMs, text}): Change => ({atMs, kind: 'commit', what: text})),
	].toSorted((a, b) => b.atMs - a.atMs);
}

/** How many of each kind there were in the last day, and whether files wait for a container that knows them. */
export function countChanges(facts: ChangeFacts, nowMs: number) {
	const isRecent = (atMs: number | undefined) => atMs !== undefined && nowMs - atMs < dayMs;
	const newest = Math.max(...facts.containers.map(({createdAtMs}) => createdAtMs));
	const images = new Set(
		facts.containers.filter(({imageAtMs}) => isRecent(imageAtMs)).map(({image}) => image),
	);
	return {
		containers: facts.containers.filter(({createdAtMs}) => isRecent(createdAtMs)).length,
		images: images.size,
		files: facts.files.filter(({modifiedAtMs}) => isRecent(modifiedAtMs)).length,
		commits: facts.commits.filter(({atMs}) => isRecent(atMs)).length,
		isUnapplied:
			facts.containers.length > 0 && facts.files.some(({modifiedAtMs}) => modifiedAtMs > newest),
	};
}
