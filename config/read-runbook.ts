import {createHash} from 'node:crypto';
import * as v from 'valibot';
import {clean} from '../src/domain/clean.ts';
import type {Cause, Checklist, Item, Node, Runbook, Wizard} from '../src/runbooks/runbook.ts';
import type {ConfigError} from './error.ts';
import {parseYaml} from './parse-yaml.ts';
import {graphMistakes} from './runbook-graph.ts';
import {
	causeSchema,
	checklistSchema,
	itemSchemas,
	kindSchema,
	nodeSchemas,
	wizardSchema,
	type NodeKind,
} from './runbook-schema.ts';
import {
	add,
	conditionAt,
	looksAt,
	requestAt,
	wordsAt,
	type RunbookFile,
	type WrittenWords,
} from './runbook-parts.ts';
import {isMap, valueAt, type Path} from './tree.ts';
import {check} from './validate.ts';

/** A runbook, or everything that is wrong with its file. */
export type ReadRunbook =
	| {readonly ok: true; readonly runbook: Runbook}
	| {readonly ok: false; readonly errors: readonly ConfigError[]};

/**
 * Reads one runbook. All mistakes come back at once, each with file, line and column; never throws for what is in the
 * text. `name`: the file's name without its ending, which the id must equal.
 */
export function readRunbook(text: string, path: string, name: string): ReadRunbook {
	const {tree, positions, errors} = parseYaml(text, path);
	if (errors.length > 0) return {ok: false, errors};
	const file: RunbookFile = {text, tree, positions, errors: []};
	const kind = check(kindSchema, {tree, written: tree, positions});
	if (!kind.result.success) return {ok: false, errors: kind.errors};
	const from = {from: path, sha256: createHash('sha256').update(text).digest('hex')};
	const runbook =
		kind.result.output.kind === 'wizard' ? readWizard(file, from) : readChecklist(file, from);
	if (runbook && runbook.id !== name)
		add(file, {path: ['id'], expectation: 'file-name', values: {name: clean(name, 80)}});
	const all = file.errors.toSorted((a, b) => a.line - b.line || a.column - b.column);
	if (runbook && all.length === 0) return {ok: true, runbook};
	return {ok: false, errors: all};
}

/** Checks a part of the file against a schema; undefined where it is wrong, which is noted. */
function part<const S extends v.GenericSchema>(
	file: RunbookFile,
	path: Path,
	schema: S,
): v.InferOutput<S> | undefined {
	const tree = valueAt(file.tree, path) ?? null;
	const {result, errors} = check(schema, {
		tree,
		written: tree,
		positions: file.positions,
		base: path,
	});
	file.errors.push(...errors);
	return result.success ? result.output : undefined;
}

type Origin = {readonly from: string; readonly sha256: string};

type WrittenHead = v.InferOutput<typeof wizardSchema> | v.InferOutput<typeof checklistSchema>;

function headOf(file: RunbookFile, head: WrittenHead, origin: Origin) {
	const {id, title, symptoms = [], covers = [], on, alerts = []} = head;
	return {
		id,
		title: wordsAt(file, ['title'], title),
		symptoms: symptoms.map((one, index) => wordsAt(file, ['symptoms', index], one)),
		covers,
		on,
		alerts,
		...origin,
	};
}

function readWizard(file: RunbookFile, origin: Origin): Wizard | undefined {
	const head = part(file, [], wizardSchema);
	if (!head) return undefined;
	const causes = Object.fromEntries(
		Object.keys(head.causes ?? {}).map(id => [id, readCause(file, id)]),
	);
	const nodes = Object.fromEntries(
		Object.keys(head.nodes).map(name => [name, readNode(file, name)]),
	);
	const wizard: Wizard = {
		kind: 'wizard',
		...headOf(file, head, origin),
		causes: defined(causes),
		start: head.start,
		nodes: defined(nodes),
	};
	// Mistakes of the graph mean nothing while nodes are missing because they could not be read.
	if (file.errors.length === 0) {
		for (const mistake of graphMistakes(wizard)) add(file, mistake);
	}

	return wizard;
}

function defined<T>(record: Readonly<Record<string, T | undefined>>): Readonly<Record<string, T>> {
	const entries: [string, T][] = [];
	for (const [name, value] of Object.entries(record)) {
		if (value !== undefined) entries.push([name, value]);
	}

	return Object.fromEntries(entries);
}

function readCause(file: RunbookFile, id: string): Cause | undefined {
	const path = ['causes', id];
	const written = part(file, path, causeSchema);
	if (!written) return undefined;
	const {title, when, points = 2, follows = [], fix} = written;
	const arguments_ = (side: 'for' | 'against') =>
		(written[side] ?? []).map((one, index) => ({
			if: conditionAt(file, [...path, side, index, 'if'], one.if),
			says: wordsAt(file, [...path, side, index, 'says'], one.says),
			points: one.points ?? 1,
		}));
	return {
		id,
		title: wordsAt(file, [...path, 'title'], title),
		when: conditionAt(file, [...path, 'when'], when),
		points,
		for: arguments_('for'),
		against: arguments_('against'),
		follows,
		fix,
	};
}

const kinds: readonly string[] = Object.keys(nodeSchemas);

function isNodeKind(key: string): key is NodeKind {
	return kinds.includes(key);
}

function readNode(file: RunbookFile, name: string): Node | undefined {
	const path = ['nodes', name];
	const tree = valueAt(file.tree, path);
	const found = isMap(tree) ? Object.keys(tree).filter(key => isNodeKind(key)) : [];
	const [kind] = found;
	if (kind === undefined || found.length > 1) {
		add(file, {path: path, expectation: 'node-kind', values: {values: kinds.join(', ')}});
		return undefined;
	}

	return nodeAt(file, path, kind);
}

