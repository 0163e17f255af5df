import type {Evidence} from '../runbooks/look.ts';
import type {LookId} from '../runbooks/looks/index.ts';
import type {Wizard} from '../runbooks/runbook.ts';
import type {Scope} from '../runbooks/scope.ts';
import {
	after,
	isCircling,
	isOver,
	nodeOf,
	wayAt,
	type Activity,
	type Walk,
	type WalkEvent,
	type WalkMove,
} from '../runbooks/walk.ts';
import {appendWalk, isHeldHere, noteOver} from './walks.ts';

/** Walks a wizard: goes on by itself until a person is needed, and keeps every step on the disk before it counts. */
export type Walker = {
	walk(): Walk;
	/** Writes down what was done and goes on. What does not fit to where the walk stands changes nothing. */
	move(move: WalkMove): Promise<void>;
	/** Goes on by itself, as after a start or a resume. */
	go(): Promise<void>;
	/** Stops looking and waiting. */
	stop(): void;
	/** Whether somebody else took it over; then nothing more happens in it here. */
	isLost(): boolean;
};

type Facts = {
	readonly wizard: Wizard;
	readonly walk: Walk;
	readonly folder: string;
	readonly look: (
		looks: readonly LookId[],
		scope: Scope,
		signal: AbortSignal,
	) => Promise<readonly Evidence[]>;
	readonly clock: {now(): number; sleep(ms: number, signal: AbortSignal): Promise<void>};
	/** Whether the best cause is taken without asking. */
	readonly takesBest: boolean;
	readonly onChange: (walk: Walk, activity: Activity) => void;
};

/** Makes a walker of a walk that this process has (`beginWalk`, `resumeWalk`). */
export function createWalker(facts: Facts): Walker {
	const {wizard, folder, look, clock, takesBest, onChange} = facts;
	let walk = facts.walk;
	let own = new AbortController();
	let queue: Promise<void> = Promise.resolve();
	let isLost = false;

	const nothing: Activity = {kind: 'nothing'};

	async function record(move: WalkMove): Promise<void> {
		const event: WalkEvent = {...move, atMs: clock.now()};
		if (isLost || after(wizard, walk, event) === walk) return;
		if (!(await isHeldHere(folder))) {
			isLost = true;
			own.abort();
			return;
		}

		const wasOver = isOver(walk);
		await appendWalk(folder, event);
		walk = after(wizard, walk, event);
		if (isOver(walk) !== wasOver) await noteOver(folder, isOver(walk));
		onChange(walk, nothing);
	}

	/** The next thing that the walk does by itself; undefined where a person is needed. */
	async function next(signal: AbortSignal): Promise<WalkMove | undefined> {
		const node = nodeOf(wizard, walk.at);
		const {at} = walk;
		switch (node.kind) {
			case 'look': {
				onChange(walk, {kind: 'looking', looks: node.looks, sinceMs: clock.now()});
				const evidence = await look(node.looks, walk.scope, signal);
				return {type: 'looked', node: at, evidence};
			}

			case 'decide':
				return {type: 'decided', node: at, way: wayAt(wizard, node, walk.seen)};
			case 'rank': {
				const way = wayAt(wizard, node, walk.seen);
				return takesBest || 'other' in way ? {type: 'decided', node: at, way} : undefined;
			}

			case 'wait': {
				const {forMs} = node;
				onChange(walk, {kind: 'waiting', untilMs: clock.now() + forMs});
				await clock.sleep(forMs, signal);
				return {type: 'waited', node: at};
			}

			case 'ask':
			case 'do':
			case 'note':
			case 'end':
				return undefined;
		}
	}

	/** The next step, unless it was stopped meanwhile. */
	async function stepped(signal: AbortSignal): Promise<WalkMove | undefined> {
		try {
			const move = await next(signal);
			return signal.aborted ? undefined : move;
		} catch (error) {
			if (signal.aborted) return undefined;
			throw error;
		}
	}

	async function go(signal: AbortSignal): Promise<void> {
		while (!isOver(walk) && walk.status === 'walking' && !signal.aborted) {
			if (isCircling(walk)) {
				await record({type: 'abandoned', by: walk.by, reason: 'circling'});
				return;
			}

			const move = await stepped(signal);
			if (move === undefined) break;
			await record(move);
		}

		if (!isLost) onChange(walk, nothing);
	}

	/** One after the other, so that two keys that come together never write over each other. */
	async function inTurn(work: () => Promise<void>): Promise<void> {
		const mine = queue.then(work);
		queue = mine.catch(() => undefined);
		return mine;
	}

	return {
		walk: () => walk,
		async move(move) {
			// What a person does ends what the walk does by itself.
			own.abort();
			const signal = new AbortController();
			return inTurn(async () => {
				own = signal;
				await record(move);
				await go(signal.signal);
			});
		},
		async go() {
			return inTurn(async () => go(own.signal));
		},
		stop() {
			own.abort();
		},
		isLost: () => isLost,
	};
}
