import {clean} from '../src/domain/clean.ts';
import type {JsonValue} from '../src/domain/plan.ts';
import {referenceOf, type Reference} from '../src/runbooks/expression.ts';
import {parseCondition} from '../src/runbooks/parse-condition.ts';
import type {Field} from '../src/runbooks/field.ts';
import type {LookDeclaration} from '../src/runbooks/look.ts';
import {lookDeclarations, type LookId} from '../src/runbooks/looks/index.ts';
import {operationRequests, scopeParts, type Parameter} from '../src/runbooks/operation-requests.ts';
import type {Argued, Condition} from '../src/runbooks/runbook.ts';
import {placesIn} from '../src/runbooks/say.ts';
import type {Words} from '../src/words/words.ts';
import {expect, formatPath, type ConfigError} from './error.ts';
import {nearest} from './nearest.ts';
import type {GraphMistake} from './runbook-graph.ts';
import {isMap, type Path, type Positions, type Tree} from './tree.ts';

/** What is known while a file is read. */
export type RunbookFile = {
	readonly text: string;
	readonly tree: Tree;
	readonly positions: Positions;
	readonly errors: ConfigError[];
};

/** A text as it is written: in both languages, or one for both. */
export type WrittenWords = string | Words;

/** Notes a mistake at a value. */
export function add(file: RunbookFile, {path, expectation, values, guess}: GraphMistake): void {
	file.errors.push({
		kind: 'invalid-value',
		...file.positions.at(path).value,
		key: formatPath(path),
		expected: expect(expectation, values),
		...(guess !== undefined && {nearest: guess}),
	});
}

const declarations: Readonly<Record<string, LookDeclaration>> = lookDeclarations;

function isLook(id: string): id is LookId {
	return Object.hasOwn(declarations, id);
}

/** The looks of a list; strays are noted. */
export function looksAt(
	file: RunbookFile,
	path: Path,
	names: readonly string[],
): readonly LookId[] {
	return names.flatMap((name, index) => {
		if (isLook(name)) return name;
		const guess = nearest(name, Object.keys(declarations));
		add(file, {path: [...path, index], expectation: 'look', values: {}, ...(guess && {guess})});
		return [];
	});
}

/** The field that a reference names. */
export function fieldOf({look, field}: Reference): Field | undefined {
	const fields = isLook(look) ? declarations[look]?.fields : undefined;
	return fields && Object.hasOwn(fields, field) ? fields[field] : undefined;
}

/** A condition; a mistake in it is noted at its very character where the text stands on one line. */
export function conditionAt(file: RunbookFile, path: Path, text: string): Condition {
	const parsed = parseCondition(text, fieldOf);
	if ('expression' in parsed) return {text, expression: parsed.expression};
	const {offset, says} = parsed.mistake;
	const place = file.positions.at(path).value;
	const line = file.text.split('\n')[place.line - 1] ?? '';
	const opening = line[place.column - 1] ?? '';
	const isQuoted = opening === '"' || opening === "'";
	const start = place.column + (isQuoted ? 1 : 0);
	const isWhole = line.slice(start - 1, start - 1 + text.length) === text;
	const fields = Object.entries(declarations).flatMap(([look, {fields}]) =>
		Object.keys(fields).map(name => `${look}.${name}`),
	);
	const written = /^[\w.-]+/.exec(text.slice(offset))?.[0] ?? '';
	const guess = written.includes('.') ? nearest(written.replace(/^was\./, ''), fields) : undefined;
	file.errors.push({
		kind: 'invalid-value',
		...place,
		...(isWhole && {column: start + offset}),
		key: formatPath(path),
		expected: says,
		...(guess !== undefined && {nearest: guess}),
	});
	return {text, expression: {kind: 'literal', value: false}};
}