function explained(
	file: RunbookFile,
	path: Path,
	{why, means}: {readonly why?: WrittenWords; readonly means?: WrittenWords},
) {
	return {
		...(why !== undefined && {why: wordsAt(file, [...path, 'why'], why)}),
		...(means !== undefined && {means: wordsAt(file, [...path, 'means'], means)}),
	};
}

function nodeAt(file: RunbookFile, path: Path, kind: NodeKind): Node | undefined {
	switch (kind) {
		case 'look': {
			const node = part(file, path, nodeSchemas.look);
			if (!node) return undefined;
			const looks = looksAt(file, [...path, 'look'], node.look);
			return {kind, looks, next: node.next, ...explained(file, path, node)};
		}

		case 'decide': {
			const node = part(file, path, nodeSchemas.decide);
			if (!node) return undefined;
			const branches = node.decide.map(({when, next, because}, index) => ({
				when: conditionAt(file, [...path, 'decide', index, 'when'], when),
				next,
				...(because !== undefined && {
					because: wordsAt(file, [...path, 'decide', index, 'because'], because),
				}),
			}));
			const {otherwise, unknown} = node;
			return {kind, branches, otherwise, unknown, ...explained(file, path, node)};
		}

		case 'rank': {
			const node = part(file, path, nodeSchemas.rank);
			if (!node) return undefined;
			const {rank: causes, otherwise, unknown} = node;
			return {kind, causes, otherwise, unknown, ...explained(file, path, node)};
		}

		case 'ask': {
			const node = part(file, path, nodeSchemas.ask);
			if (!node) return undefined;
			const choices = node.choices.map(({label, next}, index) => ({
				label: wordsAt(file, [...path, 'choices', index, 'label'], label),
				next,
			}));
			const question = wordsAt(file, [...path, 'ask'], node.ask);
			return {kind, question, choices, unknown: node.unknown, ...explained(file, path, node)};
		}

		case 'do': {
			const node = part(file, path, nodeSchemas.do);
			if (!node) return undefined;
			const {do: operation, next, skip, failed} = node;
			const request = requestAt(file, path, operation, node.with);
			return {kind, operation, request, next, skip, failed, ...explained(file, path, node)};
		}

		case 'wait': {
			const node = part(file, path, nodeSchemas.wait);
			if (!node) return undefined;
			const [, figure = '0', unit = 's'] = /^(\d+) ?(s|min)$/.exec(node.wait) ?? [];
			const forMs = Number(figure) * (unit === 'min' ? 60_000 : 1000);
			return {kind, forMs, next: node.next, ...explained(file, path, node)};
		}

		case 'note': {
			const node = part(file, path, nodeSchemas.note);
			if (!node) return undefined;
			const text = wordsAt(file, [...path, 'note'], node.note);
			return {kind, text, next: node.next, ...explained(file, path, node)};
		}

		case 'end': {
			const node = part(file, path, nodeSchemas.end);
			if (!node) return undefined;
			const {end: outcome, says, continue: go} = node;
			const text = wordsAt(file, [...path, 'says'], says);
			const more = go === undefined ? {} : {go};
			return {kind, outcome, says: text, ...more, ...explained(file, path, node)};
		}
	}
}

function readChecklist(file: RunbookFile, origin: Origin): Checklist | undefined {
	const head = part(file, [], checklistSchema);
	if (!head) return undefined;
	const {every, at, owner, method} = head;
	return {
		kind: 'checklist',
		...headOf(file, head, origin),
		every,
		...(at !== undefined && {at}),
		...(owner !== undefined && {owner: wordsAt(file, ['owner'], owner)}),
		...(method !== undefined && {method: wordsAt(file, ['method'], method)}),
		items: Object.keys(head.items).flatMap(id => readItem(file, id) ?? []),
	};
}

function readItem(file: RunbookFile, id: string): Item | undefined {
	const path = ['items', id];
	const tree = valueAt(file.tree, path);
	if (isMap(tree) && Object.hasOwn(tree, 'by')) {
		const item = part(file, path, itemSchemas.person);
		if (!item) return undefined;
		const title = wordsAt(file, [...path, 'title'], item.title);
		return {id, by: 'person', title, ...fixAt(file, path, item.fix)};
	}

	const item = part(file, path, itemSchemas.console);
	if (!item) return undefined;
	const {look, pass, warn, applies, title, shows, fix} = item;
	const condition = (key: 'pass' | 'warn' | 'applies', text: string) =>
		conditionAt(file, [...path, key], text);
	return {
		id,
		by: 'console',
		title: wordsAt(file, [...path, 'title'], title),
		looks: looksAt(file, [...path, 'look'], look),
		pass: condition('pass', pass),
		...(warn !== undefined && {warn: condition('warn', warn)}),
		...(applies !== undefined && {applies: condition('applies', applies)}),
		shows: wordsAt(file, [...path, 'shows'], shows),
		...fixAt(file, path, fix),
	};
}

function fixAt(
	file: RunbookFile,
	path: Path,
	fix: v.InferOutput<typeof itemSchemas.person>['fix'],
): Pick<Item, 'fix'> {
	if (fix === undefined) return {};
	const {runbook, do: operation} = fix;
	if ((runbook === undefined) === (operation === undefined)) {
		add(file, {
			path: [...path, 'fix'],
			expectation: 'one-of-ways',
			values: {values: 'runbook, do'},
		});
		return {};
	}

	if (runbook !== undefined) return {fix: {kind: 'runbook', runbook}};
	if (operation === undefined) return {};
	const request = requestAt(file, [...path, 'fix'], operation, fix.with);
	return {fix: {kind: 'do', operation, request}};
}
