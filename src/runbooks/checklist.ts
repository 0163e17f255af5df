import type {Level} from '../domain/level.ts';
import {nothingSeen, valuesOf, withEvidence} from './evidence.ts';
import {judge} from './expression.ts';
import type {Part} from './item-scopes.ts';
import type {Evidence} from './look.ts';
import type {Checklist, Condition, Item} from './runbook.ts';
import type {Scope} from './scope.ts';

/** How a line of a checklist came out. `open`: a person has not answered yet; `unknown` is never a pass. */
export type ItemOutcome = 'pass' | 'warn' | 'fail' | 'unknown' | 'not-applicable' | 'open';

/** What a person answered to a line. */
export type Answer = {
	readonly value: 'yes' | 'no' | 'not-applicable';
	readonly by: string;
	readonly atMs: number;
	readonly note?: string;
};

/** One line with its proof. */
export type ItemResult = {
	readonly id: string;
	readonly outcome: ItemOutcome;
	readonly evidence: readonly Evidence[];
	readonly answer?: Answer;
	/** Where it was judged for several servers: each of them by name; outcome and evidence above are those of the worst. */
	readonly parts?: readonly ItemPart[];
	/** What the worst of them is about, for what mends it. */
	readonly scope?: Scope;
};

/** How a line came out for one of several servers. */
export type ItemPart = Pick<ItemResult, 'outcome' | 'evidence'> & {readonly subject: string};

/** A checklist that was gone through, as it is kept. */
export type CheckResult = {
	readonly version: 1;
	readonly checklist: string;
	readonly sha256: string;
	/** Compose project, where it was about one. */
	readonly project?: string;
	readonly atMs: number;
	readonly by: string;
	readonly items: readonly ItemResult[];
	readonly level: Level;
	/** Who signed it, when, and what they had to say. */
	readonly signed?: {readonly by: string; readonly atMs: number; readonly note?: string};
	/** How old it may become before the next time is overdue; absent where it is done on demand. */
	readonly missedAfterMs?: number;
	/** Every figure that was seen, by `look.field`, for reports over time. */
	readonly figures: Readonly<Record<string, number>>;
};

/** Judges one line by what was seen and answered. */
export function judgeItem(item: Item, evidence: readonly Evidence[], answer?: Answer): ItemResult {
	const common = {id: item.id, evidence, ...(answer && {answer})};
	if (item.by === 'person') {
		const outcomes = {yes: 'pass', no: 'fail', 'not-applicable': 'not-applicable'} as const;
		return {...common, outcome: answer ? outcomes[answer.value] : 'open'};
	}

	const valueOf = valuesOf(withEvidence(nothingSeen, evidence));
	const holds = (condition: Condition) => judge(condition.expression, valueOf);
	if (item.applies && holds(item.applies) === false) {
		return {...common, outcome: 'not-applicable'};
	}

	const passes = holds(item.pass);
	if (passes === undefined) return {...common, outcome: 'unknown'};
	if (!passes) return {...common, outcome: 'fail'};
	return {...common, outcome: item.warn && holds(item.warn) === true ? 'warn' : 'pass'};
}

/** From the best to the worst. What does not apply to one server says nothing about the others. */
const outcomes: readonly ItemOutcome[] = [
	...(['not-applicable', 'pass', 'warn', 'open', 'unknown', 'fail'] as const),
];

/** Judges one line for each of several servers; the worst of them counts, the first where several are as bad. */
export function judgeParts(
	item: Item,
	parts: readonly (Part & {readonly evidence: readonly Evidence[]})[],
): ItemResult {
	const judged = parts.map(({subject, scope, evidence}) => {
		const {outcome} = judgeItem(item, evidence);
		return {scope, part: {subject, outcome, evidence}};
	});
	const badness = ({part}: {readonly part: ItemPart}) => outcomes.indexOf(part.outcome);
	const [worst] = judged.toSorted((a, b) => badness(b) - badness(a));
	const {outcome = 'unknown', evidence = []} = worst?.part ?? {};
	const own = {id: item.id, outcome, evidence, parts: judged.map(({part}) => part)};
	return worst ? {...own, scope: worst.scope} : own;
}

const levels: Readonly<Record<ItemOutcome, Level>> = {
	pass: 'ok',
	'not-applicable': 'ok',
	open: 'unknown',
	unknown: 'unknown',
	warn: 'warn',
	fail: 'crit',
};

const rank: readonly Level[] = ['ok', 'warn', 'unknown', 'crit'];

/** The level of a whole checklist: a line that failed, then one that is not known, then a warning. */
export function levelOfItems(items: readonly ItemResult[]): Level {
	return items.reduce<Level>((worst, {outcome}) => {
		const level = levels[outcome];
		return rank.indexOf(level) > rank.indexOf(worst) ? level : worst;
	}, 'ok');
}

/** The figures of some evidence by `look.field`. */
export function figuresOf(items: readonly ItemResult[]): Readonly<Record<string, number>> {
	const figures: Record<string, number> = {};
	for (const {look, values} of items.flatMap(({evidence}) => evidence)) {
		for (const [field, value] of Object.entries(values)) {
			if (typeof value === 'number') figures[`${look}.${field}`] = value;
		}
	}

	return figures;
}

/** How old the last time may be before one of this frequency is missed, in ms; nothing where it is done on demand. */
export function missedAfterMs({every}: Pick<Checklist, 'every'>): number | undefined {
	const hourMs = 3_600_000;
	const ages = {
		daily: 26 * hourMs,
		weekly: 8 * 24 * hourMs,
		monthly: 32 * 24 * hourMs,
		'on demand': undefined,
	};
	return ages[every];
}
