import type {Sights} from './healthy-evidence.ts';
import {fieldOf} from '../../config/runbook-parts.ts';
import {referencesOf, type Expression, type Reference} from '../../src/runbooks/expression.ts';
import {scaleOf} from '../../src/runbooks/typing.ts';
import type {Field, Value} from '../../src/runbooks/field.ts';
import type {Seen} from '../../src/runbooks/evidence.ts';
import type {Evidence} from '../../src/runbooks/look.ts';
import type {Node, Wizard} from '../../src/runbooks/runbook.ts';
import {
	after,
	begin,
	isCircling,
	isOver,
	nodeOf,
	wayAt,
	type Move,
	type Walk,
	type Way,
} from '../../src/runbooks/walk.ts';

/** Random numbers that are the same each time. */
export function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

type Candidates = Map<string, Set<Value>>;

function keyOf({look, field}: Reference): string {
	return `${look}.${field}`;
}

function add(found: Candidates, reference: Reference, values: readonly Value[]): void {
	const key = keyOf(reference);
	const set = found.get(key) ?? new Set<Value>();
	for (const value of values) set.add(value);
	found.set(key, set);
}

function typical(field: Field | undefined): readonly Value[] {
	if (field?.type === 'truth') return [true, false];
	if (field?.type === 'text') return [...(field.values ?? []), 'something'];
	return [0, 1, 50, 1000];
}

/** Values around everything that a condition compares a field with. */
function collect(expression: Expression, found: Candidates): void {
	switch (expression.kind) {
		case 'literal':
			return;
		case 'reference':
			add(found, expression.reference, typical(fieldOf(expression.reference)));
			return;
		case 'known':
		case 'not':
			collect(expression.of, found);
			return;
		case 'in':
			collect(expression.left, found);
			if (expression.left.kind === 'reference') {
				add(found, expression.left.reference, expression.list);
			}

			return;
		case 'both':
		case 'either':
		case 'calculate':
			collect(expression.left, found);
			collect(expression.right, found);
			return;
		case 'compare': {
			const {left, right} = expression;
			collect(left, found);
			collect(right, found);
			for (const [one, other] of [
				[left, right],
				[right, left],
			] as const) {
				if (one.kind === 'reference' && other.kind === 'literal') {
					add(found, one.reference, around(one.reference, other.value));
				}
			}
		}
	}
}

function around(reference: Reference, value: Value): readonly Value[] {
	const field = fieldOf(reference);
	if (typeof value !== 'number' || field?.type !== 'number') return [value];
	const own = value / scaleOf(field.unit);
	return [own, own - 1, own + 1, own * 2 + 5];
}

function conditionsOf(wizard: Wizard): readonly Expression[] {
	const ofNodes = Object.values(wizard.nodes).flatMap(node =>
		node.kind === 'decide' ? node.branches.map(({when}) => when.expression) : [],
	);
	const ofCauses = Object.values(wizard.causes).flatMap(cause => [
		cause.when.expression,
		...[...cause.for, ...cause.against].map(({if: condition}) => condition.expression),
	]);
	return [...ofNodes, ...ofCauses];
}

/** What walks over a wizard have passed: nodes, and ways out of them. */
export type Covered = {readonly nodes: Set<string>; readonly ways: Set<string>};

/** Every way that a wizard has, by name. */
export function waysOf(wizard: Wizard): readonly string[] {
	return Object.entries(wizard.nodes).flatMap(([name, node]) =>
		waysOut(node).map(way => `${name} ${way}`),
	);
}

function waysOut(node: Node): readonly string[] {
	switch (node.kind) {
		case 'look':
		case 'wait':
		case 'note':
			return ['next'];
		case 'decide':
			return [
				...node.branches.map((_branch, index) => String(index)),
				'otherwise',
				...(node.branches.every(({when}) => isAlwaysKnown(when.expression)) ? [] : ['unknown']),
			];
		case 'rank':
			return [...node.causes, 'otherwise', 'unknown'];
		case 'ask':
			return [...node.choices.map((_choice, index) => String(index)), 'unknown'];
		case 'do':
			return ['done', 'skipped', 'failed'];
		case 'end':
			return [];
	}
}

/** Whether a condition asks for nothing but what is known, so that it is itself never unknown. */
function isAlwaysKnown(expression: Expression): boolean {
	switch (expression.kind) {
		case 'literal':
		case 'known':
			return true;
		case 'reference':
			return false;
		case 'not':
			return isAlwaysKnown(expression.of);
		case 'in':
			return isAlwaysKnown(expression.left);
		case 'both':
		case 'either':
		case 'compare':
		case 'calculate':
			return isAlwaysKnown(expression.left) && isAlwaysKnown(expression.right);
	}
}

