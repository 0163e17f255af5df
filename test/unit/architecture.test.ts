import {globSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/architecture.md`, 'utf8');
const table = page.split('## Where to add\n')[1] ?? '';

test('everything that can be added has one row', () => {
	const added = [...table.matchAll(/^\| (an? [^|]+?|what [^|]+?) +\|/gm)].map(([, what]) => what);
	expect(added.length).toBeGreaterThan(12);
	expect(added).toEqual([...new Set(added)]);
});

test('every path of the page is there; a name in angles stands for some file', () => {
	const paths = [...page.matchAll(/`((?:src|config|views|hooks|test)\/[^` ]*)`/g)].flatMap(
		([, path = '']) => path,
	);
	expect(paths.length).toBeGreaterThan(50);
	const missing = paths.filter(
		path => globSync(path.replaceAll(/<[^>]+>/g, '*'), {cwd: root}).length === 0,
	);
	expect(missing).toEqual([]);
});
