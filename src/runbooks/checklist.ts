import type {Level} from '../domain/level.ts';
import {nothingSeen, valuesOf, withEvidence} from './evidence.ts';
import {judge} from './expression.ts';
import type {Evidence} from './look.ts';
import type {Checklist, Condition, Item} from './runbook.ts';

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
};

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
