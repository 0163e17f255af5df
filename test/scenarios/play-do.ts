import {setTimeout as pause} from 'node:timers/promises';
import type {Eyes} from '../../src/engine/eyes.ts';
import {withEyes} from '../../src/headless-eyes.ts';
import {nothingSeen, withEvidence} from '../../src/runbooks/evidence.ts';
import type {Node, Wizard} from '../../src/runbooks/runbook.ts';
import type {Scope} from '../../src/runbooks/scope.ts';
import {scopesOf} from '../../src/runbooks/scopes.ts';
import {isOver, nodeOf, wayAt, type Walk, type WalkMove} from '../../src/runbooks/walk.ts';
import {createWalker, type Walker} from '../../src/work/walker.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {actAt, isDone} from './do-act.ts';
import {endsOf, proofsOf, type DoPlay} from './do-play.ts';
import type {OpenConsole, PlayConsole} from './does-ground.ts';
import type {Ground} from './ground.ts';
import {takeWalk} from './take-walk.ts';

/** How a play ended. `failed`: the `do` was reached and something about it is not as promised. */
export type DoVerdict = 'shown' | 'failed' | 'not reached' | 'broke off';

/** One `do` that a play was to show. */
export type DoShown = {
	readonly node: string;
	readonly operation: string;
	readonly verdict: DoVerdict;
	/** How the operation ended, where it was reached. */
	readonly outcome: string;
	/** Whether the real world was as promised. */
	readonly isProved: boolean;
};

export type DoPlayed = {
	readonly play: DoPlay;
	readonly shown: readonly DoShown[];
	/** What was not as wished. */
	readonly note: string;
	readonly way: readonly string[];
	readonly wholeMs: number;
};

/** How long an effect may take to show in the world after the walk has ended, in ms. */
const proofMs = 10_000;

/** The thing that a play is about, out of everything that the console found. */
function scopeOf(wizard: Wizard, {about}: DoPlay, eyes: Eyes): Scope {
	const scopes = scopesOf(wizard.on, eyes.here());
	const isMeant = (scope: Scope) =>
		about === undefined ||
		[scope.container ?? '', scope.postgres, scope.redis, scope.endpoint, scope.backup].some(
			name => name === about || name?.split('/').includes(about),
		);
	const found = scopes.find(isMeant);
	if (!found) throw new Error(`${wizard.id} finds no ${about ?? wizard.on} here`);
	return found;
}

/** Everything of one play that goes on. */
type Going = {
	readonly ground: Ground;
	readonly play: DoPlay;
	readonly wizard: Wizard;
	readonly own: PlayConsole;
	readonly eyes: Eyes;
	/** What the walk is about, as the operator chose it when everything was still there. */
	readonly scope: Scope;
	/** How often each node was passed by the operator. */
	readonly passed: Map<string, number>;
	/** What was found out about each `do` that was reached. */
	readonly found: Map<string, Found>;
};

type Found = {
	readonly holds: () => Promise<boolean>;
	/** Whether the world was so already before. */
	readonly held: boolean;
	readonly outcome: string;
	readonly why: string;
};

/** What the operator does at a node this time. */
function stepAt({play, passed}: Going, at: string): number | string | undefined {
	const count = passed.get(at) ?? 0;
	passed.set(at, count + 1);
	const step = play.way?.[at];
	return typeof step === 'object' ? step[Math.min(count, step.length - 1)] : step;
}

async function isSo(holds: () => Promise<boolean>): Promise<boolean> {
	return holds().catch(() => false);
}

/** What is proved of a `do` after it, noted before it; the first time counts. */
async function before({play, ground, found}: Going, at: string) {
	const known = found.get(at);
	if (known) return known;
	const holds = await proofsOf(play)[at]?.(ground);
	return holds && {holds, held: await isSo(holds)};
}

async function acted(going: Going, node: Node & {kind: 'do'}, walk: Walk): Promise<WalkMove> {
	const {found} = going;
	const {at} = walk;
	const proof = await before(going, at);
	const end = await actAt(node, walk, going);
	const {outcome, run, problem} = end;
	const why = problem ? `${at}: ${sayProblem('en', problem).summary}` : '';
	if (proof) found.set(at, {...proof, outcome, why});
	return {
		type: 'acted',
		node: at,
		end: isDone(end) ? 'done' : 'failed',
		...(run !== undefined && {run}),
		...(problem && {problem}),
	};
}

