import * as v from 'valibot';
import {clean} from '../src/domain/clean.ts';
import {expect, formatPath, isSecretPath, showGot, type ConfigError} from './error.ts';
import {nearest} from './nearest.ts';
import {configSchema, type Config} from './schema.ts';
import {isList, isMap, valueAt, type Path, type Positions, type Tree} from './tree.ts';
import {expectations, type Expectation} from './words.ts';

/** A file as typed values, or all its mistakes. */
export type Validated = {readonly config: Config; readonly errors: readonly ConfigError[]};

/**
 * Checks a tree against a schema and gives all mistakes at once, in the order of the file. `written` is the tree before
 * its references were replaced: errors show that, so that the value of a reference never appears. `base`: where in the
 * file the tree stands.
 */
export function check<const S extends v.GenericSchema>(
	schema: S,
	{tree, written, positions, base = []}: Checked,
): {
	readonly result: v.SafeParseResult<S>;
	/** The tree without the keys that the schema does not know. */
	readonly known: Tree;
	readonly errors: readonly ConfigError[];
} {
	const errors: ConfigError[] = [];
	const known = dropUnknownKeys(schema, tree, [], (path, candidates) => {
		const key = String(path.at(-1));
		const guess = nearest(key, candidates);
		errors.push({
			kind: 'unknown-key',
			...positions.at([...base, ...path]).key,
			key: formatPath([...base, ...path]),
			expected: expect('key', {values: candidates.join(', ')}),
			...(guess === undefined ? {} : {nearest: guess}),
		});
	});
	const result = v.safeParse(schema, known);
	for (const issue of flatten(result.issues ?? [], [])) {
		errors.push(toError(issue, {tree, written, positions, base}));
	}

	errors.sort((a, b) => a.line - b.line || a.column - b.column);
	return {result, known, errors};
}

/** What is checked, and where it stands. */
export type Checked = {
	readonly tree: Tree;
	readonly written: Tree;
	readonly positions: Positions;
	readonly base?: Path;
};

/** Checks the tree of a configuration file. */
export function validate(tree: Tree, written: Tree, positions: Positions): Validated {
	const {result, known, errors} = check(configSchema, {tree, written, positions});
	return {config: result.success ? result.output : parseGoodKeys(known, result.issues), errors};
}

/** The top-level keys without a mistake, so that what depends on the whole is checked for them at once. */
function parseGoodKeys(tree: Tree, issues: readonly v.BaseIssue<unknown>[]): Config {
	const bad = new Set(issues.map(issue => pathOf(issue)[0]));
	const good = isMap(tree) ? Object.entries(tree).filter(([key]) => !bad.has(key)) : [];
	const result = v.safeParse(configSchema, Object.fromEntries(good));
	return result.success ? result.output : {};
}

/** The parts of a schema that say which keys are valid where. */
type Shape = {
	readonly type: string;
	readonly entries?: Readonly<Record<string, unknown>>;
	readonly item?: unknown;
	readonly wrapped?: unknown;
	readonly options?: readonly unknown[];
};

/** The shape of a schema below its optional wrapper. */
export function shapeOf(schema: unknown): Shape | undefined {
	if (typeof schema !== 'object' || schema === null || !('type' in schema)) return undefined;
	if ('wrapped' in schema) return shapeOf(schema.wrapped);
	const type = String(schema.type);
	const shape: {-readonly [Key in keyof Shape]: Shape[Key]} = {type};
	if ('entries' in schema && typeof schema.entries === 'object' && schema.entries !== null) {
		shape.entries = Object.fromEntries(Object.entries(schema.entries));
	}

	if ('item' in schema) shape.item = schema.item;
	if ('options' in schema && Array.isArray(schema.options)) shape.options = schema.options;
	return shape;
}

/** The alternative of a union that a value is meant for, by being a map or a list. */
function alternativeFor(shape: Shape | undefined, value: Tree): Shape | undefined {
	if (shape?.type !== 'union') return shape;
	const wanted = isList(value) ? 'array' : isMap(value) ? 'strict_object' : '';
	return shape.options?.map(option => shapeOf(option)).find(option => option?.type === wanted);
}

