import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {findForbidden, findMachineTraces, findUnwantedWords, localLinks} from './support/tidy.ts';

// What the linter cannot see.

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync(
	'git',
	['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
	{
		cwd: root,
		encoding: 'utf8',
	},
)
	.split('\0')
	.filter(path => path !== '' && existsSync(join(root, path)));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const isText = (path: string): boolean => !/\.(png|ico|gz|tar|bin|dump)$/.test(path);
// The lock file is npm's, and the checks themselves must name what they look for.
const own = files.filter(
	path =>
		isText(path) &&
		path !== 'package-lock.json' &&
		!/^test\/(support\/tidy\.ts|unit\/support\/tidy\.test\.ts)$/.test(path),
);
const code = own.filter(path => /\.(ts|tsx|mjs|js|sh)$/.test(path) || path.startsWith('bin/'));
const markdown = own.filter(path => path.endsWith('.md'));

describe('sources', () => {
	const index = 'src/sources/index.ts';
	const sources = files.filter(path => /^src\/sources\/[a-z-]+\.ts$/.test(path));
	test.skipIf(!files.includes(index))('every file is reachable from the list of sources', () => {
		const reached = reachable(index);
		// source.ts holds the types that every source imports.
		const lost = sources.filter(path => !reached.has(path) && path !== 'src/sources/source.ts');
		expect(lost).toEqual([]);
	});
});

describe('names and words', () => {
	test('no file is called for what it is not', () => {
		expect(
			files.filter(path => /(^|[/.-])(utils?|helpers?|managers?|misc|common)\.[a-z]+$/.test(path)),
		).toEqual([]);
	});

	test('no unwanted words in code', () => {
		expect(
			code.flatMap(path => findUnwantedWords(read(path)).map(hit => `${path}: ${hit}`)),
		).toEqual([]);
	});

	test('no traces of the machine it was written on', () => {
		expect(
			own.flatMap(path => findMachineTraces(read(path)).map(hit => `${path}: ${hit}`)),
		).toEqual([]);
	});
});

describe('safety', () => {
	const program = code.filter(path => /^(src|views|hooks|config|bin)\//.test(path));
	test('the program contains nothing of the forbidden list', () => {
		expect(
			program.flatMap(path => findForbidden(read(path)).map(hit => `${path}: ${hit}`)),
		).toEqual([]);
	});
});

describe('documents', () => {
	test('README is short and names only scripts that exist', () => {
		if (!files.includes('README.md')) return;
		const text = read('README.md');
		expect(text.split('\n').length).toBeLessThanOrEqual(120);
		const {scripts} = packageFile();
		const named = [...text.matchAll(/(?:^|`)npm (?:run )?([a-z:]+)/gm)].map(
			match => match[1] ?? '',
		);
		const npmsOwn = ['ci', 'install', 'pack'];
		expect(named.filter(name => !(name in scripts) && !npmsOwn.includes(name))).toEqual([]);
	});

	test('every script of package.json starts something that exists', () => {
		const paths = Object.values(packageFile().scripts)
			.map(script => /(?:^|node )((?:bin|config|scripts|test)\/[\w./-]+)/.exec(script)?.[1])
			.filter(path => path !== undefined);
		expect(paths.filter(path => !existsSync(join(root, path)))).toEqual([]);
	});

	test('every document has one title, and its links lead somewhere', () => {
		const faults = markdown.flatMap(path => {
			const text = read(path).replace(/^```[^]*?^```/gm, '');
			const titles = text.match(/^# /gm)?.length ?? 0;
			const broken = localLinks(text).filter(link => !existsSync(join(root, dirname(path), link)));
			return [
				...(titles === 1 ? [] : [`${path}: ${titles} titles`]),
				...broken.map(link => `${path}: ${link}`),
			];
		});
		expect(faults).toEqual([]);
	});

	test.skipIf(!files.includes('config/generate.ts'))('generated documents are fresh', () => {
		execFileSync(process.execPath, ['config/generate.ts', '--check'], {cwd: root, stdio: 'pipe'});
	});
});

/** The files that a file imports, and those that they import. */
function reachable(path: string, seen = new Set<string>()): ReadonlySet<string> {
	seen.add(path);
	for (const match of read(path).matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)/g)) {
		const target = join(dirname(path), match[1] ?? match[2] ?? '');
		if (!seen.has(target) && files.includes(target)) reachable(target, seen);
	}
	return seen;
}

function packageFile(): {readonly scripts: Readonly<Record<string, string>>} {
	const parsed: unknown = JSON.parse(read('package.json'));
	if (typeof parsed !== 'object' || parsed === null || !('scripts' in parsed))
		throw new Error('no scripts');
	const {scripts} = parsed;
	if (typeof scripts !== 'object' || scripts === null) throw new Error('no scripts');
	return {
		scripts: Object.fromEntries(
			Object.entries(scripts).map(([name, script]) => [name, String(script)]),
		),
	};
}
