import type {Clock} from '../../io/io.ts';

/** A folder that was visited. `own` counts what lies directly in it, `total` everything below as well. */
export type WalkedFolder = {
	readonly path: string;
	/** Place of the folder that it lies in; -1 for the root. */
	readonly parent: number;
	own: number;
	total: number;
};

export type Walk = {
	/** Parents before their children; the first is the root. */
	readonly folders: readonly WalkedFolder[];
	/** Nothing was left out: in time, and everything could be read. */
	readonly isComplete: boolean;
};

/** What one folder has directly in it, and the paths of the folders below it that belong to the same file system. */
export type Visited = {
	readonly own: number;
	readonly below: readonly string[];
	readonly isCut: boolean;
};

const lanes = 8;
/** How long a folder that is just read may take beyond the deadline, in ms. */
const graceMs = 1500;
const maxFolders = 400_000;

function isGone(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Walks the folders below a root, the upper ones first, so that a walk that is cut short by its deadline has seen them all.
 * Rejects only with the signal's reason.
 */
export async function walkTree(
	root: string,
	visit: (folder: string) => Promise<Visited>,
	{
		clock,
		signal,
		deadlineMs,
	}: {readonly clock: Clock; readonly signal: AbortSignal; readonly deadlineMs: number},
): Promise<Walk> {
	const folders: WalkedFolder[] = [{path: root, parent: -1, own: 0, total: 0}];
	const endMs = clock.monotonic() + deadlineMs;
	let next = 0;
	const state = {isCut: false, busy: 0};

	async function step(place: number, folder: WalkedFolder): Promise<void> {
		try {
			const {own, below, isCut: isShort} = await visit(folder.path);
			folder.own = own;
			folder.total = own;
			state.isCut ||= isShort;
			for (const path of below) folders.push({path, parent: place, own: 0, total: 0});
		} catch (error) {
			state.isCut ||= !isGone(error);
		}
	}

	async function lane(): Promise<void> {
		while (clock.monotonic() < endMs && folders.length < maxFolders) {
			signal.throwIfAborted();
			const place = next;
			const folder = folders[place];
			if (folder === undefined) {
				if (state.busy === 0) return;
				// Another lane may still find folders.
				await clock.sleep(1, signal);
				continue;
			}

			next += 1;
			state.busy += 1;
			await step(place, folder);
			state.busy -= 1;
		}
	}

	const done = new AbortController();
	// A folder of a server that is away never answers.
	const late = clock.sleep(deadlineMs + graceMs, AbortSignal.any([signal, done.signal])).then(
		() => (state.isCut = true),
		() => undefined,
	);
	try {
		await Promise.race([Promise.all(Array.from({length: lanes}, lane)), late]);
	} finally {
		done.abort();
	}

	signal.throwIfAborted();
	for (const folder of folders.toReversed()) {
		const above = folders[folder.parent];
		if (above !== undefined) above.total += folder.total;
	}

	return {folders, isComplete: !state.isCut && next >= folders.length};
}

/**
 * The folder that stands out: from the root down as long as one folder holds at least half of what is in the one above.
 * At least one step, because everybody knows that everything lies below the root. Undefined for an empty tree.
 */
export function standOut({folders}: Walk): WalkedFolder | undefined {
	const largest = new Map<number, {readonly place: number; readonly folder: WalkedFolder}>();
	for (const [place, folder] of folders.entries()) {
		const known = largest.get(folder.parent);
		if (known === undefined || folder.total > known.folder.total) {
			largest.set(folder.parent, {place, folder});
		}
	}

	let at = largest.get(-1);
	for (;;) {
		const below = at === undefined ? undefined : largest.get(at.place);
		if (at === undefined || below === undefined || below.folder.total === 0) break;
		if (at.place !== 0 && below.folder.total * 2 < at.folder.total) break;
		at = below;
	}

	return at === undefined || at.folder.total === 0 ? undefined : at.folder;
}

/** The folders that hold the most, each without what lies deeper in another one of them. */
export function topFolders({folders}: Walk, count: number): readonly WalkedFolder[] {
	return folders
		.filter(({own}) => own > 0)
		.toSorted((a, b) => b.own - a.own)
		.slice(0, count);
}
