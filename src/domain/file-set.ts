import {globMatcher} from './glob.ts';

/** Files that are backed up together. */
export type FileSet = {
	/** Name of the set and of its series of backups. */
	readonly id: string;
	/** Absolute folder that the globs are relative to. */
	readonly folder: string;
	/** Globs over the path below the folder; one that ends in `/` is a folder with everything in it. */
	readonly paths: readonly string[];
	readonly exclude: readonly string[];
	/** Largest file that is taken, in bytes; larger ones are named, not taken. */
	readonly maxBytes: number;
	/** Files whose every value is masked in comparisons. */
	readonly secrets: readonly string[];
};

/** A configured set: what is absent comes from the Compose project of this name, or is as usual. */
export type FileSetChoice = Pick<FileSet, 'id'> & Partial<FileSet>;

/** What every set leaves out: caches, foreign histories and our own stages. */
const neverTaken = ['.git', 'node_modules', '__pycache__', '.venv', '.opsconsole-stage-*'];

/** The configuration of a Compose project and what its services usually read and write beside it. */
export function projectSet(id: string, folder: string): FileSet {
	return {
		id,
		folder,
		paths: [
			'.env*',
			'*.env',
			'*compose*.{yml,yaml}',
			'Dockerfile*',
			'Makefile',
			'nginx/',
			'nginx*.conf',
			'config/',
			'conf/',
			'scripts/',
			'ssl/',
			'uploads/',
			'opsconsole.yaml',
		],
		exclude: ['*.log', '*.pyc'],
		maxBytes: 256 * 1024 * 1024,
		secrets: ['.env*', '*.env', '*.key', '*.pem', '*secret*', '*password*'],
	};
}

/** How a set judges a path below its folder. */
export type FileSetRules = {
	/** Not even looked into. */
	readonly isLeftOut: (path: string) => boolean;
	readonly isTaken: (path: string) => boolean;
	readonly isSecret: (path: string) => boolean;
	/** Whether something below this folder may be taken. */
	readonly mayHold: (path: string) => boolean;
};

/** Compiles the globs of a set. */
export function rulesOf(set: FileSet): FileSetRules {
	const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
	const excluded = set.exclude.map(glob => globMatcher(glob));
	const never = neverTaken.map(glob => globMatcher(glob));
	const secret = set.secrets.map(glob => globMatcher(glob));
	const folders = set.paths.filter(glob => glob.endsWith('/')).map(glob => glob.slice(0, -1));
	const below = folders.map(glob => globMatcher(`${glob}/*`));
	const itself = folders.map(glob => globMatcher(glob));
	const plain = set.paths.filter(glob => !glob.endsWith('/'));
	// `*` of a glob does not reach into folders here, unless the glob names a folder itself.
	const files = plain.map(glob => {
		const parts = glob.split('/').map(part => globMatcher(part));
		return {matches: globMatcher(glob), parts, depth: parts.length};
	});
	const depthOf = (path: string) => path.split('/').length;
	return {
		isLeftOut: path =>
			never.some(matches => matches(nameOf(path))) ||
			excluded.some(matches => matches(path) || matches(nameOf(path))),
		isTaken: path =>
			below.some(matches => matches(path)) ||
			files.some(({matches, depth}) => depth === depthOf(path) && matches(path)),
		isSecret: path => secret.some(matches => matches(path) || matches(nameOf(path))),
		mayHold: path =>
			itself.some(matches => matches(path)) ||
			below.some(matches => matches(path)) ||
			folders.some(glob => glob.startsWith(`${path}/`)) ||
			files.some(
				({parts, depth}) =>
					depth > depthOf(path) && path.split('/').every((part, at) => parts[at]?.(part)),
			),
	};
}
