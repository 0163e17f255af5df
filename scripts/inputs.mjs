import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

/** What the bundle is made of: files and folders, relative to the package. */
const buildInputs = [
	'src',
	'views',
	'hooks',
	'config',
	'package-lock.json',
	'scripts/build.mjs',
	'scripts/inputs.mjs',
	'scripts/lighter.mjs',
	'scripts/merge-chunks.mjs',
	'scripts/bundle',
];

/** Every file of the bundle's inputs, sorted, with a cheap sign of change (`size:mtime`). */
export function listInputs(root) {
	const files = [];
	const visit = path => {
		const stat = statSync(join(root, path), {throwIfNoEntry: false});
		if (stat === undefined) return;
		if (!stat.isDirectory()) {
			files.push([path, `${stat.size}:${stat.mtimeMs}`]);
			return;
		}
		for (const name of readdirSync(join(root, path))) visit(`${path}/${name}`);
	};
	for (const path of buildInputs) visit(path);
	return files.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One short text that changes when any input's size or time does. Costs a stat per file. */
export function quickSign(files) {
	return digest(files.map(([path, sign]) => `${path} ${sign}`).join('\n'));
}

/** One short text that changes when any input's name or content does. Reads every file. */
export function contentSign(root, files) {
	const hash = createHash('sha256');
	for (const [path] of files) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
	return hash.digest('hex');
}

/** `size:mtime` of a file, or an empty text where there is none. */
export function fileSign(path) {
	const stat = statSync(path, {throwIfNoEntry: false});
	return stat === undefined ? '' : `${stat.size}:${stat.mtimeMs}`;
}

/** The object in a JSON file, or an empty one where it is missing or damaged. */
export function readStamp(path) {
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch {
		return {};
	}
}

/** Writes a stamp so that a reader sees the old or the new one, never half of it. */
export function writeStamp(path, value) {
	mkdirSync(dirname(path), {recursive: true});
	writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(value)}\n`);
	renameSync(`${path}.${process.pid}`, path);
}

function digest(text) {
	return createHash('sha256').update(text).digest('hex');
}
