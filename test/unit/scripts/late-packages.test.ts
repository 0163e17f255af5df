import {readFileSync, readdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The nearest package.json says whether a `.js` file is an ES module. */
function isModule(file: string): boolean {
	if (!file.endsWith('.js')) return file.endsWith('.mjs');
	for (let folder = dirname(file); ; folder = dirname(folder)) {
		try {
			const {type} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
				type?: string;
			};
			return type === 'module';
		} catch {
			if (folder === dirname(folder)) return false;
		}
	}
}

/** Names that are taken out of a package at once; those of `default` are safe. */
const named = /\{(?!default)[^{}]*\} = await import\('([a-z@][^']*)'\);/g;

test('what is imported late by name is an ES module: in the bundle any other has no names', () => {
	const files = readdirSync(join(root, 'src'), {recursive: true, encoding: 'utf8'});
	const late = files
		.filter(name => /\.tsx?$/.test(name))
		.flatMap(name => [...readFileSync(join(root, 'src', name), 'utf8').matchAll(named)])
		.map(([, name = '']) => name)
		.filter(name => !name.startsWith('node:'));
	expect(late).not.toHaveLength(0);
	const others = late.filter(name => !isModule(fileURLToPath(import.meta.resolve(name))));
	expect(others).toEqual([]);
});
