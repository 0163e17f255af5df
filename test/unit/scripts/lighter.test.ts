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
		define: {'process.env.NODE_ENV': '"production"'},
		// Ink cannot be bundled without the stand-in for its development tools.
		plugins: lighterPlugins(root).filter(
			({name}) => isChanged || name === 'without-development-tools',
		),
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
				const clips = clip ? [clip].flat() : [];
				for (const one of clips) output.clip(one);
				output.write(x, y, text, {transformers: [line => line.replace('<', '>')]});
				for (const one of clips) output.unclip();
			}
			return output.get().output;
		}`;
	const changed = functionOf(await bundled(source, true), 'draw');
	const plain = functionOf(await bundled(source, false), 'draw');
	const clip = {x1: 1, x2: 9, y1: 0, y2: 3};
	const whole = {x1: 0, x2: 20, y1: 0, y2: 4};
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
		// Side by side: put together without the grid.
		[
			[0, 0, '\u001B[1mbold\u001B[22m < '],
			[8, 0, '\u001B[31mred 中文\u001B[39m', whole],
			[17, 0, '  \u001B[7m \u001B[27m'],
			[0, 1, 'a', [whole, whole]],
			[3, 2, '─ ┐ \u001B[2m…\u001B[22m'],
			[19, 2, 'x'],
		],
		// One style goes on over the border of two texts; two texts overlap; one is outside, one is cut by an outer clip.
		[
			[0, 0, '\u001B[31mred\u001B[39m'],
			[3, 0, '\u001B[31mand\u001B[39m'],
		],
		[
			[0, 0, 'abcdef'],
			[3, 0, 'XY'],
			[5, 1, 'later'],
			[0, 1, 'sooner'],
		],
		[
			[0, 5, 'below'],
			[18, 1, 'right of it'],
			[0, 2, 'cut by the outer one', [clip, whole]],
		],
	];
	for (const frame of [...frames, ...frames]) expect(changed(frame)).toBe(plain(frame));
});

test('rows that keep their texts draw the same frames through changes of every kind', async () => {
	const source = `import {createElement as element, Fragment} from 'react';
		import {EventEmitter} from 'node:events';
		import {Box, render, Text, Transform} from 'ink';
		const words = ['cpu', ' 12%', '中文', '', 'a\\tb', '│ x', 'much longer than the row is wide'];
		const styles = [{}, {bold: true}, {dimColor: true}, {inverse: true, color: 'red'}, {color: 'green'}];
		export async function draw(seed) {
			let state = seed;
			const pick = count => {
				state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
				return (state >> 12) % count;
			};
			const piece = (key, depth) => {
				const text = words[pick(words.length)];
				switch (pick(depth > 1 ? 2 : 5)) {
					case 0: return element(Fragment, {key}, text);
					case 1: return element(Text, {key, ...styles[pick(styles.length)]}, text);
					case 2: return element(Text, {key, ...styles[pick(styles.length)]}, pieces(depth + 1));
					case 3: {
						const sign = words[pick(2)];
						return element(Transform, {key, transform: line => line.replace('c', sign)}, element(Text, null, text));
					}
					default: return null;
				}
			};
			const pieces = depth => Array.from({length: pick(4)}, (_, index) => piece(pick(2) * 10 + index, depth));
			const row = key => pick(6) === 0
				? null
				: element(Box, {key, display: pick(8) === 0 ? 'none' : 'flex'},
					element(Text, {wrap: ['truncate', 'wrap', 'truncate-middle'][pick(3)]}, pieces(0)));
			const rows = Array.from({length: 6}, () => undefined);
			const screen = () => {
				for (const index of rows.keys()) if (rows[index] === undefined || pick(2) === 0) rows[index] = row(index);
				return element(Box, {flexDirection: 'column', width: 20, height: 8}, [...rows]);
			};
			const stdout = Object.assign(new EventEmitter(), {columns: 20, rows: 8, frames: [], write(text) { this.frames.push(text); }});
			const stdin = Object.assign(new EventEmitter(), {setEncoding() {}, setRawMode() {}, ref() {}, unref() {}, resume() {}, pause() {}, read: () => null});
			const instance = render(screen(), {stdout, stdin, debug: true, exitOnCtrlC: false, patchConsole: false});
			for (let count = 0; count < 50; count++) {
				instance.rerender(screen());
				await new Promise(resolve => setImmediate(resolve));
			}
			instance.unmount();
			return stdout.frames;
		}`;
	const changed = functionOf(await bundled(source, true), 'draw');
	const plain = functionOf(await bundled(source, false), 'draw');
	for (const seed of [1, 2]) {
		const frames = await plain(seed);
		expect(new Set(frames as string[]).size).toBeGreaterThan(20);
		expect(await changed(seed)).toEqual(frames);
	}
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
