import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {build} from 'esbuild';
import {expect, test} from 'vitest';
import {mergeChunks} from '../../../scripts/merge-chunks.mjs';

const sources = {
	'state.ts': 'export const seen: string[] = []; export const one = {count: 0};',
	'shared.ts': `import {one, seen} from './state.ts'; seen.push('shared');
		export const name = 'shared'; export function more() { return ++one.count; }`,
	'first.ts': `import {more, name} from './shared.ts'; import {seen} from './state.ts';
		seen.push('first'); export const run = async () => { more(); return [name, await import('./second.ts')]; };`,
	'second.ts': `import {more} from './shared.ts'; import {seen} from './state.ts'; await 0;
		seen.push('second'); const name = 'second'; export {name}; export const later = async () => { more(); return import('./rare.ts'); };`,
	'rare.ts': `import {one, seen} from './state.ts'; import {more} from './shared.ts'; import {name} from './second.ts';
		seen.push('rare'); export const told = () => ({count: more(), same: one.count, name, seen});`,
	'main.ts': `export const begin = async () => (await import('./first.ts')).run();`,
};

test('joined files are one of each, in the order of before, also for what is loaded later', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'opsconsole-merge-'));
	try {
		for (const [name, text] of Object.entries(sources)) await writeFile(join(folder, name), text);
		await writeFile(join(folder, 'package.json'), '{"type": "module"}');
		const {metafile} = await build({
			absWorkingDir: folder,
			entryPoints: ['main.ts'],
			outdir: 'out',
			bundle: true,
			splitting: true,
			format: 'esm',
			platform: 'node',
			chunkNames: 'chunk-[hash]',
			metafile: true,
		});
		const {outputs} = metafile;
		const out = join(folder, 'out');
		const added = await mergeChunks({outputs, folder: out, entries: ['first.ts', 'second.ts']});
		expect(added).toHaveLength(2);
		expect(await readFile(join(out, added[0] ?? ''), 'utf8')).toContain('"shared"');
		const told: unknown = await import(pathToFileURL(join(out, 'main.js')).href).then(
			async (main: {begin(): Promise<[string, {later(): Promise<{told(): unknown}>}]>}) => {
				const [, second] = await main.begin();
				return (await second.later()).told();
			},
		);
		expect(told).toEqual({
			count: 3,
			same: 3,
			name: 'second',
			seen: ['shared', 'first', 'second', 'rare'],
		});
		const entries = ['none.ts'];
		await expect(mergeChunks({outputs, folder: out, entries})).rejects.toThrow('none.ts');
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
});
