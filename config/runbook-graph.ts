import {referencesOf} from '../src/runbooks/expression.ts';
import type {Condition, Node, Wizard} from '../src/runbooks/runbook.ts';
import {nearest} from './nearest.ts';
import type {Path} from './tree.ts';
import type {Expectation} from './words.ts';

/** Something wrong with how the nodes of a wizard hang together. */
export type GraphMistake = {
	readonly path: Path;
	readonly expectation: Expectation;
	readonly values: Readonly<Record<string, string>>;
	readonly guess?: string;
};

/** Every way out of a node: which key of the file says it, and where it leads. */
function waysOf(wizard: Wizard, node: Node): readonly {readonly at: Path; readonly to: string}[] {
	switch (node.kind) {
		case 'look':
		case 'wait':
		case 'note':
			return [{at: ['next'], to: node.next}];
		case 'decide':
			return [
				...node.branches.map(({next}, index) => ({at: ['decide', index, 'next'], to: next})),
				{at: ['otherwise'], to: node.otherwise},
				{at: ['unknown'], to: node.unknown},
			];
		case 'rank':
			return [
				...node.causes.flatMap((id, index) => {
					const cause = Object.hasOwn(wizard.causes, id) ? wizard.causes[id] : undefined;
					return cause ? [{at: ['rank', index], to: cause.fix}] : [];
				}),
				{at: ['otherwise'], to: node.otherwise},
				{at: ['unknown'], to: node.unknown},
			];
		case 'ask':
			return [
				...node.choices.map(({next}, index) => ({at: ['choices', index, 'next'], to: next})),
				{at: ['unknown'], to: node.unknown},
			];
		case 'do':
			return [
				{at: ['next'], to: node.next},
				{at: ['skip'], to: node.skip},
				{at: ['failed'], to: node.failed},
			];
		case 'end':
			return [];
	}
}

/** Whether a person has to do something there, so that a circle through it cannot run by itself. */
function stops({kind}: Node): boolean {
	return kind === 'ask' || kind === 'do' || kind === 'note';
}

/** All mistakes of how a wizard's nodes, causes and looks hang together. */
export function graphMistakes(wizard: Wizard): readonly GraphMistake[] {
	const strays = strayTargets(wizard);
	// Without them every other finding would be about a graph that nobody meant.
	if (strays.length > 0) return strays;
	return [
		...unreached(wizard),
		...endless(wizard),
		...circles(wizard),
		...unproved(wizard),
		...unseen(wizard),
		...unrankedCauses(wizard),
	];
}

function strayTargets(wizard: Wizard): readonly GraphMistake[] {
	const names = Object.keys(wizard.nodes);
	const isThere = (name: string) => names.includes(name);
	const stray = (path: Path, name: string): GraphMistake => {
		const guess = nearest(name, names);
		return {path, expectation: 'node-there', values: {name}, ...(guess && {guess})};
	};
	const mistakes: GraphMistake[] = isThere(wizard.start) ? [] : [stray(['start'], wizard.start)];
	for (const [id, {fix}] of Object.entries(wizard.causes)) {
		if (!isThere(fix)) mistakes.push(stray(['causes', id, 'fix'], fix));
	}

	for (const [name, node] of Object.entries(wizard.nodes)) {
		mistakes.push(...strayCauses(wizard, name));
		for (const {at, to} of waysOf(wizard, node)) {
			// The fix of a cause is named where the cause is.
			if (at[0] !== 'rank' && !isThere(to)) mistakes.push(stray(['nodes', name, ...at], to));
		}
	}

	return mistakes;
}

function strayCauses(wizard: Wizard, name: string): readonly GraphMistake[] {
	const node = wizard.nodes[name];
	if (node?.kind !== 'rank') return [];
	return node.causes.flatMap((id, index) => {
		if (Object.hasOwn(wizard.causes, id)) return [];
		const guess = nearest(id, Object.keys(wizard.causes));
		const path = ['nodes', name, 'rank', index];
		return {path, expectation: 'cause-there', values: {name: id}, ...(guess && {guess})};
	});
}

function nextNames(wizard: Wizard, name: string): readonly string[] {
	const node = wizard.nodes[name];
	return node ? waysOf(wizard, node).map(({to}) => to) : [];
}