function dropUnknownKeys(
	schema: unknown,
	value: Tree,
	path: Path,
	report: (path: Path, candidates: readonly string[]) => void,
): Tree {
	const shape = alternativeFor(shapeOf(schema), value);
	if (isList(value) && shape?.item !== undefined) {
		return value.map((item, index) => dropUnknownKeys(shape.item, item, [...path, index], report));
	}

	// The schema takes a list for a map with the keys 0, 1 …; null is refused by it in the right words.
	if (isList(value) && shape?.type === 'strict_object') return null;
	const entries = shape?.entries;
	if (!isMap(value) || entries === undefined) return value;
	const kept: [string, Tree][] = [];
	for (const [key, item] of Object.entries(value)) {
		if (Object.hasOwn(entries, key)) {
			kept.push([key, dropUnknownKeys(entries[key], item, [...path, key], report)]);
		} else {
			report([...path, key], Object.keys(entries));
		}
	}

	return Object.fromEntries(kept);
}

type Found = {readonly issue: v.BaseIssue<unknown>; readonly path: Path};

function pathOf(issue: v.BaseIssue<unknown>): Path {
	return (issue.path ?? []).map(({key}) => (typeof key === 'number' ? key : String(key)));
}

/** Issues with absolute paths; of a union, those from inside the alternative that was meant, where there are any. */
function flatten(issues: readonly v.BaseIssue<unknown>[], base: Path): Found[] {
	return issues.flatMap(issue => {
		const path = [...base, ...pathOf(issue)];
		if (issue.type !== 'union' || !issue.issues) return [{issue, path}];
		const isArray = Array.isArray(issue.input);
		const inner = issue.issues.filter(
			({type, path: below}) =>
				below !== undefined &&
				!(isArray && type === 'strict_object' && typeof below[0].key === 'string'),
		);
		return inner.length > 0 ? flatten(inner, path) : [{issue, path}];
	});
}

function isExpectation(text: string): text is Expectation {
	return Object.hasOwn(expectations, text);
}

/** The quoted words in valibot's own list of expected values. */
function wordsOf(expected: string | null): string[] {
	return [...(expected ?? '').matchAll(/"([^"]*)"/g)].map(match => match[1] ?? '');
}

function toError({issue, path}: Found, {written, positions, base = []}: Checked): ConfigError {
	const key = formatPath([...base, ...path]);
	const value = valueAt(written, path);
	if (value === undefined && issue.type === 'strict_object') {
		const name = wordsOf(issue.expected)[0] ?? key;
		const place = positions.at([...base, ...path.slice(0, -1)]).value;
		return {kind: 'missing-key', ...place, key, expected: expect('required', {name})};
	}

	const isSecret = isSecretPath(path);
	const got = isSecret ? undefined : showGot(String(path.at(-1) ?? ''), value);
	const options = wordsOf(issue.expected);
	const guess =
		typeof value === 'string' && !isSecret && !value.includes('${')
			? nearest(value, optionsOf(issue))
			: undefined;
	return {
		kind: 'invalid-value',
		...positions.at([...base, ...path]).value,
		key,
		expected: expectationOf(issue, options),
		...(got === undefined ? {} : {got}),
		...(guess === undefined ? {} : {nearest: clean(guess, 60)}),
	};
}

/** The words that were possible: of a choice itself, or of the choices among the alternatives of a union. */
function optionsOf(issue: v.BaseIssue<unknown>): string[] {
	if (issue.type === 'picklist' || issue.type === 'literal') return wordsOf(issue.expected);
	return (issue.issues ?? []).flatMap(inner => optionsOf(inner));
}

function expectationOf(
	issue: v.BaseIssue<unknown>,
	options: readonly string[],
): ConfigError['expected'] {
	if (issue.message === 'one-of') return expect('one-of', {values: options.join(', ')});
	if (isExpectation(issue.message)) return expect(issue.message);
	if (issue.type === 'array') return expect('list');
	if (issue.type === 'strict_object') return expect('map');
	return expect('text');
}
