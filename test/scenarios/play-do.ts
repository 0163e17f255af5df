import {setTimeout as pause} from 'node:timers/promises';
import type {Eyes} from '../../src/engine/eyes.ts';
import {withEyes} from '../../src/headless-eyes.ts';
import {nothingSeen, withEvidence} from '../../src/runbooks/evidence.ts';
import type {Node, Wizard} from '../../src/runbooks/runbook.ts';
import type {Scope} from '../../src/runbooks/scope.ts';
import {scopesOf} from '../../src/runbooks/scopes.ts';
import {isOver, nodeOf, wayAt, type Walk, type WalkMove} from '../../src/runbooks/walk.ts';
import {newId} from '../../src/work/make-plan.ts';
import {createWalker, type Walker} from '../../src/work/walker.ts';
import {beginWalk, walkOf} from '../../src/work/walks.ts';
import {sayProblem} from '../../src/words/say-problem.ts';
import {actAt, isDone} from './do-act.ts';
import {endsOf, nameOfPlay, type DoPlay} from './do-play.ts';
import type {OpenConsole, PlayConsole} from './does-ground.ts';
import type {Ground} from './ground.ts';

/** How a play ended. `failed`: the `do` was reached and something about it is not as promised. */
export type DoVerdict = 'shown' | 'failed' | 'not reached' | 'broke off';

export type DoPlayed = {
	readonly play: DoPlay;
	readonly operation: string;
	readonly verdict: DoVerdict;
	/** How the operation ended, where it was reached. */
	readonly outcome: string;
	/** Whether the real world was as promised, and had not been before. */
	readonly isProved: boolean;
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
	/** How often each node was passed by the operator. */
	readonly passed: Map<string, number>;
	/** What was found out about the `do`. */
	readonly facts: {
		outcome?: string;
		holds?: () => Promise<boolean>;
		held: boolean;
		note: string;
	};
};

/** What the operator does at a node this time. */
function stepAt({play, passed}: Going, at: string): number | string | undefined {
	const count = passed.get(at) ?? 0;
	passed.set(at, count + 1);
	const step = play.way?.[at];
	return typeof step === 'object' ? step[Math.min(count, step.length - 1)] : step;
}

async function isSo(holds: (() => Promise<boolean>) | undefined): Promise<boolean> {
	return (await holds?.().catch(() => false)) ?? false;
}

async function acted(going: Going, node: Node & {kind: 'do'}, walk: Walk): Promise<WalkMove> {
	const {play, ground, facts} = going;
	const {at} = walk;
	const isMeant = at === play.node;
	if (isMeant && !facts.holds) {
		facts.holds = await play.proves(ground);
		facts.held = await isSo(facts.holds);
	}

	const end = await actAt(node, walk, going);
	const {outcome, run, problem} = end;
	const why = problem && `${at}: ${sayProblem('en', problem).summary}`;
	if (isMeant) {
		facts.outcome = outcome;
		facts.note = why ?? '';
	}

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

/** A wait of a wizard: whole before the `do`; after it only until the world is as promised, unless the play says so. */
function sleepOf(going: Going, at: () => string) {
	const {play, facts} = going;
	return async (ms: number, signal: AbortSignal): Promise<void> => {
		const isWhole = play.waitsWhole?.includes(at()) ?? !facts.holds;
		const end = performance.now() + ms;
		while (performance.now() < end) {
			signal.throwIfAborted();
			await pause(Math.min(200, ms), undefined, {signal});
			if (!isWhole && (await isSo(facts.holds))) return;
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
	const {wizard, play, eyes, own, ground} = going;
	const nowMs = Date.now();
	const scope = scopeOf(wizard, play, eyes);
	const first = {id: newId(nowMs), wizard, scope, by: 'scenarios', nowMs};
	const taken = await beginWalk(own.state.root, first);
	if ('heldBy' in taken) throw new Error(`${wizard.id} is walked by somebody else`);
	const known = walkOf(taken.kept, ground.runbooks);
	if (!known) throw new Error('the walk cannot be read again');
	const {clock} = own.io;
	const walker: Walker = createWalker({
		wizard,
		walk: await beginning(going, known.walk),
		folder: taken.kept.folder,
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
async function proved({facts}: Going): Promise<boolean> {
	const end = performance.now() + proofMs;
	for (;;) {
		if (await isSo(facts.holds)) return true;
		if (performance.now() > end) return false;
		await pause(200);
	}
}

/** What of a walk is not as the play wishes it. */
function complaints(going: Going, walk: Walk, isProved: boolean): readonly string[] {
	const {play, facts} = going;
	const isGood = facts.outcome === 'done' || facts.outcome === 'warnings';
	return [
		...(isGood === (play.isRefused === true) ? [`${play.node} ended ${facts.outcome ?? ''}`] : []),
		...(facts.held && !play.isRefused ? ['the world was so before'] : []),
		...(isProved ? [] : ['the world is not as promised']),
		...(endsOf(play).includes(walk.at)
			? []
			: [`the walk ended at ${walk.at}, not at ${endsOf(play).join(' or ')}`]),
		...(facts.note === '' || (play.isRefused && isProved) ? [] : [facts.note]),
	];
}

function wizardOf({runbooks}: Ground, {wizard: id}: DoPlay): Wizard {
	const wizard = runbooks[id];
	if (wizard?.kind !== 'wizard') throw new Error(`there is no wizard ${id}`);
	return wizard;
}

async function playWith(
	ground: Ground,
	play: DoPlay,
	open: OpenConsole,
): Promise<Omit<DoPlayed, 'wholeMs' | 'play' | 'operation'>> {
	const wizard = wizardOf(ground, play);
	await play.inject(ground);
	const own = await open(play.config?.(ground) ?? []);
	const {io, settings, state} = own;
	return withEyes({io, settings, folders: state}, async eyes => {
		await play.injectLate?.(ground);
		const facts = {held: false, note: ''};
		const going: Going = {ground, play, wizard, own, eyes, passed: new Map(), facts};
		const walk = await walkIt(going);
		const way = [...walk.trail.map(({node}) => node), walk.at];
		const {outcome} = going.facts;
		if (outcome === undefined) {
			const note = `went ${way.join(' > ')}`;
			return {verdict: 'not reached', outcome: '-', isProved: false, note, way};
		}

		const isProved = await proved(going);
		const wrong = complaints(going, walk, isProved);
		const note = wrong.length > 0 ? `${wrong.join('; ')} (${way.join(' > ')})` : '';
		return {verdict: note === '' ? 'shown' : 'failed', outcome, isProved, note, way};
	});
}

/** Plays one `do`: makes the fault, walks from the start over the `do` to the end, proves it, takes everything back. */
export async function playDo(ground: Ground, play: DoPlay, open: OpenConsole): Promise<DoPlayed> {
	const begun = performance.now();
	const node = wizardOf(ground, play).nodes[play.node];
	if (node?.kind !== 'do') throw new Error(`${nameOfPlay(play)} is no do`);
	const say = (error: unknown) => (error instanceof Error ? error.message : String(error));
	let played: Omit<DoPlayed, 'wholeMs' | 'play' | 'operation'>;
	try {
		played = await playWith(ground, play, open);
	} catch (error) {
		played = {verdict: 'broke off', outcome: '-', isProved: false, note: say(error), way: []};
	}

	try {
		await ground.restore(play.spoils ?? []);
	} catch (error) {
		played = {
			...played,
			verdict: 'broke off',
			note: `${played.note} not taken back: ${say(error)}`,
		};
	}

	return {...played, play, operation: node.operation, wholeMs: performance.now() - begun};
}