function nameOf(way: Way): string {
	if ('branch' in way) return String(way.branch);
	return 'cause' in way ? way.cause : way.other;
}

/** What was seen, without the fields that a node judges by. */
function without({now, first}: Seen, node: Node & {kind: 'decide'}): Seen {
	const keys = new Set(node.branches.flatMap(({when}) => referencesOf(when.expression)).map(keyOf));
	const less = (list: Seen['now']): Seen['now'] =>
		Object.fromEntries(
			Object.entries(list).map(([look, evidence]) => {
				const left = Object.entries(evidence.values).filter(
					([field]) => !keys.has(`${look}.${field}`),
				);
				return [look, {...evidence, values: Object.fromEntries(left)}];
			}),
		);
	return {now: less(now), first: less(first)};
}

/** Walks a wizard many times over evidence made at random around its own thresholds. */
export function walkAtRandom(
	wizard: Wizard,
	rounds: number,
	calm: Sights = {},
): Covered & {readonly longest: number; readonly unended: number} {
	const random = createRandom(wizard.id.length * 7919);
	const candidates: Candidates = new Map();
	const conditions = conditionsOf(wizard);
	for (const expression of conditions) collect(expression, candidates);
	const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];

	/** Rounds differ in how much is unknown: nothing, something, nearly everything. */
	let unknownShare = 0;
	/** And in what is unusual: everything, or only what one to three conditions are about. */
	let unusual: ReadonlySet<string> | undefined;
	/** What cannot be seen in this round, because a way that nobody took yet wants that. */
	let forgotten: ReadonlySet<string> = new Set();
	const evidenceOf = (look: string, soon: ReadonlySet<string>): Evidence => {
		const values: Record<string, Value> = {};
		for (const [key, set] of candidates) {
			const dot = key.lastIndexOf('.');
			if (key.slice(0, dot) !== look || random() < unknownShare) continue;
			if (forgotten.has(key) && random() < 0.7) continue;
			const usual = calm[look]?.[key.slice(dot + 1)];
			const value =
				usual !== undefined && unusual && !unusual.has(key) && !soon.has(key)
					? usual
					: pick([...set]);
			if (value !== undefined) values[key.slice(dot + 1)] = value;
		}

		return {look, atMs: 0, values, lines: []};
	};
	/** What a node that decides right after a look judges by. */
	const soonAt = (name: string): ReadonlySet<string> => {
		const node = wizard.nodes[name];
		if (node?.kind !== 'decide' || random() < 0.7) return new Set();
		const references = node.branches.flatMap(({when}) => referencesOf(when.expression));
		return new Set(references.map(keyOf));
	};
	const taken = new Map<string, number>();
	/** Mostly the way that was gone the least, so that what lies behind it is tried more than once. */
	const leastTaken = <T extends string | number>(node: string, ways: readonly T[]): T => {
		const count = (way: T) => taken.get(`${node} ${way}`) ?? 0;
		const byCount = [...ways].sort((a, b) => count(a) - count(b));
		const chosen = (random() < 0.7 ? byCount[0] : pick(ways)) ?? ways[0];
		if (chosen === undefined) throw new Error('a node has ways');
		taken.set(`${node} ${chosen}`, count(chosen) + 1);
		return chosen;
	};
	const moveAt = (walk: Walk): readonly [Move, string] => {
		const node = nodeOf(wizard, walk.at);
		const common = {atMs: 0, node: walk.at};
		switch (node.kind) {
			case 'look':
				return [
					{
						...common,
						type: 'looked',
						evidence: node.looks.map(look => evidenceOf(look, soonAt(node.next))),
					},
					'next',
				];
			case 'decide':
			case 'rank': {
				const way = wayAt(wizard, node, walk.seen);
				return [{...common, type: 'decided', way}, nameOf(way)];
			}

			case 'ask': {
				const choice = leastTaken(walk.at, [...node.choices.keys(), 'unknown']);
				return choice === 'unknown'
					? [{...common, type: 'answered'}, choice]
					: [{...common, type: 'answered', choice}, String(choice)];
			}

			case 'do': {
				const end = leastTaken(walk.at, ['done', 'skipped', 'failed']);
				return [{...common, type: 'acted', end}, end];
			}

			case 'wait':
				return [{...common, type: 'waited'}, 'next'];
			case 'note':
			case 'end':
				return [{...common, type: 'noted'}, 'next'];
		}
	};
	/** Walks as they stood at a look, by the node that judges right after it. */
	const atLooks = new Map<string, Walk>();
	const covered: Covered = {nodes: new Set(), ways: new Set()};
	let longest = 0;
	let unended = 0;
	/** Goes on from real walks with other evidence, for ways that only rare evidence takes. */
	const tryAtLooks = (): void => {
		unusual = new Set();
		for (const [name, walk] of atLooks) {
			const node = nodeOf(wizard, name);
			const look = nodeOf(wizard, walk.at);
			if (node.kind !== 'decide' || look.kind !== 'look') continue;
			const isMissing = () => waysOut(node).some(way => !covered.ways.has(`${name} ${way}`));
			const soon = new Set(
				node.branches.flatMap(({when}) => referencesOf(when.expression)).map(keyOf),
			);
			forgotten = new Set();
			for (let round = 0; round < 3000 && isMissing(); round++) {
				unknownShare = [0, 0.1, 0.5][round % 3] ?? 0;
				const evidence = look.looks.map(each => evidenceOf(each, soon));
				const seen = after(wizard, walk, {type: 'looked', atMs: 0, node: walk.at, evidence});
				covered.ways.add(`${name} ${nameOf(wayAt(wizard, node, seen.seen))}`);
			}
		}
	};
	const all = waysOf(wizard);
	/** Makes a round for a way that was not taken yet: what its node judges by is unusual, or unknown. */
	const aim = (): void => {
		const [name = '', way] = pick(all.filter(one => !covered.ways.has(one)))?.split(' ') ?? [];
		const node = wizard.nodes[name];
		if (node?.kind !== 'decide') return;
		const keys = node.branches.flatMap(({when}) => referencesOf(when.expression)).map(keyOf);
		if (way === 'unknown') forgotten = new Set(keys);
		else unusual = new Set(keys);
	};
	/** Walks that go other ways out of a node where somebody decides freely, to be gone on with in later rounds. */
	const forks: Walk[] = [];
	const fork = (walk: Walk): void => {
		const node = nodeOf(wizard, walk.at);
		const take = (way: string, move: Move): void => {
			if (covered.ways.has(`${walk.at} ${way}`)) return;
			covered.ways.add(`${walk.at} ${way}`);
			forks.push(after(wizard, walk, move));
		};
		const common = {atMs: 0, node: walk.at};
		if (node.kind === 'ask') {
			for (const choice of node.choices.keys()) {
				take(String(choice), {...common, type: 'answered', choice});
			}

			take('unknown', {...common, type: 'answered'});
		} else if (node.kind === 'do') {
			for (const end of ['done', 'skipped', 'failed'] as const) {
				take(end, {...common, type: 'acted', end});
			}
		} else if (node.kind === 'decide') {
			// The same walk, had its looks not seen what this node judges by.
			const seen = without(walk.seen, node);
			const way = wayAt(wizard, node, seen);
			take(nameOf(way), {...common, type: 'decided', way});
		}
	};
	for (
		let round = 0;
		round < rounds && (round < 1000 || forks.length > 0 || covered.ways.size < all.length);
		round++
	) {
		forgotten = new Set();
		unknownShare = [0, 0, 0.1, 0.5, 0.95][round % 5] ?? 0;
		unusual =
			round % 4 === 0
				? undefined
				: new Set(
						Array.from({length: round % 4}, () => pick(conditions))
							.flatMap(condition => (condition ? referencesOf(condition) : []))
							.map(reference => keyOf(reference)),
					);
		if (round % 2 === 1 && round > 500) aim();
		const {id, sha256} = wizard;
		let walk =
			forks.pop() ??
			begin(wizard, {
				type: 'started',
				atMs: 0,
				id: 'test',
				runbook: id,
				sha256,
				scope: {},
				by: 'test',
			});
		let steps = 0;
		while (walk && !isOver(walk) && !isCircling(walk)) {
			covered.nodes.add(walk.at);
			const here = nodeOf(wizard, walk.at);
			if (here.kind === 'look') atLooks.set(here.next, walk);
			fork(walk);
			const [move, way]: readonly [Move, string] = moveAt(walk);
			covered.ways.add(`${walk.at} ${way}`);
			walk = after(wizard, walk, move);
			steps += 1;
		}

		if (walk) covered.nodes.add(walk.at);
		if (!walk || !isOver(walk)) unended += 1;
		longest = Math.max(longest, steps);
	}

	tryAtLooks();
	return {...covered, longest, unended};
}
