import {copyFile, mkdir, mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {lighterPlugins} from '../../scripts/lighter.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program of the tests that has views, which Node cannot load as they are. */
export type Bundle = {readonly file: string; remove(): Promise<void>};

/** Bundles a file of `test/support` into a folder of its own inside the project, so that packages are found. */
export async function bundleOf(name: string): Promise<Bundle> {
	const cache = join(root, '.cache');
	await mkdir(cache, {recursive: true});
	const folder = await mkdtemp(join(cache, 'test-'));
	// The program reads its version beside its folder.
	await copyFile(join(root, 'package.json'), join(folder, 'package.json'));
	await build({
		absWorkingDir: root,
		entryPoints: [`test/support/${name}`],
		outdir: join(folder, 'out'),
		outExtension: {'.js': '.mjs'},
		bundle: true,
		splitting: true,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		jsx: 'automatic',
		define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
		banner: {
			js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
		},
		external: ['pg-native'],
		logLevel: 'warning',
		plugins: lighterPlugins(root),
	});
	return {
		file: join(folder, 'out', name.replace(/\.ts$/, '.mjs')),
		remove: () => rm(folder, {recursive: true, force: true}),
	};
}
