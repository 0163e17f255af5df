import type {FileEntry} from '../../io/io.ts';
import type {LookFacts} from '../reader.ts';
import {walkTree, type Visited, type Walk} from './walk-tree.ts';

/** A file that was seen, with what it takes on the disk. */
export type SeenFile = {readonly path: string; readonly bytes: number};

/** More entries of one folder are not measured but estimated from these. */
const mostEntries = 20_000;
const mostNames = 5_000_000;
/** Smaller files are not remembered, so that those with several names may count twice. */
const largeBytes = 1024 * 1024;
const keptFiles = 200;

function join(folder: string, name: string): string {
	return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

function takenBy({allocatedBytes, bytes}: FileEntry): number {
	return allocatedBytes ?? bytes;
}

/** Whether a file is a log by its name or place; the journal is counted on its own. */
function isLog(path: string): boolean {
	return /\.log(?:[.-][\w-]+)*$|\/var\/log\/(?!journal\/)/.test(path);
}

/** Walks one file system for bytes: the folders, and the largest files. Other file systems below it are left out. */
export async function walkBytes(
	{io, signal}: Pick<LookFacts, 'io' | 'signal'>,
	root: string,
	deadlineMs: number,
): Promise<Walk & {readonly files: readonly SeenFile[]; readonly log: SeenFile | undefined}> {
	const {device} = await io.files.stat(root);
	const seen = new Set<number>();
	let files: SeenFile[] = [];
	let log: SeenFile | undefined;

	function countFile(folder: string, entry: FileEntry): number {
		const bytes = takenBy(entry);
		if (entry.kind === 'file' && bytes > (log?.bytes ?? 0)) {
			const path = join(folder, entry.name);
			if (isLog(path)) log = {path, bytes};
		}

		if (bytes < largeBytes) return bytes;
		if (seen.has(entry.inode)) return 0;
		seen.add(entry.inode);
		files.push({path: join(folder, entry.name), bytes});
		if (files.length > keptFiles * 2) files = largestOf(files);
		return bytes;
	}

	async function visit(folder: string): Promise<Visited> {
		const entries = await io.files.list(folder, mostEntries);
		const own = entries.filter(entry => entry.device === device);
		const measured = own
			.filter(({kind}) => kind !== 'folder')
			.reduce((sum, entry) => sum + countFile(folder, entry), 0);
		const below = own.filter(({kind}) => kind === 'folder').map(({name}) => join(folder, name));
		if (entries.length < mostEntries) return {own: measured, below, isCut: false};
		const {length} = await io.files.names(folder, mostNames);
		return {own: (measured * length) / entries.length, below, isCut: true};
	}

	const walk = await walkTree(root, visit, {clock: io.clock, signal, deadlineMs});
	return {...walk, files: largestOf(files), log};
}

function largestOf(files: readonly SeenFile[]): SeenFile[] {
	return files.toSorted((a, b) => b.bytes - a.bytes).slice(0, keptFiles);
}

/** Walks one file system for entries, which are its inodes; no file is looked at, only the folders. */
export async function walkEntries(
	{io, signal}: Pick<LookFacts, 'io' | 'signal'>,
	root: string,
	deadlineMs: number,
): Promise<Walk> {
	const {device} = await io.files.stat(root);

	async function visit(folder: string): Promise<Visited> {
		const entries = await io.files.names(folder, mostNames);
		const paths = entries.filter(({kind}) => kind === 'folder').map(({name}) => join(folder, name));
		const below: string[] = [];
		for (const path of paths) {
			const entry = await io.files.lstat(path).catch(() => undefined);
			if (entry?.device === device) below.push(path);
		}

		return {own: entries.length, below, isCut: false};
	}

	return walkTree(root, visit, {clock: io.clock, signal, deadlineMs});
}
