import {
	isAlias,
	isMap,
	isScalar,
	isSeq,
	LineCounter,
	parseDocument,
	type Document,
	type Node,
} from 'yaml';
import {clean} from '../src/domain/clean.ts';
import {expect, formatPath, type ConfigError, type Place} from './error.ts';
import {
	findExcessiveDepth,
	findExcessiveLength,
	maxDepth,
	maxFileBytes,
	maxLineLength,
	maxLines,
} from './guard.ts';
import {createPositions, type Path, type Positions, type Tree} from './tree.ts';

/** Most aliases (`*name`) of one file, counted each time one is followed. */
const maxAliases = 10;

/** Most values of one file. */
const maxNodes = 20_000;

/** Most mistakes of its writing that are named in one file. */
const maxErrors = 20;

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** A file as plain data with the position of every value, and all mistakes of its writing. */
export type ParsedYaml = {
	readonly tree: Tree;
	readonly positions: Positions;
	readonly errors: readonly ConfigError[];
};

type Walk = {
	readonly document: Document;
	readonly positions: Positions;
	readonly errors: ConfigError[];
	readonly placeOf: (node: unknown) => Place | undefined;
	readonly file: string;
	aliases: number;
	nodes: number;
	isOver: boolean;
};

/**
 * Reads YAML 1.2 (core schema, one document) defensively: size and depth are checked before the parser runs, tags,
 * merge keys that are no text, duplicate keys and `__proto__`, `constructor`, `prototype` are refused, aliases are
 * bounded. Never throws. SAFETY 5.1.
 */
export function parseYaml(text: string, file: string): ParsedYaml {
	const positions = createPositions(file);
	const refusal = refuse(text, file);
	if (refusal) return {tree: {}, positions, errors: [refusal]};
	const lines = new LineCounter();
	const document = parseSafely(text, lines);
	if (!document) {
		const start = {file, line: 1, column: 1};
		return {tree: {}, positions, errors: [syntaxError(start, 'the parser gave up')]};
	}

	const placeAt = (offset: number): Place => {
		const {line, col} = lines.linePos(offset);
		return {file, line: Math.max(1, line), column: Math.max(1, col)};
	};

	const errors = [...document.errors, ...document.warnings]
		.slice(0, maxErrors)
		.map(problem =>
			problem.code === 'DUPLICATE_KEY'
				? keyError('duplicate-key', placeAt(problem.pos[0]), keyText(text, problem.pos[0]))
				: syntaxError(placeAt(problem.pos[0]), firstSentence(problem.message)),
		);
	const walk: Walk = {
		document,
		positions,
		errors,
		placeOf: node => (hasRange(node) ? placeAt(node.range[0]) : undefined),
		file,
		aliases: 0,
		nodes: 0,
		isOver: false,
	};
	const tree = toTree(document.contents, [], walk);
	return {tree: tree ?? {}, positions, errors};
}

function parseSafely(text: string, lineCounter: LineCounter): Document | undefined {
	try {
		return parseDocument(text, {
			lineCounter,
			uniqueKeys: true,
			logLevel: 'error',
			prettyErrors: false,
			schema: 'core',
			strict: true,
			merge: false,
		});
	} catch {
		// Stack overflow and the like: the limits above make it unlikely, the answer is the same.
		return undefined;
	}
}

function refuse(text: string, file: string): ConfigError | undefined {
	if (Buffer.byteLength(text) > maxFileBytes) {
		const expected = expect('file-size', {most: maxFileBytes / 1024});
		return {kind: 'limit', file, line: 1, column: 1, key: '', expected};
	}

	const length = findExcessiveLength(text);
	if (length) {
		return {
			kind: 'limit',
			file,
			...length,
			key: '',
			expected: expect('file-lines', {most: maxLines, length: maxLineLength}),
		};
	}

	const excess = findExcessiveDepth(text);
	return (
		excess && {kind: 'limit', file, ...excess, key: '', expected: expect('depth', {most: maxDepth})}
	);
}

