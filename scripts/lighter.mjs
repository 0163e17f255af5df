// What the bundle changes in packages so that the console starts in a quarter of the time and draws for a third of
// the cost (docs/decisions/0006-performance.md). Each change is a few words of the package's source; a release of the
// package that no longer has them stops the build instead of silently losing the change.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/** The plugins for esbuild; `root` is the package's folder. */
export function lighterPlugins(root) {
	const graphemes = join(root, 'src/domain/graphemes.ts');
	const caches = join(root, 'scripts/bundle/output-caches.mjs');
	return [
		{name: 'without-development-tools', setup: stubDevelopmentTools},
		{name: 'http-without-fetch', setup: requireHttp},
		patch('yoga-without-fetch', /yoga-wasm-base64-esm\.js$/, withoutFetch),
		patch('simple-graphemes', segmenters, source => withGraphemes(source, graphemes)),
		patch('simple-widths', /string-width\/index\.js$/, source =>
			withWidths(withGraphemes(source, graphemes), graphemes),
		),
		patch('kept-output-caches', /ink\/build\/output\.js$/, source => withCaches(source, caches)),
		patch('kept-texts', /ink\/build\/squash-text-nodes\.js$/, source =>
			withKeptTexts(source, caches),
		),
		patch('forgotten-texts', /ink\/build\/dom\.js$/, forgetTexts),
		patch('kept-text-widths', /ink\/build\/render-node-to-output\.js$/, withKeptWidths),
		patch('no-static-node', /ink\/build\/reconciler\.js$/, withoutStatic),
	];
}

const segmenters =
	/(ink\/build\/line-update|slice-ansi\/tokenize-ansi|wrap-ansi\/index|cli-truncate\/index|ansi-tokenize\/build\/tokenize)\.js$/;

/** A plugin that changes the source of the files whose path matches. */
function patch(name, filter, change) {
	return {
		name,
		setup(builder) {
			builder.onLoad({filter}, ({path}) => ({
				contents: change(readFileSync(path, 'utf8')),
				loader: 'js',
			}));
		},
	};
}

/** Replaces what must be there. */
export function replaceIn(source, what, by) {
	const result = source.replace(what, () => by);
	if (result === source) throw new Error(`a package changed: ${String(what)} is no longer in it`);
	return result;
}

/** Ink imports react-devtools-core only under DEV=true, but the bundler must find it all the same. */
function stubDevelopmentTools(builder) {
	builder.onResolve({filter: /^react-devtools-core$/}, () => ({
		path: 'react-devtools-core',
		namespace: 'stub',
	}));
	builder.onLoad({filter: /.*/, namespace: 'stub'}, () => ({contents: 'export default {};'}));
}

/**
 * `import … from 'node:http'` reads every export of it, among them those for which Node loads its whole fetch client:
 * 60 ms for nothing. `require` gives the module without touching them.
 */
function requireHttp(builder) {
	builder.onResolve({filter: /^node:https?$/}, ({path, kind, namespace}) =>
		namespace === 'required' || kind === 'require-call' ? undefined : {path, namespace: 'required'},
	);
	builder.onLoad({filter: /.*/, namespace: 'required'}, ({path}) => ({
		contents: `module.exports = require(${JSON.stringify(path)});`,
		loader: 'js',
	}));
}

/**
 * Yoga decodes its WebAssembly by `fetch('data:…')` where there is a fetch, and that loads all of Node's HTTP client:
 * 27 ms and 11 MB for nothing. Without one in its scope it decodes the text itself.
 */
function withoutFetch(source) {
	return `const fetch = undefined;\n${source}`;
}

function withGraphemes(source, path) {
	const changed = replaceIn(source, /new Intl\.Segmenter\([^)]*\)/g, 'simpleGraphemes');
	return `import {graphemes as simpleGraphemes} from ${JSON.stringify(path)};\n${changed}`;
}

function withWidths(source, path) {
	const changed = replaceIn(
		source,
		/\tlet width = 0;\n(\tconst eastAsianWidthOptions)/,
		`\tconst simple = ambiguousIsNarrow ? simpleWidth(string) : undefined;
	if (simple !== undefined) return simple;
	let width = 0;
	const eastAsianWidthOptions`,
	);
	// Compiling these four takes longer than drawing a screen, and a screen without emoji never needs them.
	const names = ['visibleCharacter', 'spacingMark', 'rgiEmoji', 'extendedPictographic'];
	const lazy = names.reduce((text, name) => withLazyPattern(text, `${name}Regex`), changed);
	return `import {simpleWidth} from ${JSON.stringify(path)};\n${lazy}`;
}

/** Makes a pattern when it is used first instead of when its file is loaded. */
function withLazyPattern(source, name) {
	const used = replaceIn(source, new RegExp(`\\b${name}\\b(?! =)`, 'g'), `${name}()`);
	const definition = new RegExp(`^const ${name} = (/.*/\\w+);$`, 'm');
	const pattern = definition.exec(source)?.[1] ?? '';
	return replaceIn(
		used,
		definition,
		`let ${name}Made;\nconst ${name} = () => (${name}Made ??= ${pattern});`,
	);
}

function withCaches(source, path) {
	const own = replaceIn(source, /caches = new OutputCaches\(\);/, 'caches = cachesOfFrame();');
	const changed = replaceIn(
		own,
		/const characterLines = \[\[\]\];[^]*?let lines = characterLines\.map\(.*\);/,
		'let lines = this.caches.getLines(text);',
	);
	const byLines = replaceIn(
		changed,
		/ {4}get\(\) \{/,
		'    get() {\n        const simple = frameOfLines(this);\n        if (simple !== undefined) return simple;',
	);
	return `import {cachesOfFrame, frameOfLines} from ${JSON.stringify(path)};\n${byLines}`;
}

/**
 * Every frame puts the text of every row together from its pieces, although few of them changed. A row keeps its text
 * and its width until something below it changes (`forgetTexts`).
 */
function withKeptTexts(source, path) {
	const changed = replaceIn(source, 'sanitizeAnsi(text', 'sanitizedText(text');
	const kept = replaceIn(
		changed,
		'export default squashTextNodes;',
		`const keptText = node =>
    node.nodeName === 'ink-text' ? (node.keptText ??= squashTextNodes(node)) : squashTextNodes(node);
export default keptText;`,
	);
	return `import {sanitizedText} from ${JSON.stringify(path)};\n${kept}`;
}

/** What changes the text of a row already makes Ink measure it again; here it makes it forget what it kept, too. */
function forgetTexts(source) {
	return replaceIn(
		source,
		'const markNodeAsDirty = (node) => {',
		`const markNodeAsDirty = (node) => {
    for (let row = node; row !== undefined; row = row.parentNode) {
        if (row.nodeName !== 'ink-text') continue;
        row.keptText = undefined;
        row.keptWidth = undefined;
        break;
    }`,
	);
}

function withKeptWidths(source) {
	return replaceIn(
		source,
		'const currentWidth = widestLine(text);',
		'const currentWidth = (node.keptWidth ??= widestLine(text));',
	);
}

/** Ink looks through the whole tree for a <Static> after each change; the console has none. */
function withoutStatic(source) {
	return replaceIn(
		source,
		'const staticNode = findStaticNode(rootNode);',
		'const staticNode = undefined;',
	);
}