/** Every node that can be reached from some, by ways that `isOpen` lets through. */
function reachable(
	wizard: Wizard,
	from: readonly string[],
	isOpen: (name: string) => boolean = () => true,
): ReadonlySet<string> {
	const seen = new Set<string>();
	const waiting = [...from];
	for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
		if (seen.has(name)) continue;
		seen.add(name);
		if (isOpen(name)) waiting.push(...nextNames(wizard, name));
	}

	return seen;
}

function unreached(wizard: Wizard): readonly GraphMistake[] {
	const seen = reachable(wizard, [wizard.start]);
	return Object.keys(wizard.nodes)
		.filter(name => !seen.has(name))
		.map(name => ({path: ['nodes', name], expectation: 'node-reached', values: {name}}));
}

function endless(wizard: Wizard): readonly GraphMistake[] {
	const ends = (name: string) =>
		[...reachable(wizard, [name])].some(other => wizard.nodes[other]?.kind === 'end');
	return Object.keys(wizard.nodes)
		.filter(name => !ends(name))
		.map(name => ({path: ['nodes', name], expectation: 'node-ends', values: {name}}));
}

function circles(wizard: Wizard): readonly GraphMistake[] {
	const runsByItself = (name: string) => {
		const node = wizard.nodes[name];
		return node !== undefined && !stops(node);
	};
	return Object.keys(wizard.nodes)
		.filter(name => runsByItself(name))
		.filter(name => reachable(wizard, nextNames(wizard, name), runsByItself).has(name))
		.map(name => ({path: ['nodes', name], expectation: 'node-circle', values: {name}}));
}

/** After what was done, no end may be reached without a look; `skip` and `failed` changed nothing. */
function unproved(wizard: Wizard): readonly GraphMistake[] {
	return Object.entries(wizard.nodes).flatMap(([name, node]) => {
		if (node.kind !== 'do') return [];
		const blind = reachable(wizard, [node.next], other => wizard.nodes[other]?.kind !== 'look');
		const end = [...blind].find(other => wizard.nodes[other]?.kind === 'end');
		if (end === undefined) return [];
		const path = ['nodes', name, 'next'];
		return [{path, expectation: 'node-looks-again' as const, values: {name, end}}];
	});
}

/** The looks that were certainly made on every way to a node, before it. */
function looksBefore(wizard: Wizard): ReadonlyMap<string, ReadonlySet<string>> {
	const before = new Map<string, ReadonlySet<string>>([[wizard.start, new Set<string>()]]);
	const waiting = [wizard.start];
	for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
		const node = wizard.nodes[name];
		const have = new Set([
			...(before.get(name) ?? []),
			...(node?.kind === 'look' ? node.looks : []),
		]);
		for (const next of nextNames(wizard, name)) {
			const known = before.get(next);
			const common = known ? new Set([...known].filter(look => have.has(look))) : have;
			if (known?.size === common.size) continue;
			before.set(next, common);
			waiting.push(next);
		}
	}

	return before;
}

/** A condition about something that was not looked at would be unknown for ever. */
function unseen(wizard: Wizard): readonly GraphMistake[] {
	const before = looksBefore(wizard);
	return Object.entries(wizard.nodes).flatMap(([name, node]) => {
		const have = before.get(name) ?? new Set<string>();
		const missing = (path: Path, conditions: readonly Condition[]): readonly GraphMistake[] => {
			const looks = conditions.flatMap(({expression}) =>
				referencesOf(expression).map(({look}) => look),
			);
			return [...new Set(looks)]
				.filter(look => !have.has(look))
				.map(look => ({path, expectation: 'look-before', values: {name: look}}));
		};
		if (node.kind === 'decide') {
			return node.branches.flatMap(({when}, index) =>
				missing(['nodes', name, 'decide', index, 'when'], [when]),
			);
		}

		if (node.kind !== 'rank') return [];
		return node.causes.flatMap((id, index) => {
			const cause = wizard.causes[id];
			return cause ? missing(['nodes', name, 'rank', index], [cause.when]) : [];
		});
	});
}

function unrankedCauses(wizard: Wizard): readonly GraphMistake[] {
	const ranked = Object.values(wizard.nodes).flatMap(node =>
		node.kind === 'rank' ? node.causes : [],
	);
	return Object.keys(wizard.causes)
		.filter(id => !ranked.includes(id))
		.map(id => ({path: ['causes', id], expectation: 'cause-ranked', values: {name: id}}));
}
