import type {FileAccess} from './files.ts';
import {expect, formatPath, type ConfigError} from './error.ts';
import {isList, isMap, type Path, type Positions, type Tree} from './tree.ts';

/** Largest file that a `${file:…}` reference or a `password_file` may name. */
export const maxReferencedBytes = 64 * 1024;

type References = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly files: FileAccess;
	/** Folder that relative paths start from: the one of the file with the reference. */
	readonly folder: string;
	readonly positions: Positions;
};

const reference = /\$\$\{|\$\{(?:file:([^}]+)|([A-Za-z_]\w*)(?::-([^}]*))?|([^}]*))\}/g;

/** Stands for what is missing, so that the rest can still be checked. */
const placeholder = 'missing';

/** The files that were read, so that the caller can look at their modes. */
export type Referenced = {readonly path: Path; readonly file: string};

/**
 * Replaces `${NAME}`, `${NAME:-default}` and `${file:/path}` in every text of a tree (the last line break of a file is
 * dropped); `$${` stays as `${`. What is missing or empty becomes an error with its place and name, never a value.
 */
export async function resolveReferences(
	tree: Tree,
	references: References,
): Promise<{tree: Tree; errors: readonly ConfigError[]; files: readonly Referenced[]}> {
	const errors: ConfigError[] = [];
	const files: Referenced[] = [];
	const fail = (path: Path, expected: ConfigError['expected']) => {
		const place = references.positions.at(path).value;
		errors.push({kind: 'missing-reference', ...place, key: formatPath(path), expected});
	};

	const one = async (match: RegExpExecArray, path: Path): Promise<string> => {
		const [text, file, name, fallback] = match;
		if (text === '$${') return '${';
		if (file !== undefined) {
			const answer = await readReferenced(references, file);
			if (answer.path !== undefined) files.push({path, file: answer.path});
			if (answer.text === undefined) fail(path, answer.expected);
			return answer.text ?? placeholder;
		}

		if (name === undefined) {
			fail(path, expect('reference'));
			return placeholder;
		}

		const value = Object.hasOwn(references.environment, name)
			? references.environment[name]
			: undefined;
		if (value !== undefined && value !== '') return value;
		if (fallback === undefined) fail(path, expect('variable', {name}));
		return fallback ?? placeholder;
	};

	const walk = async (value: Tree, path: Path): Promise<Tree> => {
		if (typeof value === 'string') {
			if (!value.includes('${')) return value;
			let result = '';
			let end = 0;
			for (const match of value.matchAll(reference)) {
				result += value.slice(end, match.index) + (await one(match, path));
				end = match.index + match[0].length;
			}

			if (value.slice(end).includes('${')) fail(path, expect('reference'));
			return result + value.slice(end);
		}

		if (isList(value))
			return Promise.all(value.map(async (item, index) => walk(item, [...path, index])));
		if (!isMap(value)) return value;
		const entries = Object.entries(value).map(
			async ([key, item]) => [key, await walk(item, [...path, key])] as const,
		);
		return Object.fromEntries(await Promise.all(entries));
	};

	const resolved = await walk(tree, []);
	errors.sort((a, b) => a.line - b.line || a.column - b.column);
	return {tree: resolved, errors, files};
}

/** The text of a referenced file, or what was expected of it. */
export async function readReferenced(
	{files, folder}: {readonly files: FileAccess; readonly folder: string},
	name: string,
): Promise<
	| {readonly path: string; readonly text: string}
	| {
			readonly path?: undefined;
			readonly text?: undefined;
			readonly expected: ConfigError['expected'];
	  }
> {
	const path = files.resolve(folder, name.trim());
	try {
		const text = (await files.read(path, maxReferencedBytes)).text.replace(/\r?\n$/, '');
		return text === '' ? {expected: expect('filled-file', {name: path})} : {path, text};
	} catch (error) {
		return {expected: expect('readable-file', {name: path, cause: files.causeOf(error)})};
	}
}