function hasRange(node: unknown): node is {readonly range: readonly [number, number, number]} {
	return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

function firstSentence(message: string): string {
	return clean((message.split(/[:;\n]/)[0] ?? message).trim(), 120);
}

function syntaxError(place: Place, cause: string): ConfigError {
	return {kind: 'syntax', ...place, key: '', expected: expect('yaml', {cause})};
}

function keyText(text: string, offset: number): string {
	return clean(/^["']?([^"':\n]*)/.exec(text.slice(offset, offset + 80))?.[1]?.trim() ?? '', 60);
}

function keyError(kind: 'duplicate-key' | 'forbidden-key', place: Place, key: string): ConfigError {
	return {kind, ...place, key, expected: expect('unique', {name: key})};
}

function add(walk: Walk, node: unknown, path: Path, cause: string): void {
	const place = walk.placeOf(node) ?? walk.positions.at(path).value;
	const expected = expect('plain-yaml', {cause});
	walk.errors.push({kind: 'syntax', ...place, key: formatPath(path), expected});
}

function isTooMuch(node: unknown, path: Path, walk: Walk): boolean {
	if (walk.isOver) return true;
	walk.nodes++;
	if (isAlias(node)) walk.aliases++;
	const cause =
		walk.aliases > maxAliases
			? `more than ${maxAliases} aliases`
			: walk.nodes > maxNodes
				? `more than ${maxNodes} values`
				: path.length > maxDepth
					? `more than ${maxDepth} levels`
					: undefined;
	if (cause === undefined) return false;
	walk.isOver = true;
	add(walk, node, path, cause);
	return true;
}

function toTree(node: Node | null | undefined, path: Path, walk: Walk): Tree | undefined {
	if (isTooMuch(node, path, walk)) return undefined;
	if (isAlias(node)) return toTree(node.resolve(walk.document), path, walk);
	if (node?.tag !== undefined) {
		add(walk, node, path, `tags (${clean(node.tag, 40)})`);
		return undefined;
	}

	if (isSeq(node)) return toList(node.items, path, walk);
	if (isMap(node)) return toMap(node.items, path, walk);
	const value: unknown = isScalar(node) ? node.value : null;
	if (typeof value === 'string' && hasControl(value)) {
		add(walk, node, path, 'control characters');
		return undefined;
	}

	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
		? value
		: null;
}

// C0 without tab and line feed, DEL and C1.
const control = new RegExp(String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f]`);

function hasControl(text: string): boolean {
	return control.test(text) || !text.isWellFormed();
}

function isNode(value: unknown): value is Node {
	return isAlias(value) || isScalar(value) || isSeq(value) || isMap(value);
}

function toList(items: readonly unknown[], path: Path, walk: Walk): Tree {
	const list: Tree[] = [];
	for (const [index, item] of items.entries()) {
		if (walk.isOver) break;
		const itemPath = [...path, index];
		const place = walk.placeOf(item) ?? walk.positions.at(path).value;
		walk.positions.set(itemPath, {key: place, value: place});
		list.push(toTree(isNode(item) ? item : null, itemPath, walk) ?? null);
	}

	return list;
}

function toMap(
	items: readonly {readonly key: unknown; readonly value: unknown}[],
	path: Path,
	walk: Walk,
): Tree {
	const entries: [string, Tree][] = [];
	for (const item of items) {
		if (walk.isOver) break;
		const key = toKey(item.key, path, walk);
		if (key === undefined) continue;
		const keyPath = [...path, key];
		const place = walk.placeOf(item.key) ?? walk.positions.at(path).value;
		walk.positions.set(keyPath, {key: place, value: walk.placeOf(item.value) ?? place});
		const value = toTree(isNode(item.value) ? item.value : null, keyPath, walk);
		if (value !== undefined) entries.push([key, value]);
	}

	// fromEntries defines own properties; it never runs a setter such as __proto__.
	return Object.fromEntries(entries);
}

function toKey(key: unknown, path: Path, walk: Walk): string | undefined {
	const value: unknown = isScalar(key) ? key.value : undefined;
	const isPlain = typeof value === 'string' || typeof value === 'number';
	if (!isScalar(key) || !isPlain || key.tag !== undefined || hasControl(String(value))) {
		add(walk, key, path, 'keys that are not a plain text');
		return undefined;
	}

	const name = String(value);
	if (forbiddenKeys.has(name)) {
		const place = walk.placeOf(key) ?? walk.positions.at(path).value;
		walk.errors.push(keyError('forbidden-key', place, formatPath([...path, name])));
		return undefined;
	}

	return name;
}
