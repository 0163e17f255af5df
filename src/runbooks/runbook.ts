import type {MetricId} from '../domain/metrics.ts';
import type {JsonValue} from '../domain/plan.ts';
import type {Words} from '../words/words.ts';
import type {Expression} from './expression.ts';
import type {ScopePart} from './operation-requests.ts';
import type {Subject} from './scope.ts';
import type {LookId} from './looks/index.ts';

/** A condition with the text that it was made from, for people. */
export type Condition = {readonly text: string; readonly expression: Expression};

/** Something that speaks for or against a cause. `says` may hold `{look.field}` places. */
export type Argument = {
	readonly if: Condition;
	readonly says: Words;
	readonly points: number;
};

/** One thing that may be wrong, and how to tell. */
export type Cause = {
	readonly id: string;
	readonly title: Words;
	readonly when: Condition;
	readonly points: number;
	readonly for: readonly Argument[];
	readonly against: readonly Argument[];
	/** Where one of these causes holds in the same stack, this one is its consequence. */
	readonly follows: readonly string[];
	/** The node of its runbook that mends it. */
	readonly fix: string;
};

/** Before and after a node: why it is asked, what the answer means. */
type Explained = {readonly why?: Words; readonly means?: Words};

/** A value of a request: itself, a part of the scope, or a field that was seen. */
export type Argued =
	| {readonly kind: 'value'; readonly value: JsonValue}
	| {readonly kind: 'scope'; readonly part: ScopePart}
	| {readonly kind: 'list'; readonly items: readonly Argued[]}
	| {readonly kind: 'field'; readonly look: LookId; readonly field: string};

/** The step kinds of a wizard. Names of other nodes say where the walk goes on. */
export type Node = Explained &
	(
		| {readonly kind: 'look'; readonly looks: readonly LookId[]; readonly next: string}
		| {
				readonly kind: 'decide';
				readonly branches: readonly {
					readonly when: Condition;
					readonly next: string;
					readonly because?: Words;
				}[];
				readonly otherwise: string;
				readonly unknown: string;
		  }
		| {
				readonly kind: 'rank';
				readonly causes: readonly string[];
				readonly otherwise: string;
				readonly unknown: string;
		  }
		| {
				readonly kind: 'ask';
				readonly question: Words;
				readonly choices: readonly {readonly label: Words; readonly next: string}[];
				/** Where the operator does not know. */
				readonly unknown: string;
		  }
		| {
				readonly kind: 'do';
				readonly operation: string;
				readonly request: Readonly<Record<string, Argued>>;
				readonly next: string;
				readonly skip: string;
				readonly failed: string;
		  }
		| {readonly kind: 'wait'; readonly forMs: number; readonly next: string}
		| {readonly kind: 'note'; readonly text: Words; readonly next: string}
		| {
				readonly kind: 'end';
				readonly outcome: Outcome;
				readonly says: Words;
				/** Another runbook that goes on from here, about the same thing. */
				readonly go?: string;
		  }
	);

/** How a walk ends. `not-found`: the cause was not found here; `escalate`: somebody else has to act. */
export const outcomes = ['solved', 'healthy', 'not-found', 'escalate'] as const;

export type Outcome = (typeof outcomes)[number];

type Head = {
	readonly id: string;
	readonly title: Words;
	readonly symptoms: readonly Words[];
	/** Rows of the handbooks. */
	readonly covers: readonly string[];
	readonly on: Subject;
	/** Metrics whose alerts lead here. */
	readonly alerts: readonly MetricId[];
	/** Shipped with the program, or the file that it was read from. */
	readonly from: string;
	/** SHA-256 of its text, so that a walk that was paused notices a change. */
	readonly sha256: string;
};

/** Guided troubleshooting: a graph of nodes. */
export type Wizard = Head & {
	readonly kind: 'wizard';
	readonly causes: Readonly<Record<string, Cause>>;
	readonly start: string;
	readonly nodes: Readonly<Record<string, Node>>;
};

export const frequencies = ['daily', 'weekly', 'monthly', 'on demand'] as const;

export type Frequency = (typeof frequencies)[number];

/** What can be done about an item that did not pass. */
export type ItemFix =
	| {readonly kind: 'runbook'; readonly runbook: string}
	| {
			readonly kind: 'do';
			readonly operation: string;
			readonly request: Readonly<Record<string, Argued>>;
	  };

/** One line of a checklist: looked at by the console, or answered by a person. */
export type Item = {
	readonly id: string;
	readonly title: Words;
	readonly fix?: ItemFix;
} & (
	| {
			readonly by: 'console';
			readonly looks: readonly LookId[];
			readonly pass: Condition;
			readonly warn?: Condition;
			/** Absent: it always applies. */
			readonly applies?: Condition;
			readonly shows: Words;
	  }
	| {readonly by: 'person'}
);

/** Points that are gone through again and again, and signed. */
export type Checklist = Head & {
	readonly kind: 'checklist';
	readonly every: Frequency;
	/** `09:00`, `Mon 09:00`, `1 09:00` (day of the month), in the host's time. */
	readonly at?: string;
	readonly owner?: Words;
	readonly method?: Words;
	readonly items: readonly Item[];
};

export type Runbook = Wizard | Checklist;
