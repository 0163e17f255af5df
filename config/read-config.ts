import type {Problem} from '../src/domain/problem.ts';
import {formatPath, isSecretPath, type ConfigError} from './error.ts';
import type {FileAccess} from './files.ts';
import type {Layer} from './layer.ts';
import {parseYaml} from './parse-yaml.ts';
import {maxReferencedBytes, resolveReferences} from './references.ts';
import {secretFileProblem} from './secrets.ts';
import {isList, isMap, type Path, type Tree} from './tree.ts';
import {validate} from './validate.ts';

type Source = {readonly path: string; readonly text: string; readonly mode: number};

type Surroundings = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly files: FileAccess;
	readonly folder: string;
};

/**
 * Reads one configuration file into a layer: parse, replace references, validate. All mistakes of the file come back
 * together; a file that is no valid YAML is not validated any further.
 */
export async function readConfig(
	source: Source,
	surroundings: Surroundings,
): Promise<{
	readonly layer: Layer;
	readonly errors: readonly ConfigError[];
	readonly problems: readonly Problem[];
}> {
	const {tree, positions, errors} = parseYaml(source.text, source.path);
	const layer: Layer = {
		name: source.path,
		isFile: true,
		isSafe: true,
		config: {},
		at: path => positions.at(path).key,
	};
	if (errors.some(({kind}) => kind === 'syntax' || kind === 'limit'))
		return {layer, errors, problems: []};
	const resolved = await resolveReferences(tree, {...surroundings, positions});
	const broken = new Set(resolved.errors.map(({key}) => key));
	const checked = validate(resolved.tree, tree, positions);
	const problems = await findOpenSecrets(tree, {
		source,
		surroundings,
		layer,
		referenced: resolved.files,
	});
	return {
		layer: {...layer, config: checked.config},
		errors: [
			...errors,
			...resolved.errors,
			// An empty text where a reference is missing is no second mistake.
			...checked.errors.filter(({key}) => !broken.has(key)),
		].toSorted((a, b) => a.line - b.line || a.column - b.column),
		problems,
	};
}

/** Secret files that others can read, and passwords written out in a file that others can read. */
async function findOpenSecrets(
	tree: Tree,
	{
		source,
		surroundings,
		layer,
		referenced,
	}: {
		readonly source: Source;
		readonly surroundings: Surroundings;
		readonly layer: Layer;
		readonly referenced: readonly {readonly path: Path; readonly file: string}[];
	},
): Promise<readonly Problem[]> {
	const problems: Problem[] = [];
	for (const {path, file} of referenced) {
		if (!isSecretPath(path)) continue;
		const problem = secretFileProblem(
			file,
			await surroundings.files.read(file, maxReferencedBytes),
		);
		if (problem) problems.push(problem);
	}

	if ((source.mode & 0o044) === 0) return problems;
	for (const path of writtenPasswords(tree, [])) {
		const {line, column} = layer.at(path);
		const place = `${source.path}:${line}:${column} (${formatPath(path)})`;
		problems.push({
			code: 'config-secret-in-file',
			params: {place, file: source.path},
			retry: 'rarely',
		});
	}

	return problems;
}

function writtenPasswords(value: Tree, path: Path): Path[] {
	if (isList(value))
		return value.flatMap((item, index) => writtenPasswords(item, [...path, index]));
	if (isMap(value)) {
		return Object.entries(value).flatMap(([key, item]) => writtenPasswords(item, [...path, key]));
	}

	const isPassword = path.at(-1) === 'password' || isWebhookAddress(path);
	return isPassword && typeof value === 'string' && !value.includes('${') ? [path] : [];
}

/** The address of a webhook is all that somebody needs who wants to write there. */
function isWebhookAddress(path: Path): boolean {
	return path[0] === 'notifications' && path.at(-1) === 'url';
}