async function moveAt(going: Going, node: Node, walk: Walk): Promise<WalkMove | undefined> {
	const {ground, play, wizard} = going;
	const {at} = walk;
	const step = stepAt(going, at);
	if (node.kind === 'ask' || node.kind === 'note' || node.kind === 'do') {
		await play.atNode?.(ground, at);
	}

	switch (node.kind) {
		case 'ask':
			return step === 'unknown'
				? {type: 'answered', node: at, reason: 'not known'}
				: {type: 'answered', node: at, choice: typeof step === 'number' ? step : 0};
		case 'do':
			return step === 'skip' ? {type: 'acted', node: at, end: 'skipped'} : acted(going, node, walk);
		case 'note':
			return {type: 'noted', node: at};
		case 'rank': {
			const way = wayAt(wizard, node, walk.seen);
			return typeof step === 'string'
				? {type: 'decided', node: at, way: {cause: step}, isOwnChoice: true}
				: {type: 'decided', node: at, way};
		}

		case 'look':
		case 'decide':
		case 'wait':
		case 'end':
			return undefined;
	}
}

/** Whether everything that was done so far shows in the world. */
async function areSo({found}: Going): Promise<boolean> {
	const all = await Promise.all([...found.values()].map(async ({holds}) => isSo(holds)));
	return all.every(Boolean);
}

/** A wait of a wizard: whole before the `do`; after it only until the world is as promised, unless the play says so. */
function sleepOf(going: Going, at: () => string) {
	const {play, found} = going;
	return async (ms: number, signal: AbortSignal): Promise<void> => {
		const isWhole = (play.waitsWhole?.includes(at()) ?? false) || found.size === 0;
		const end = performance.now() + ms;
		while (performance.now() < end) {
			signal.throwIfAborted();
			await pause(Math.min(200, ms), undefined, {signal});
			if (!isWhole && (await areSo(going))) return;
		}
	};
}

/** The walk as it stands when it begins: at the start, or where a placed one is put with what is really seen. */
async function beginning(going: Going, walk: Walk): Promise<Walk> {
	const {play, wizard, eyes} = going;
	if (!play.placed) return walk;
	const start = nodeOf(wizard, wizard.start);
	const {at, looks = start.kind === 'look' ? start.looks : []} = play.placed;
	const never = new AbortController().signal;
	return {...walk, at, seen: withEvidence(nothingSeen, await eyes.look(looks, walk.scope, never))};
}

async function walkOn(going: Going, walker: Walker): Promise<void> {
	const {wizard} = going;
	await walker.go();
	while (!isOver(walker.walk())) {
		const walk = walker.walk();
		const move = await moveAt(going, nodeOf(wizard, walk.at), walk);
		if (move === undefined) throw new Error(`the walk stopped at ${walk.at}`);
		await walker.move(move);
		if (walker.walk() === walk) throw new Error(`the walk does not go on from ${walk.at}`);
	}
}

async function walkIt(going: Going): Promise<Walk> {
	const {wizard, eyes, own, ground} = going;
	const taken = await takeWalk(ground, own.state.root, going);
	const {clock} = own.io;
	const walker: Walker = createWalker({
		wizard,
		walk: await beginning(going, taken.walk),
		folder: taken.folder,
		look: eyes.look,
		clock: {now: () => clock.now(), sleep: sleepOf(going, () => walker.walk().at)},
		takesBest: false,
		onChange: () => undefined,
	});
	try {
		await walkOn(going, walker);
		return walker.walk();
	} catch (error) {
		const way = walker.walk().trail.map(({node}) => node);
		const cause = error instanceof Error ? error.message : String(error);
		throw new Error(`${cause} (${way.join(' > ')})`, {cause: error});
	} finally {
		if (!isOver(walker.walk())) await walker.move({type: 'abandoned', by: 'scenarios'});
		walker.stop();
		await taken.release();
	}
}

