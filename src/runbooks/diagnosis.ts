import type {Evidence} from './look.ts';
import type {Weighed} from './rank.ts';
import type {Scope} from './scope.ts';

/** A cause that may be what is wrong, and where. */
export type Finding = Weighed & {
	readonly runbook: string;
	readonly scope: Scope;
	/** What the cause is about: `shop/app/1`. */
	readonly subject: string;
	/** What decided it. */
	readonly evidence: readonly Evidence[];
	/** The cause of which this one is a consequence. */
	readonly consequenceOf?: string;
};

/** What was found when everything was looked at. */
export type Diagnosis = {
	readonly atMs: number;
	readonly tookMs: number;
	/** The likely ones first, then those that could not be excluded. */
	readonly findings: readonly Finding[];
	/** Looks that saw nothing, with the reason. */
	readonly blind: readonly Evidence[];
	/** How many causes were excluded by what was seen. */
	readonly excluded: number;
};
