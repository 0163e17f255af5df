import {chmod} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {nodeFiles} from '../../../config/files.ts';
import {findExcessiveDepth} from '../../../config/guard.ts';
import {parseYaml} from '../../../config/parse-yaml.ts';
import {createMachine, errorsOf, settingsOf} from './support.ts';

const bomb = [
	'a: &a [x,x,x,x,x,x,x,x,x]',
	...['b', 'c', 'd', 'e', 'f', 'g'].map((name, index) => {
		const below = '*' + (['a', 'b', 'c', 'd', 'e', 'f'][index] ?? 'a');
		return `${name}: &${name} [${Array.from({length: 9}, () => below).join(',')}]`;
	}),
].join('\n');

const hostile: readonly (readonly [name: string, text: string])[] = [
	['aliases of aliases', bomb],
	['an alias of itself', 'a: &a [*a]'],
	['an alias of nothing', 'a: *a'],
	['many aliases', `a: &a x\nb: [${'*a,'.repeat(1000)}]`],
	['many values', `a: [${'x,'.repeat(100_000)}]`],
	['flow lists 20000 deep', `a: ${'['.repeat(20_000)}`],
	['closed flow lists 20000 deep', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
	['flow maps 20000 deep', '{a: '.repeat(20_000)],
	[
		'deep behind quotes',
		`it's: "${']'.repeat(31)}"\nb: ${`${'['.repeat(31)}"${']'.repeat(31)}",`.repeat(200)}`,
	],
	['block lists 100000 deep on a line', '- '.repeat(100_000)],
	['complex keys 100000 deep', '? '.repeat(100_000)],
	[
		'block maps 400 deep',
		Array.from({length: 400}, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
	],
	['one bracket more than the limit', `a: ${'['.repeat(32)}x${']'.repeat(32)}`],
	['too large', `# ${'x'.repeat(256 * 1024)}`],
	['__proto__', '__proto__: {polluted: true}'],
	['__proto__ inside', 'docker: {__proto__: {polluted: true}}'],
	['__proto__ in quotes', '"__pro\\x74o__": {polluted: true}'],
	['constructor', 'constructor: {prototype: {polluted: true}}'],
	['a merge key', 'a: &a {polluted: true}\ndocker: {<<: *a}'],
	['a tag', 'a: !!js/function "function () {}"'],
	['an own tag', '!x a: 1'],
	['a tag directive', '%TAG ! tag:example.com:\n---\na: !b 1'],
	['binary', 'title: !!binary aGk='],
	['a set', 'title: !!set {a}'],
	['control characters', 'title: "\\e[2J"'],
	['a NUL', 'title: "\\0"'],
	['lone surrogates', 'title: "\\uD800"'],
	['keys that are lists', '? [a]\n: b'],
	['a megabyte in a line', 'x'.repeat(200_000)],
	['quotes that never end', `a: "${'\\'.repeat(100_000)}`],
	['one key a thousand times', 'title: a\n'.repeat(1000)],
	['only anchors', '&a '.repeat(80_000)],
	['many lines', 'title: a\n'.repeat(5001)],
	['only dashes', '-\n'.repeat(50_000)],
];

test.each(hostile)('%s: an error, no crash, no pollution', async (_, text) => {
	const machine = await createMachine();
	await machine.write('here/opsconsole.yaml', text);
	const loaded = await machine.load();
	expect(loaded.ok).toBe(false);
	expect(errorsOf(loaded).join('\n').length).toBeLessThan(20_000);
	expect(Object.keys(Object.prototype)).toEqual([]);
	expect('polluted' in {}).toBe(false);
});

test('what is allowed is not refused: depth at the limit, brackets in a text, a few aliases', () => {
	expect(findExcessiveDepth(`a: ${'['.repeat(30)}${']'.repeat(30)}`)).toBeUndefined();
	expect(findExcessiveDepth('a: "[{[{[{"\nb: |\n  deep\n    deeper\n')).toBeUndefined();
	expect(parseYaml('a: &a [1]\nb: *a\n', 'f').errors).toEqual([]);
	expect(parseYaml('a: &a [1]\nb: *a\n', 'f').tree).toEqual({a: [1], b: [1]});
});

test('a file that only its owner can change is trusted', async () => {
	const machine = await createMachine();
	await machine.write('here/opsconsole.yaml', 'title: x\n', 0o644);
	expect(settingsOf(await machine.load())).toMatchObject({isReadOnly: false, problems: []});
});

test.each([0o664, 0o646, 0o666])(
	'a file of mode %o starts read-only with the command that mends it',
	async mode => {
		const machine = await createMachine();
		const file = await machine.write('here/opsconsole.yaml', 'read_only: false\ntitle: x\n', mode);
		const settings = settingsOf(await machine.load());
		expect(settings).toMatchObject({isReadOnly: true, title: 'x'});
		const params = {file, culprit: file, command: `chmod go-w ${file}`};
		expect(settings.problems).toEqual([
			{code: 'config-writable-by-others', params, retry: 'rarely'},
		]);
	},
);

test('a folder above that others can write starts read-only', async () => {
	const machine = await createMachine();
	const file = await machine.write('here/opsconsole.yaml', 'title: x\n');
	await chmod(dirname(file), 0o775);
	const {isReadOnly, problems} = settingsOf(await machine.load());
	expect(isReadOnly).toBe(true);
	expect(problems[0]?.params).toMatchObject({
		culprit: dirname(file),
		command: `chmod go-w ${dirname(file)}`,
	});
});

/** Makes one path look as if it belonged to another user. */
function foreign(path: string): Partial<typeof nodeFiles> {
	return {
		read: async (name, maxBytes) => {
			if (name.startsWith('/etc/')) throw Object.assign(new Error(), {code: 'ENOENT'});
			const file = await nodeFiles.read(name, maxBytes);
			return name === path ? {...file, ownerId: 4242} : file;
		},
	};
}

test('a file of another user is not read unless it is named, and then read-only', async () => {
	const machine = await createMachine();
	const file = await machine.write('here/opsconsole.yaml', 'title: evil\n');
	const found = settingsOf(await machine.load({files: foreign(file)}));
	expect(found.title).toBeUndefined();
	expect(found.problems).toMatchObject([{code: 'config-foreign-file', params: {file}}]);
	const named = settingsOf(await machine.load({files: foreign(file), flags: {config: file}}));
	expect(named).toMatchObject({title: 'evil', isReadOnly: true});
});

test('a file that others can change does not redirect a password from below', async () => {
	const machine = await createMachine();
	await machine.write(
		'home/.config/opsconsole/opsconsole.yaml',
		'redis: [{id: a, host: good, password: canary}]\n',
	);
	await machine.write('here/opsconsole.yaml', 'redis: [{id: a, host: evil}]\n', 0o666);
	const [target] = settingsOf(await machine.load()).redis;
	expect(target).toMatchObject({host: 'evil'});
	expect(target?.password).toBeUndefined();
});

test('an unreadable usual file is a problem, a folder in its place too', async () => {
	const machine = await createMachine();
	await machine.write('here/opsconsole.yaml/inside', '');
	const settings = settingsOf(await machine.load());
	expect(settings.problems).toMatchObject([
		{
			code: 'config-unreadable-file',
			params: {file: join(machine.folder, 'here/opsconsole.yaml'), cause: 'ENOTREG'},
		},
	]);
});