/** Waits until the world is as promised. */
async function proved(going: Going): Promise<void> {
	const end = performance.now() + proofMs;
	while (!(await areSo(going)) && performance.now() < end) await pause(200);
}

/** What of one `do` is not as the play wishes it. */
function complaintsOf({play}: Going, node: string, found: Found, isProved: boolean) {
	const {outcome, held, why} = found;
	const isRefused = play.isRefused === true && node === play.node;
	return [
		...(isDone({outcome}) === isRefused ? [`${node} ended ${outcome}`] : []),
		...(held && !isRefused ? [`the world was so before ${node}`] : []),
		...(isProved ? [] : [`the world is not as ${node} promised`]),
		...(why === '' || (isRefused && isProved) ? [] : [why]),
	];
}

/** What became of each `do` that was to be shown, and what is not as wished. */
async function judged(going: Going, walk: Walk): Promise<Pick<DoPlayed, 'shown' | 'note'>> {
	const {play, wizard, found} = going;
	const ends = endsOf(play);
	const wrong = ends.includes(walk.at)
		? []
		: [`the walk ended at ${walk.at}, not at ${ends.join(' or ')}`];
	const notes: string[] = [...wrong];
	const shown: DoShown[] = [];
	for (const node of Object.keys(proofsOf(play))) {
		const one = found.get(node);
		const base = {node, operation: operationAt(wizard, node)};
		if (!one) {
			notes.push(`${node} was not reached`);
			shown.push({...base, verdict: 'not reached', outcome: '-', isProved: false});
			continue;
		}

		const isProved = await isSo(one.holds);
		const complaints = complaintsOf(going, node, one, isProved);
		notes.push(...complaints);
		const verdict = complaints.length + wrong.length === 0 ? 'shown' : 'failed';
		shown.push({...base, verdict, outcome: one.outcome, isProved});
	}

	return {shown, note: notes.join('; ')};
}

function wizardOf({runbooks}: Ground, {wizard: id}: DoPlay): Wizard {
	const wizard = runbooks[id];
	if (wizard?.kind !== 'wizard') throw new Error(`there is no wizard ${id}`);
	return wizard;
}

function operationAt({nodes}: Wizard, name: string): string {
	const node = nodes[name];
	return node?.kind === 'do' ? node.operation : '';
}

async function playWith(
	ground: Ground,
	play: DoPlay,
	open: OpenConsole,
): Promise<Omit<DoPlayed, 'wholeMs' | 'play'>> {
	const wizard = wizardOf(ground, play);
	await play.inject(ground);
	const own = await open(play.config?.(ground) ?? []);
	const {io, settings, state} = own;
	return withEyes({io, settings, folders: state}, async eyes => {
		const scope = scopeOf(wizard, play, eyes);
		await play.injectLate?.(ground);
		const found = new Map<string, Found>();
		const going: Going = {ground, play, wizard, own, eyes, scope, passed: new Map(), found};
		const walk = await walkIt(going);
		await proved(going);
		const way = [...walk.trail.map(({node}) => node), walk.at];
		const {shown, note} = await judged(going, walk);
		return {shown, way, note: note === '' ? '' : `${note} (${way.join(' > ')})`};
	});
}

/** Plays one walk: makes the fault, walks from the start over its `do` to the end, proves it, takes everything back. */
export async function playDo(ground: Ground, play: DoPlay, open: OpenConsole): Promise<DoPlayed> {
	const begun = performance.now();
	const say = (error: unknown) => (error instanceof Error ? error.message : String(error));
	const broken = (note: string): Omit<DoPlayed, 'wholeMs' | 'play'> => ({
		shown: Object.keys(proofsOf(play)).map(node => ({
			node,
			operation: operationAt(wizardOf(ground, play), node),
			verdict: 'broke off',
			outcome: '-',
			isProved: false,
		})),
		note,
		way: [],
	});
	let played;
	try {
		played = await playWith(ground, play, open);
	} catch (error) {
		played = broken(say(error));
	}

	try {
		await ground.restore(play.spoils ?? []);
	} catch (error) {
		played = broken(`${played.note} not taken back: ${say(error)}`);
	}

	return {...played, play, wholeMs: performance.now() - begun};
}
