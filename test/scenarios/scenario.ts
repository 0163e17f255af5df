import type {Settings} from '../../src/domain/settings.ts';
import type {Outcome} from '../../src/runbooks/runbook.ts';
import type {Ground} from './ground.ts';

/** How far the proposed wizard is walked after the diagnosis, with what a person would answer. */
export type WalkWish = {
	readonly ends: Outcome;
	/** Number of the choice at an `ask`, by node; the first one unless told. */
	readonly answers?: Readonly<Record<string, number>>;
	/** What a person does outside of opsconsole when a note asks for it; told the node. */
	readonly atNote?: (ground: Ground, node: string) => Promise<void>;
	/** Operations that must have been carried out, in their order. */
	readonly does: readonly string[];
};

/** A real fault in the real lab, and what the diagnosis must say of it. */
export type Scenario = {
	/** Short, in kebab-case; `--only` takes it. */
	readonly id: string;
	readonly title: string;
	/** Ids of causes of which one must be first; none: nothing may be likely. */
	readonly expect: readonly string[];
	/** Service that the first finding must be about. */
	readonly about?: string;
	/** Causes that must be likely as well, in any place: more than one thing is wrong. */
	readonly also?: readonly string[];
	/** It is about the host, so that what other programs of this machine do counts. */
	readonly isHost?: true;
	/** Makes the fault. What takes it back is given to `ground.undo` at once, before anything can fail. */
	readonly inject: (ground: Ground) => Promise<void>;
	/** Resolves when the fault shows outside of opsconsole; rejects at a deadline. */
	readonly until?: (ground: Ground) => Promise<unknown>;
	/** What the operator has configured beside the lab's project. */
	readonly settings?: (ground: Ground) => Partial<Settings>;
	/** Services that get new containers afterwards, so that their logs are empty; app, worker and nginx unless told. */
	readonly spoils?: readonly string[];
	readonly walk?: WalkWish;
};
