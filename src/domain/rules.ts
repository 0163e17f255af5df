import type {Rule} from './alerts.ts';
import {globMatcher, isGlob} from './glob.ts';
import {worst, type Level} from './level.ts';
import type {MetricId, Sample} from './metrics.ts';

type Prepared = {
	readonly rule: Rule;
	readonly matches: (name: string) => boolean;
	readonly specificity: number;
};

/** Rules in the form in which they are looked up for a sample. */
export type RuleBook = ReadonlyMap<MetricId, readonly Prepared[]>;

/** No subject is the least specific, then a glob by its plain characters, then a plain name. */
function specificityOf(subject: string | undefined): number {
	if (subject === undefined) return -1;
	return isGlob(subject) ? subject.replace(/[*?{},]/g, '').length : Number.POSITIVE_INFINITY;
}

// The rules change only with the configuration, and compiling their globs costs more than judging by them.
const books = new WeakMap<readonly Rule[], RuleBook>();

/** Prepares rules for look-ups. Of several rules with one id the last counts, as in the layers of the configuration. */
export function prepareRules(rules: readonly Rule[]): RuleBook {
	const known = books.get(rules);
	if (known) return known;
	const byId = new Map(rules.map(rule => [rule.id, rule]));
	const book = new Map<MetricId, Prepared[]>();
	for (const rule of byId.values()) {
		const prepared: Prepared = {
			rule,
			matches: rule.subject === undefined ? () => true : globMatcher(rule.subject),
			specificity: specificityOf(rule.subject),
		};
		const others = book.get(rule.metric);
		if (others) others.push(prepared);
		else book.set(rule.metric, [prepared]);
	}

	books.set(rules, book);
	return book;
}

/**
 * The rules that count for one sample: of those whose subject matches its subject (or another name of it), the most
 * specific ones. A rule for `/data` replaces the one for all disks there; two rules that are equally specific (a
 * warning after ten minutes and a critical one after one) both count.
 */
export function rulesFor(book: RuleBook, sample: Sample): readonly Rule[] {
	const {subject, aliases = []} = sample;
	let best = Number.NEGATIVE_INFINITY;
	let rules: Rule[] = [];
	for (const {rule, matches, specificity} of book.get(sample.metric) ?? []) {
		if (specificity < best || (!matches(subject) && !aliases.some(matches))) continue;
		if (specificity > best) rules = [];
		best = specificity;
		rules.push(rule);
	}

	return rules;
}

/** The rule that speaks for a whole metric when none of its subjects is known: the most general one. */
export function generalRule(book: RuleBook, metric: MetricId): Rule | undefined {
	const prepared = [...(book.get(metric) ?? [])];
	return prepared.sort((a, b) => a.specificity - b.specificity)[0]?.rule;
}

/** Whether a value is at a threshold or beyond it. */
export function crosses(rule: Rule, threshold: number | undefined, value: number): boolean {
	if (threshold === undefined) return false;
	return rule.direction === 'above' ? value >= threshold : value <= threshold;
}

/** Whether a value is so near to a threshold that an alert once raised stays: inside the hysteresis band. */
export function staysNear(rule: Rule, threshold: number | undefined, value: number): boolean {
	if (threshold === undefined) return false;
	const margin = Math.abs(threshold) * rule.hysteresis;
	return rule.direction === 'above' ? value > threshold - margin : value < threshold + margin;
}

/**
 * The level of one value at this moment, without hold time and hysteresis: for colouring a figure and for a report
 * of a single reading. An unknown value is `unknown`, whatever the rules say.
 */
export function levelNow(book: RuleBook, sample: Sample): Level {
	const {value} = sample;
	if (value === undefined || !Number.isFinite(value)) return 'unknown';
	return worst(
		rulesFor(book, sample).map(rule => {
			if (crosses(rule, rule.crit, value)) return 'crit';
			return crosses(rule, rule.warn, value) ? 'warn' : 'ok';
		}),
	);
}
