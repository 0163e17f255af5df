// Makes the program in dist/ from src/main.ts: ECMAScript modules in several files, so that the first screen
// is drawn before the collectors are read from disk.
import {build} from 'esbuild';
import {
	copyFileSync,
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
} from 'node:fs';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {contentSign, listInputs, quickSign, writeStamp} from './inputs.mjs';
import {lighterPlugins} from './lighter.mjs';
import {mergeChunks} from './merge-chunks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'dist');
const work = join(root, '.cache', `build-${process.pid}`);

const inputs = listInputs(root);
const signs = {quick: quickSign(inputs), content: contentSign(root, inputs)};

try {
	const result = await build({
		absWorkingDir: root,
		entryPoints: ['src/main.ts'],
		outdir: work,
		bundle: true,
		splitting: true,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		jsx: 'automatic',
		define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
		// Packages written for CommonJS call `require` for Node's own modules.
		banner: {
			js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
		},
		external: ['pg-native'],
		chunkNames: 'chunk-[hash]',
		legalComments: 'linked',
		logLevel: 'warning',
		metafile: true,
		plugins: lighterPlugins(root),
	});
	const {outputs} = result.metafile;
	const entries = ['src/cli.ts', 'src/prepare.ts', 'src/console.ts', 'src/ui.tsx'];
	const starting = await mergeChunks({outputs, folder: work, entries});
	publish([...Object.keys(outputs).map(path => basename(path)), ...starting]);
	writeStamp(join(target, 'stamp.json'), signs);
} finally {
	rmSync(work, {recursive: true, force: true});
}

/**
 * Puts the new files beside the old ones and switches over by the last rename: a console that is running from dist/
 * still finds the parts that it has not loaded yet. Parts that no build of the last day made are dropped (`--clean`: all).
 */
function publish(names) {
	mkdirSync(target, {recursive: true});
	for (const name of names.filter(name => name !== 'main.js')) {
		copyFileSync(join(work, name), join(target, name));
	}
	const profiles = join(root, 'config', 'systems');
	if (existsSync(profiles)) cpSync(profiles, join(target, 'systems'), {recursive: true});
	renameSync(join(work, 'main.js'), join(target, 'main.js'));
	const keptMs = process.argv.includes('--clean') ? -1 : 24 * 60 * 60 * 1000;
	for (const name of readdirSync(target)) {
		const isOldPart = /\.(js|txt)$/.test(name) && !names.includes(name);
		if (isOldPart && Date.now() - statSync(join(target, name)).mtimeMs > keptMs) {
			rmSync(join(target, name), {force: true});
		}
	}
}
