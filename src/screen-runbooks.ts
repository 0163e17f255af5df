import {goThrough} from './go-through.ts';
import {clean} from './domain/clean.ts';
import type {Problem} from './domain/problem.ts';
import type {Settings} from './domain/settings.ts';
import {diagnose} from './engine/diagnose.ts';
import {createEyes} from './engine/eyes.ts';
import {createNewest} from './engine/newest.ts';
import type {Io} from './io/io.ts';
import {foldersOf, openState} from './program.ts';
import type {Answer, CheckResult} from './runbooks/checklist.ts';
import type {Runbook} from './runbooks/runbook.ts';
import type {WalkMove} from './runbooks/walk.ts';
import {runbooksHere} from './runbooks-here.ts';
import type {Effect, Event} from './store/events.ts';
import type {State} from './store/state.ts';
import {keepCheck, lastChecks} from './work/checks.ts';
import {newId} from './work/make-plan.ts';
import {problemOfError} from './work/perform.ts';
import {createWalker, type Walker} from './work/walker.ts';
import {
	beginWalk,
	holderOf,
	isHeldHere,
	listWalks,
	readWalk,
	resumeWalk,
	walkOf,
	type KeptWalk,
	type Taken,
} from './work/walks.ts';
import {nameOfOperator, whoAmI} from './work/who.ts';

/** The effects that concern runbooks. */
export type RunbookEffect = Extract<
	Effect,
	{
		readonly type:
			| 'diagnose'
			| 'read-runbooks'
			| 'open-walk'
			| 'resume-walk'
			| 'walk-move'
			| 'walk-go'
			| 'walk-remark'
			| 'walk-hand-over'
			| 'close-walk'
			| 'run-check'
			| 'answer-check'
			| 'sign-check';
	}
>;

/** What the screen needs for wizards, checklists and the diagnosis. */
export type ScreenRunbooks = {
	carryOut(effect: RunbookEffect): void;
	/** Ends looking; an open walk is paused. */
	stop(): Promise<void>;
};

/** How often somebody else's walk is looked at again, in ms. */
const watchEveryMs = 1000;

type Facts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly state: () => State;
	readonly onChange: (listener: () => void) => () => void;
	readonly refresh: () => void;
	readonly send: (event: Event) => void;
};

type Open = {
	readonly walker: Walker;
	readonly folder: string;
	readonly release: () => Promise<void>;
};

