import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {createFrameCache} from '../../../scripts/bundle/output-caches.mjs';
import {lighterPlugins, replaceIn} from '../../../scripts/lighter.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A module that esbuild makes of `contents`, with the changes that the product gets or as the packages are. */
async function bundled(contents: string, isChanged: boolean): Promise<object> {
	const packageFile = JSON.stringify(join(root, 'package.json'));
	const result = await build({
		stdin: {contents, resolveDir: root},
		bundle: true,
		write: false,
		format: 'esm',
		platform: 'node',
		banner: {
			js: `import {createRequire as __from} from 'node:module';const require=__from(${packageFile});`,
		},
		plugins: isChanged ? lighterPlugins(root) : [],
		logLevel: 'silent',
	});
	const text = Buffer.from(result.outputFiles[0]?.text ?? '').toString('base64');
	const loaded: unknown = await import(`data:text/javascript;base64,${text}`);
	return typeof loaded === 'object' && loaded !== null ? loaded : {};
}

function functionOf(module: object, name: string): (...values: unknown[]) => unknown {
	const found: unknown = Object.entries(module).find(([key]) => key === name)?.[1];
	if (typeof found !== 'function') throw new Error(`${name} is not exported`);
	return (...values) => {
		const result: unknown = Reflect.apply(found, undefined, values);
		return result;
	};
}

test('the bundled string-width counts as the package does', async () => {
	const changed = functionOf(
		await bundled(`export {default as width} from 'string-width'`, true),
		'width',
	);
	const texts = [
		'',
		'abc',
		'─ 容器 ▁█',
		'👩‍👩‍👧',
		'é',
		'⚠️ x',
		'🇩🇪',
		'각',
		'1️⃣',
		'ﾞ',
		'\u001B[31mred\u001B[39m',
	];
	for (const text of texts) {
		expect(changed(text), JSON.stringify(text)).toBe(stringWidth(text));
		const wide = {ambiguousIsNarrow: false};
		expect(changed(text, wide)).toBe(stringWidth(text, wide));
	}
});

test('the bundled output of Ink draws the same frames as the package does', async () => {
	const ink = dirname(createRequire(import.meta.url).resolve('ink'));
	const path = join(ink, 'output.js');
	const source = `import Output from ${JSON.stringify(path)};
		export function draw(writes) {
			const output = new Output({width: 20, height: 4});
			for (const [x, y, text, clip] of writes) {
				if (clip) output.clip(clip);
				output.write(x, y, text, {transformers: []});
				if (clip) output.unclip();
			}
			return output.get().output;
		}`;
	const changed = functionOf(await bundled(source, true), 'draw');
	const plain = functionOf(await bundled(source, false), 'draw');
	const clip = {x1: 1, x2: 9, y1: 0, y2: 3};
	const frames = [
		[
			[0, 0, 'plain'],
			[0, 1, '\u001B[31mred\u001B[39m and\nmore lines\nthan fit\nhere\n!'],
		],
		[
			[0, 0, 'plain'],
			[0, 1, '\u001B[31mred\u001B[39m and\nother lines'],
			[2, 1, '中文', clip],
		],
		[
			[0, 0, '\u00adsoft'],
			[18, 0, '中'],
			[3, 2, '\u001B[1mwide 中文 text\u001B[22m', clip],
		],
		[
			[0, 0, 'plain'],
			[0, 3, ''],
		],
	];
	for (const frame of [...frames, ...frames]) expect(changed(frame)).toBe(plain(frame));
});

test('a cache keeps what the last frame used, and nothing older', () => {
	const made: string[] = [];
	const cache = createFrameCache((key: string) => {
		made.push(key);
		return key.length;
	});
	expect([cache.get('a'), cache.get('')]).toEqual([1, 0]);
	cache.nextFrame();
	expect([cache.get('a'), cache.get('a')]).toEqual([1, 1]);
	cache.nextFrame();
	expect([cache.get('a'), cache.get('')]).toEqual([1, 0]);
	expect(made).toEqual(['a', '', '']);
});

test('a package that changed stops the build', () => {
	const path = join(root, 'node_modules/string-width/index.js');
	expect(() => replaceIn(readFileSync(path, 'utf8'), 'not in it', '')).toThrow('no longer in it');
});
