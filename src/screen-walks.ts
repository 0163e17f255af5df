import {clean} from './domain/clean.ts';
import type {Settings} from './domain/settings.ts';
import type {Eyes} from './engine/eyes.ts';
import type {Io} from './io/io.ts';
import {foldersOf, openState} from './own-state.ts';
import type {Runbook} from './runbooks/runbook.ts';
import type {Scope} from './runbooks/scope.ts';
import type {WalkMove} from './runbooks/walk.ts';
import type {Event} from './store/events.ts';
import {newId} from './work/make-plan.ts';
import {createWalker, type Walker} from './work/walker.ts';
import {
	beginWalk,
	holderOf,
	isHeldHere,
	readWalk,
	resumeWalk,
	walkOf,
	type KeptWalk,
	type Taken,
} from './work/walks.ts';

/** The one walk that is open on the screen: ours, or somebody else's that is looked at. */
export type ScreenWalks = {
	/**
	 * Begins a walk of a wizard, or takes up the one that is open about the same thing where it is fresh or somebody has it;
	 * no wizard of this name: nothing.
	 */
	begin(runbook: string, scope: Scope): Promise<void>;
	/** Takes up a walk that is kept; `isForced` takes it from whoever has it. */
	resume(id: string, isForced: boolean): Promise<void>;
	/** Writes down what was done in our walk and goes on; without one nothing happens. */
	move(move: WalkMove): Promise<void>;
	/** Our walk goes on by itself. */
	go(): Promise<void>;
	/** Gives our walk to somebody else and leaves it. */
	handOver(to: string): Promise<void>;
	/** Leaves the walk; one of ours is paused. */
	close(): Promise<void>;
};

/** How often somebody else's walk is looked at again, in ms. */
const watchEveryMs = 1000;

/** How long what was seen in a walk may be taken for what is so, in ms: an older one is only taken up from the list. */
const freshMs = 10 * 60_000;

/** What the walks on the screen work with; after `signal` nobody's walk is watched any more. */
export type WalkFacts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly look: Eyes['look'];
	readonly runbooks: () => Promise<Readonly<Record<string, Runbook>>>;
	readonly operator: () => Promise<string>;
	readonly send: (event: Event) => void;
	readonly signal: AbortSignal;
};

type Open = {
	readonly walker: Walker;
	readonly folder: string;
	readonly release: () => Promise<void>;
};

/** Makes the place for the walk on the screen. Its steps reject with the error of the disk. */
export function createScreenWalks(facts: WalkFacts): ScreenWalks {
	const {io, settings, look, runbooks, operator, send, signal: end} = facts;
	const {clock} = io;
	let open: Open | undefined;
	let watching: AbortController | undefined;

	async function leave(isPaused = true): Promise<void> {
		watching?.abort();
		watching = undefined;
		const closing = open;
		open = undefined;
		if (!closing) return;
		closing.walker.stop();
		const {status} = closing.walker.walk();
		if (isPaused && status === 'walking') {
			await closing.walker.move({type: 'paused', by: await operator()});
		}

		await closing.release();
	}

	/** Shows somebody else's walk as it goes on, until it is left. */
	async function watch({id}: Pick<KeptWalk, 'id'>): Promise<void> {
		const own = new AbortController();
		watching = own;
		const signal = AbortSignal.any([end, own.signal]);
		const all = await runbooks();
		const {root} = foldersOf(io, settings);
		while (!signal.aborted) {
			const kept = await readWalk(root, id);
			const found = kept && walkOf(kept, all);
			const holder = kept && (await holderOf(kept.folder));
			if (watching !== own) return;
			if (found) {
				send({
					type: 'walk-moved',
					...found,
					activity: {kind: 'nothing'},
					heldBy: clean(holder?.by ?? '', 80),
				});
			}

			await clock.sleep(watchEveryMs, signal).catch(() => undefined);
		}
	}

	/** Somebody took our walk over: from now on this console looks on. */
	function lose(lost: Open, kept: KeptWalk): void {
		if (open !== lost) return;
		lost.walker.stop();
		open = undefined;
		void watch(kept).catch(() => undefined);
	}

	/** Looks every second whether our walk is still ours, also while nobody presses a key. */
	async function guard(own: Open, kept: KeptWalk): Promise<void> {
		while (open === own) {
			await clock.sleep(watchEveryMs, end);
			if (open === own && !(await isHeldHere(own.folder))) lose(own, kept);
		}
	}

	async function take(taken: Taken | undefined): Promise<void> {
		if (!taken) return;
		if ('heldBy' in taken) {
			void watch(taken.kept).catch(() => undefined);
			return;
		}

		const found = walkOf(taken.kept, await runbooks());
		if (!found) {
			await taken.release();
			const problem = {code: 'walk-changed', params: {id: taken.kept.id}, retry: 'rarely'} as const;
			send({type: 'action-failed', problem});
			return;
		}

		const {wizard, walk} = found;
		const {folder} = taken.kept;
		const {olderAtMs} = taken;
		const older = olderAtMs === undefined ? {} : {olderAtMs};
		const walker = createWalker({
			wizard,
			walk,
			folder,
			look,
			clock,
			takesBest: false,
			onChange(now, activity) {
				if (open?.folder !== folder) return;
				send({type: 'walk-moved', wizard, walk: now, activity, ...older});
			},
		});
		const own = {walker, folder, release: taken.release};
		open = own;
		void guard(own, taken.kept).catch(() => undefined);
		const activity = {kind: 'nothing'} as const;
		send({type: 'walk-moved', wizard, walk: walker.walk(), activity, ...older});
		await walker.go();
	}

	async function move(what: WalkMove): Promise<void> {
		await open?.walker.move(what);
	}

	return {
		async begin(runbook, scope) {
			await leave();
			const wizard = (await runbooks())[runbook];
			if (wizard?.kind !== 'wizard') return;
			const {root} = await openState(io, settings);
			const nowMs = clock.now();
			const by = await operator();
			const id = newId(nowMs);
			await take(await beginWalk(root, {id, wizard, scope, by, nowMs, freshMs}));
		},
		async resume(id, isForced) {
			await leave();
			const {root} = await openState(io, settings);
			const by = await operator();
			await take(await resumeWalk(root, id, {by, nowMs: clock.now(), isForced}));
		},
		move,
		async go() {
			await open?.walker.go();
		},
		async handOver(to) {
			await move({type: 'handed-over', by: await operator(), to: clean(to, 80)});
			await leave(false);
		},
		close: async () => leave(),
	};
}
