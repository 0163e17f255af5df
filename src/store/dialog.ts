import type {Plan} from '../domain/plan.ts';
import type {Problem} from '../domain/problem.ts';
import type {Scope} from '../runbooks/scope.ts';
import type {Typed} from './confirm.ts';
import type {Thing} from './things.ts';

/** One line of the menu: an action and what it is done to. `key` is unique in the menu. */
export type Entry = {readonly key: string; readonly action: string; readonly thing: Thing};

/** The menu of actions; it stays with the things it was opened for. */
export type Menu = {
	readonly kind: 'menu';
	readonly things: readonly Thing[];
	/** Key of the selected entry. */
	readonly selected: string;
};

/** The values that an action asks for, one after another. */
export type Form = {
	readonly kind: 'form';
	readonly menu: Menu;
	readonly entry: Entry;
	/** What was given so far, by the id of the field. */
	readonly values: Readonly<Record<string, string>>;
	/** Which field is asked for now. */
	readonly at: number;
	/** The text typed so far, or the value of the selected choice. */
	readonly input: string;
	/** The text was given and is not understood. */
	readonly isRefused: boolean;
};

/** The operation looks what it would do; `number` tells its answer from that of an earlier one. */
export type Planning = {
	readonly kind: 'planning';
	/** Absent where a runbook asked. */
	readonly menu?: Menu;
	readonly entry?: Entry;
	/** Id of the operation. */
	readonly operation: string;
	readonly number: number;
};

/** What would be done, before it is. */
export type CardDialog = {
	readonly kind: 'card';
	/** Absent where a runbook asked. */
	readonly menu?: Menu;
	readonly plan: Plan;
	/** Monotonic time at which the card came up and of the last key since, in ms. */
	readonly shownAtMs: number;
	readonly lastKeyAtMs: number;
	/** Monotonic time as far as it is known here, for the countdown. */
	readonly nowMs: number;
	readonly focus: 'cancel' | 'run';
	/** What was typed of the confirming text. */
	readonly typed: Typed;
	/** Why the last Enter did nothing. */
	readonly notice?: 'unread' | 'early';
};

/** A question about a job. */
export type Ask = {
	readonly kind: 'ask';
	readonly what: 'cancel' | 'recover';
	readonly id: string;
	readonly focus: 'no' | 'yes';
};

/** Leaving while operations run, which go on. */
export type Leaving = {readonly kind: 'leaving'; readonly focus: 'no' | 'yes'};

/** Operations that were found at the start and were not over then; `ids` stay when they end meanwhile. */
export type Found = {
	readonly kind: 'found';
	readonly ids: readonly string[];
	readonly selected: string;
};

/** Why something is not done: cause and next step. */
export type Refused = {readonly kind: 'refused'; readonly menu?: Menu; readonly problem: Problem};

/** Confirmed; its worker begins. */
export type Starting = {readonly kind: 'starting'; readonly plan: Plan};

/** Which of several things a runbook shall be about. */
export type Scopes = {
	readonly kind: 'scopes';
	readonly runbook: string;
	readonly scopes: readonly Scope[];
	/** Number of the selected one. */
	readonly selected: number;
};

/** Words of the operator: why a step is left out, a remark, to whom a walk goes, what is said when signing. */
export type WordsDialog = {
	readonly kind: 'words';
	readonly what:
		| 'skip'
		| 'remark'
		| 'hand-over'
		| 'sign'
		| 'incident'
		| 'incident-note'
		| 'incident-cause'
		| 'incident-done';
	readonly text: string;
	/** What is taken where nothing is typed. */
	readonly proposal?: string;
	/** Enter was pressed without the words that are needed. */
	readonly isMissing?: true;
	/** The cause that was given before what was done about it. */
	readonly cause?: string;
};

/** What is on top of the screen and has the keyboard. */
export type Dialog =
	| Menu
	| Form
	| Planning
	| CardDialog
	| Refused
	| Starting
	| Ask
	| Leaving
	| Found
	| Scopes
	| WordsDialog;