/** A text in both languages; its places must be fields that there are. */
export function wordsAt(file: RunbookFile, path: Path, written: WrittenWords): Words {
	const words = typeof written === 'string' ? {en: written, zh: written} : written;
	for (const text of new Set([words.en, words.zh])) {
		const stray = placesIn(text).find(place => {
			const reference = referenceOf(place);
			return reference === undefined || fieldOf(reference) === undefined;
		});
		if (stray !== undefined)
			add(file, {path: path, expectation: 'place-known', values: {name: clean(stray, 80)}});
	}

	return words;
}

/** The request of an operation; what does not fit is noted. */
export function requestAt(
	file: RunbookFile,
	path: Path,
	operation: string,
	written: Readonly<Record<string, Tree>> = {},
): Readonly<Record<string, Argued>> {
	const parameters = Object.hasOwn(operationRequests, operation)
		? operationRequests[operation]
		: undefined;
	if (!parameters) {
		const known = Object.keys(operationRequests);
		const guess = nearest(operation, known);
		const values = {values: known.join(', ')};
		add(file, {path: [...path, 'do'], expectation: 'operation', values, ...(guess && {guess})});
		return {};
	}

	for (const [name, {isNeeded}] of Object.entries(parameters)) {
		if (isNeeded && !Object.hasOwn(written, name)) {
			add(file, {path: [...path, 'do'], expectation: 'required', values: {name: `with.${name}`}});
		}
	}

	return Object.fromEntries(
		Object.entries(written).flatMap(([name, value]) => {
			const at = [...path, 'with', name];
			const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
			if (!parameter) {
				add(file, {
					path: at,
					expectation: 'parameter',
					values: {values: Object.keys(parameters).join(', ')},
				});
				return [];
			}

			const argued = argueAt(file, at, value);
			if (argued === undefined) return [];
			if (!fits(argued, parameter))
				add(file, {path: at, expectation: 'parameter-type', values: {type: parameter.type}});
			return [[name, argued]];
		}),
	);
}

function argueAt(file: RunbookFile, path: Path, value: Tree): Argued | undefined {
	if (Array.isArray(value)) {
		const list: readonly Tree[] = value;
		return {
			kind: 'list',
			items: list.flatMap((item, index) => argueAt(file, [...path, index], item) ?? []),
		};
	}

	if (isMap(value) || value === null) {
		add(file, {path: path, expectation: 'text', values: {}});
		return undefined;
	}

	if (typeof value === 'string' && value.startsWith('scope.')) {
		const part = scopeParts.find(candidate => `scope.${candidate}` === value);
		if (part) return {kind: 'scope', part};
		add(file, {
			path: path,
			expectation: 'scope-part',
			values: {values: scopeParts.map(each => `scope.${each}`).join(', ')},
		});
		return undefined;
	}

	const written = typeof value === 'string' ? value : '';
	const reference = referenceOf(written);
	if (reference && isLook(reference.look)) {
		if (fieldOf(reference)) return {kind: 'field', look: reference.look, field: reference.field};
		add(file, {path: path, expectation: 'place-known', values: {name: clean(written, 80)}});
		return undefined;
	}

	return {kind: 'value', value: value satisfies JsonValue};
}

/** Whether an argument can be what the request wants. */
function fits(argued: Argued, {type}: Parameter): boolean {
	switch (argued.kind) {
		case 'scope':
			return type === 'text' || type === 'names';
		case 'field': {
			const field = fieldOf({...argued, isFirst: false});
			if (type === 'text' || type === 'names') return field?.type === 'text';
			if (type === 'truth') return field?.type === 'truth';
			return field?.type === 'number';
		}

		case 'list':
			return (
				(type === 'names' && argued.items.every(item => fits(item, {type: 'text'}))) ||
				(type === 'numbers' && argued.items.every(item => fits(item, {type: 'number'})))
			);
		case 'value':
			if (type === 'truth') return typeof argued.value === 'boolean';
			if (type === 'number') return typeof argued.value === 'number';
			return type === 'text'
				? typeof argued.value === 'string' || typeof argued.value === 'number'
				: argued.value === 'all';
	}
}
