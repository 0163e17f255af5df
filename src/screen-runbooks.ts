import {clean} from './domain/clean.ts';
import type {Settings} from './domain/settings.ts';
import {diagnose} from './engine/diagnose.ts';
import {createEyes} from './engine/eyes.ts';
import {createNewest} from './engine/newest.ts';
import type {Io} from './io/io.ts';
import {foldersOf} from './own-state.ts';
import type {Runbook} from './runbooks/runbook.ts';
import {runbooksHere} from './runbooks-here.ts';
import {createScreenChecks} from './screen-checks.ts';
import {createScreenWalks} from './screen-walks.ts';
import type {Effect, Event} from './store/events.ts';
import type {State} from './store/state.ts';
import {lastChecks} from './work/checks.ts';
import {problemOfError} from './work/perform.ts';
import {holderOf, listWalks, walkOf} from './work/walks.ts';
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

type Facts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly state: () => State;
	readonly onChange: (listener: () => void) => () => void;
	readonly refresh: () => void;
	readonly send: (event: Event) => void;
};

/** Makes what carries out the effects of the runbook screens. Nothing here changes the server. */
export function createScreenRunbooks(
	facts: Facts,
	{readRunbooks = runbooksHere, eyes = eyesOver(facts)} = {},
): ScreenRunbooks {
	const {io, settings, state, send} = facts;
	const {clock} = io;
	const folders = foldersOf(io, settings);
	const end = new AbortController();
	let known: ReturnType<typeof runbooksHere> | undefined;
	const diagnosing = createNewest(end.signal);

	const attempt = (what: string, work: () => Promise<void>) => {
		work().catch((error: unknown) => {
			if (end.signal.aborted) return;
			send({type: 'action-failed', problem: problemOfError(error, what)});
		});
	};
	const operator = async () => nameOfOperator(await whoAmI());

	async function runbooks(): Promise<Readonly<Record<string, Runbook>>> {
		known ??= readRunbooks();
		return (await known).runbooks;
	}

	const own = {io, settings, operator, send, signal: end.signal};
	const walks = createScreenWalks({...own, look: eyes.look, runbooks});
	const checks = createScreenChecks({...own, eyes, state});

	async function readAll(): Promise<void> {
		known = undefined;
		await tellAll();
	}

	/** Tells the screen of runbooks, of walks that wait, and of when checklists were done. */
	async function tellAll(): Promise<void> {
		known ??= readRunbooks();
		const {runbooks: all, errors} = await known;
		const listed = await Promise.all(
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
			walks: listed.flat(),
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
					attempt(effect.runbook, async () => walks.begin(effect.runbook, effect.scope));
					return;
				case 'resume-walk':
					attempt('walk', async () => walks.resume(effect.id, effect.isForced === true));
					return;
				case 'walk-move':
					attempt('walk', async () => walks.move(effect.move));
					return;
				case 'walk-go':
					attempt('walk', async () => walks.go());
					return;
				case 'walk-remark':
					attempt('walk', async () =>
						walks.move({type: 'remarked', text: clean(effect.text, 500), by: await operator()}),
					);
					return;
				case 'walk-hand-over':
					attempt('walk', async () => {
						await walks.handOver(effect.to);
						await tellAll();
					});
					return;
				case 'close-walk':
					attempt('walk', async () => {
						await walks.close();
						await tellAll();
					});
					return;
				case 'run-check':
					void checks.run(effect);
					return;
				case 'answer-check':
					attempt('check', async () => checks.answer(effect));
					return;
				case 'sign-check':
					attempt('check', async () => checks.sign(effect.note));
			}
		},
		async stop() {
			await walks.close().catch(() => undefined);
			end.abort();
		},
	};
}

function eyesOver(facts: Facts) {
	return createEyes({...facts, folders: foldersOf(facts.io, facts.settings)});
}
