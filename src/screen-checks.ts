import {clean} from './domain/clean.ts';
import type {Settings} from './domain/settings.ts';
import type {Eyes} from './engine/eyes.ts';
import {answered, goThrough} from './go-through.ts';
import type {Io} from './io/io.ts';
import {openState} from './own-state.ts';
import type {Answer, CheckResult} from './runbooks/checklist.ts';
import type {Effect, Event} from './store/events.ts';
import type {State} from './store/state.ts';
import {keepCheck} from './work/checks.ts';
import {problemOfError} from './work/perform.ts';

/** The checklist on the screen. */
export type ScreenChecks = {
	/** Goes through a checklist and keeps the result; never rejects, but tells `check-failed`. */
	run(wish: Effect & {readonly type: 'run-check'}): Promise<void>;
	/** An answer is a new result, with what was seen before; nothing where another checklist is shown. */
	answer(wish: Effect & {readonly type: 'answer-check'}): Promise<void>;
	/** Signs the last result with what the operator has to say; nothing where there is none. */
	sign(note: string): Promise<void>;
};

/** What the checklist on the screen works with; after `signal` nothing is told any more. */
export type CheckFacts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly eyes: Eyes;
	readonly state: () => State;
	readonly operator: () => Promise<string>;
	readonly send: (event: Event) => void;
	readonly signal: AbortSignal;
};

/** Makes the place for the checklist on the screen. */
export function createScreenChecks(facts: CheckFacts): ScreenChecks {
	const {io, settings, eyes, state, operator, send, signal} = facts;
	const {clock} = io;
	let lastResult: CheckResult | undefined;

	async function keep(result: CheckResult): Promise<void> {
		const {root} = await openState(io, settings);
		await keepCheck(root, result);
		lastResult = result;
		send({type: 'check-arrived', result, isSigned: result.signed !== undefined});
	}

	return {
		async run({checklist, scope, answers}) {
			try {
				const by = await operator();
				const given = new Map<string, Answer>(Object.entries(answers));
				const nowMs = clock.now();
				const looked = {eyes, scope, answers: given, by, nowMs};
				await keep(await goThrough(checklist, looked, signal));
			} catch (error) {
				if (!signal.aborted) {
					send({type: 'check-failed', problem: problemOfError(error, checklist.id)});
				}
			}
		},
		async answer({item, value}) {
			const {check: now} = state().runbook;
			if (!now || lastResult?.checklist !== now.checklist.id) return;
			const by = await operator();
			await keep(answered(now.checklist, lastResult, {item, value, by, atMs: clock.now()}));
		},
		async sign(note) {
			if (!lastResult) return;
			const atMs = clock.now();
			const words = note === '' ? {} : {note: clean(note, 500)};
			await keep({...lastResult, signed: {by: await operator(), atMs, ...words}});
		},
	};
}
