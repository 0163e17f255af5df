import type {LookId} from '../../src/runbooks/looks/index.ts';
import type {Ground} from './ground.ts';

/** Called just before the `do` is carried out; what it gives tells whether the world is as the `do` promises. */
export type Proof = (ground: Ground) => Promise<() => Promise<boolean>>;

/** What the operator does at a node, each time it is passed; the last one counts for all further times. */
export type Step = number | string | readonly (number | string)[];

/** A real fault in the real lab, the walk from its start to one `do`, and what that `do` must have done to the world. */
export type DoPlay = {
	readonly wizard: string;
	/** The `do` node that is shown. */
	readonly node: string;
	/** Set where no real fault leads into the node within reason: the walk begins at `at`, with what is really seen. */
	readonly placed?: {
		readonly at: string;
		/** Looks that are read before; those of the wizard's first node unless told. */
		readonly looks?: readonly LookId[];
		readonly why: string;
	};
	/** Service of the lab that the walk is about, or the id of a target; the first thing of its kind unless told. */
	readonly about?: string;
	/** Further lines of opsconsole.yaml. */
	readonly config?: (ground: Ground) => readonly string[];
	/** Makes the fault. What takes it back is given to `ground.undo` at once, before anything can fail. */
	readonly inject: (ground: Ground) => Promise<void>;
	/** The same after the console has found what there is here: for servers that are not found when they are down. */
	readonly injectLate?: (ground: Ground) => Promise<void>;
	/**
	 * What the operator does, by node: number of a choice or `unknown` at an `ask`, `skip` at a `do`, the id of a cause at a
	 * `rank`. Unless told: the first choice, what is proposed, and every `do` carried out.
	 */
	readonly way?: Readonly<Record<string, Step>>;
	/** What a person does outside of opsconsole where a note or a question asks for it; told the node. */
	readonly atNode?: (ground: Ground, node: string) => Promise<void>;
	readonly proves: Proof;
	/** Further `do` nodes that the same walk shows, each with its proof. */
	readonly also?: Readonly<Record<string, Proof>>;
	/** The operation must be refused or fail, and the proof is that nothing has changed. */
	readonly isRefused?: true;
	/** Name of the `end` node at which the walk ends; several where something else on this machine decides it. */
	readonly ends: string | readonly string[];
	/** Waits before the `do`, and those after it whose effect the proof cannot see, last as long as the wizard says. */
	readonly waitsWhole?: readonly string[];
	/** Services that get new containers afterwards; none unless told. */
	readonly spoils?: readonly string[];
	/** Prepared when the plays begin and walked when it is this old, after all others. */
	readonly ages?: {
		readonly forMs: number;
		/** What takes it back is given to `ground.atEnd`: `ground.undo` is for the plays that come before. */
		readonly prepare: (ground: Ground) => Promise<unknown>;
	};
};

/** Name of a play, as `--only` takes it. */
export function nameOfPlay({wizard, node}: Pick<DoPlay, 'wizard' | 'node'>): string {
	return `${wizard}.${node}`;
}

/** The `do` nodes that a play shows, with their proofs. */
export function proofsOf({node, proves, also}: DoPlay): Readonly<Record<string, Proof>> {
	return {[node]: proves, ...also};
}

/** Names of everything that a play shows. */
export function namesOfPlay(play: DoPlay): readonly string[] {
	return Object.keys(proofsOf(play)).map(node => nameOfPlay({wizard: play.wizard, node}));
}

/** The `end` nodes at which the walk of a play may end. */
export function endsOf({ends}: Pick<DoPlay, 'ends'>): readonly string[] {
	return typeof ends === 'string' ? [ends] : ends;
}
