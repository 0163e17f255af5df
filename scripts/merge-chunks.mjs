// Joins what is read from disk until the first frame into a few files. esbuild gives every set of lazily loaded parts
// that share something a file of its own: sixty of them until the first frame, and each costs half a millisecond of
// Node's loader. The files that were joined stay as names for what is loaded later.
import {build} from 'esbuild';
import {writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';

/**
 * Joins the files that each of the entries (sources, in the order in which they are loaded) needs and no one before it.
 * `outputs` are those of esbuild's metafile, written into `folder`. Resolves with the names of the files it added.
 */
export async function mergeChunks({outputs, folder, entries}) {
	const chunks = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
	/** For each joined file the name of the file it went into. */
	const joined = new Map();
	const added = [];
	for (const entry of entries) {
		const [root] = [...chunks].find(([, {entryPoint}]) => entryPoint === entry) ?? [];
		if (root === undefined) throw new Error(`${entry} is no part of its own any more`);
		const group = [...closure(chunks, root)].filter(name => !joined.has(name));
		if (group.length < 2) continue;
		const name = await joinParts(group, {chunks, joined, folder});
		added.push(name);
		for (const one of group) joined.set(one, name);
	}

	for (const [name, target] of joined) {
		writeFileSync(join(folder, name), standIn(name, target, chunks.get(name).exports));
	}

	return added;
}

/** A file and everything that it imports at once. */
function closure(chunks, root, found = new Set()) {
	if (found.has(root)) return found;
	found.add(root);
	for (const {path, kind, external} of chunks.get(root).imports) {
		if (kind === 'import-statement' && !external) closure(chunks, basename(path), found);
	}

	return found;
}

/** The name under which a joined file has what one of its parts exports. */
function nameOf(chunk, name) {
	return `${chunk.replace(/\W/g, '_')}__${name}`;
}

function renamed(chunk, names) {
	return names.map(name => `${nameOf(chunk, name)} as ${name}`).join(', ');
}

/** A file with the exports of a part that was joined. */
function standIn(chunk, target, names) {
	if (names.length === 0) return `import './${target}';\n`;
	return `export {${renamed(chunk, names)}} from './${target}';\n`;
}

async function joinParts(group, {chunks, joined, folder}) {
	const contents = group
		.map(chunk => {
			const names = chunks.get(chunk).exports;
			const list = names.map(name => `${name} as ${nameOf(chunk, name)}`).join(', ');
			return names.length === 0 ? `import './${chunk}';` : `export {${list}} from './${chunk}';`;
		})
		.join('\n');
	const parts = {
		name: 'parts',
		setup(builder) {
			builder.onResolve({filter: /^\.\/.*\.js$/}, ({path, kind}) => {
				const chunk = basename(path);
				if (kind !== 'import-statement') return {path, external: true};
				if (group.includes(chunk)) return {path: join(folder, chunk)};
				return joined.has(chunk) ? {path: chunk, namespace: 'joined'} : {path, external: true};
			});
			builder.onLoad({filter: /.*/, namespace: 'joined'}, ({path}) => ({
				contents: standIn(path, joined.get(path), chunks.get(path).exports),
			}));
		},
	};
	const result = await build({
		stdin: {contents, resolveDir: folder, sourcefile: 'start.js'},
		outdir: folder,
		entryNames: 'start-[hash]',
		bundle: true,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		logLevel: 'warning',
		metafile: true,
		legalComments: 'eof',
		plugins: [parts],
	});
	return basename(Object.keys(result.metafile.outputs)[0]);
}