/** Makes what carries out the effects of the runbook screens. Nothing here changes the server. */
export function createScreenRunbooks(facts: Facts): ScreenRunbooks {
	const {io, settings, state, send} = facts;
	const {clock} = io;
	const folders = foldersOf(io, settings);
	const end = new AbortController();
	const eyes = createEyes({...facts, folders});
	let known: Promise<Awaited<ReturnType<typeof runbooksHere>>> | undefined;
	let open: Open | undefined;
	let watching: AbortController | undefined;
	const diagnosing = createNewest(end.signal);
	let lastResult: CheckResult | undefined;

	const fail = (problem: Problem) => send({type: 'action-failed', problem});
	const attempt = (what: string, work: () => Promise<void>) => {
		work().catch((error: unknown) => {
			if (!end.signal.aborted) fail(problemOfError(error, what));
		});
	};
	const operator = async () => nameOfOperator(await whoAmI());

	async function runbooks(): Promise<Readonly<Record<string, Runbook>>> {
		known ??= runbooksHere();
		return (await known).runbooks;
	}

	async function readAll(): Promise<void> {
		known = undefined;
		await tellAll();
	}

	/** Tells the screen of runbooks, of walks that wait, and of when checklists were done. */
	async function tellAll(): Promise<void> {
		known ??= runbooksHere();
		const {runbooks: all, errors} = await known;
		const walks = await Promise.all(
			(await listWalks(folders.root)).map(async kept => {
				const found = walkOf(kept, all);
				const holder = await holderOf(kept.folder);
				const heldBy = holder && holder.pid !== process.pid ? {heldBy: clean(holder.by, 80)} : {};
				return found ? [{id: kept.id, ...found, ...heldBy}] : [];
			}),
		);
		send({
			type: 'runbooks-arrived',
			runbooks: all,
			badFiles: new Set(errors.map(({file}) => file)).size,
			walks: walks.flat(),
			lastChecks: await lastChecks(folders.root),
		});
	}

	async function look(): Promise<void> {
		await diagnosing.run(async signal => {
			await readAll();
			signal.throwIfAborted();
			const diagnosis = await diagnose(Object.values(await runbooks()), eyes, clock, signal);
			signal.throwIfAborted();
			send({type: 'diagnosed', diagnosis});
		});
	}

	async function closeWalk(isPaused = true): Promise<void> {
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
		const signal = AbortSignal.any([end.signal, own.signal]);
		const all = await runbooks();
		while (!signal.aborted) {
			const kept = await readWalk(folders.root, id);
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
			await clock.sleep(watchEveryMs, end.signal);
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
			fail({code: 'walk-changed', params: {id: taken.kept.id}, retry: 'rarely'});
			return;
		}

		const {wizard, walk} = found;
		const {folder} = taken.kept;
		const walker = createWalker({
			wizard,
			walk,
			folder,
			look: eyes.look,
			clock,
			takesBest: false,
			onChange(now, activity) {
				if (open?.folder === folder) send({type: 'walk-moved', wizard, walk: now, activity});
			},
		});
		const own = {walker, folder, release: taken.release};
		open = own;
		void guard(own, taken.kept).catch(() => undefined);
		send({type: 'walk-moved', wizard, walk: walker.walk(), activity: {kind: 'nothing'}});
		await walker.go();
	}

	async function begin({runbook, scope}: RunbookEffect & {type: 'open-walk'}): Promise<void> {
		await closeWalk();
		const wizard = (await runbooks())[runbook];
		if (wizard?.kind !== 'wizard') return;
		const {root} = await openState(io, settings);
		const nowMs = clock.now();
		const by = await operator();
		await take(await beginWalk(root, {id: newId(nowMs), wizard, scope, by, nowMs}));
	}

	async function resume({id, isForced}: RunbookEffect & {type: 'resume-walk'}): Promise<void> {
		await closeWalk();
		const {root} = await openState(io, settings);
		const by = await operator();
		const how = {by, nowMs: clock.now(), ...(isForced === true && {isForced})};
		await take(await resumeWalk(root, id, how));
	}

	async function moveWalk(move: WalkMove): Promise<void> {
		await open?.walker.move(move);
	}

	async function handOver(to: string): Promise<void> {
		await moveWalk({type: 'handed-over', by: await operator(), to: clean(to, 80)});
		await closeWalk(false);
		await tellAll();
	}

	async function keep(result: CheckResult): Promise<void> {
		const {root} = await openState(io, settings);
		await keepCheck(root, result);
		lastResult = result;
		send({type: 'check-arrived', result, isSigned: result.signed !== undefined});
	}

	async function check(wish: RunbookEffect & {type: 'run-check'}): Promise<void> {
		const {checklist, scope, answers} = wish;
		try {
			const by = await operator();
			const given = new Map<string, Answer>(Object.entries(answers));
			const nowMs = clock.now();
			const looked = {eyes, scope, answers: given, by, nowMs};
			await keep(await goThrough(checklist, looked, end.signal));
		} catch (error) {
			if (!end.signal.aborted) {
				send({type: 'check-failed', problem: problemOfError(error, checklist.id)});
			}
		}
	}

	/** An answer is a new result, with what was seen before. */
	async function answer({item, value}: RunbookEffect & {type: 'answer-check'}): Promise<void> {
		const {check: now} = state().runbook;
		if (!now || lastResult?.checklist !== now.checklist.id) return;
		const {answered} = await import('./go-through.ts');
		const by = await operator();
		await keep(answered(now.checklist, lastResult, {item, value, by, atMs: clock.now()}));
	}

	async function sign(note: string): Promise<void> {
		if (!lastResult) return;
		const atMs = clock.now();
		const words = note === '' ? {} : {note: clean(note, 500)};
		await keep({...lastResult, signed: {by: await operator(), atMs, ...words}});
	}

	return {
		carryOut(effect) {
			switch (effect.type) {
				case 'diagnose':
					attempt('diagnose', look);
					return;
				case 'read-runbooks':
					attempt('runbooks', readAll);
					return;
				case 'open-walk':
					attempt(effect.runbook, async () => begin(effect));
					return;
				case 'resume-walk':
					attempt('walk', async () => resume(effect));
					return;
				case 'walk-move':
					attempt('walk', async () => moveWalk(effect.move));
					return;
				case 'walk-go':
					attempt('walk', async () => open?.walker.go());
					return;
				case 'walk-remark':
					attempt('walk', async () =>
						moveWalk({type: 'remarked', text: clean(effect.text, 500), by: await operator()}),
					);
					return;
				case 'walk-hand-over':
					attempt('walk', async () => handOver(effect.to));
					return;
				case 'close-walk':
					attempt('walk', async () => {
						await closeWalk();
						await tellAll();
					});
					return;
				case 'run-check':
					void check(effect);
					return;
				case 'answer-check':
					attempt('check', async () => answer(effect));
					return;
				case 'sign-check':
					attempt('check', async () => sign(effect.note));
			}
		},
		async stop() {
			await closeWalk().catch(() => undefined);
			end.abort();
		},
	};
}
