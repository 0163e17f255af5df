import type {Rule} from '../src/domain/alerts.ts';
import {expect, formatPath, type ConfigError, type Place} from './error.ts';
import {defaultRules, emptyRule} from './defaults.ts';
import type {ThresholdEntry} from './layer.ts';
import type {Merged} from './merge.ts';

/** `opsconsole.yaml:12`, as a provenance. */
export function provenanceOf(place: Place): string {
	return place.line > 0 ? `${place.file}:${place.line}` : place.file;
}

/** Where a rule was touched last, and where its crit is from. */
type Origin = {readonly at: Place; readonly critFrom: string};

/**
 * Lays the thresholds of all layers over the built-in rules, field by field: a file that sets only `warn` keeps the
 * `crit` from below. The provenance is that of the last layer that touched the rule. `off` takes a rule (or one of its
 * levels) out. A warn that is worse than its crit is an error.
 */
export function resolveRules(thresholds: Merged['thresholds']): {
	readonly rules: readonly Rule[];
	readonly errors: readonly ConfigError[];
} {
	const rules = new Map(defaultRules.map(rule => [rule.id, rule]));
	const origins = new Map<string, Origin>();
	for (const {metric, value, at} of thresholds) {
		if (value === 'off') {
			const ids = [...rules.values()].filter(rule => rule.metric === metric).map(({id}) => id);
			for (const id of ids) rules.delete(id);
			continue;
		}

		const empty = emptyRule(metric, value.subject);
		rules.set(empty.id, overlayRule(rules.get(empty.id) ?? empty, value, at));
		const provenance = value.from ?? provenanceOf(at);
		const {critFrom = 'built in'} = origins.get(empty.id) ?? {};
		origins.set(empty.id, {at, critFrom: value.crit === undefined ? critFrom : provenance});
	}

	const errors = [...rules.values()].flatMap(rule => {
		const origin = origins.get(rule.id);
		const error = origin && orderError(rule, origin);
		return error ? [error] : [];
	});
	const useful = [...rules.values()].filter(
		({warn, crit}) => warn !== undefined || crit !== undefined,
	);
	return {rules: useful, errors};
}

function overlayRule(below: Rule, above: ThresholdEntry, at: Place): Rule {
	const {warn: warnBelow, crit: critBelow, ...rest} = below;
	const warn = above.warn ?? warnBelow;
	const crit = above.crit ?? critBelow;
	return {
		...rest,
		...(warn === undefined || warn === 'off' ? {} : {warn}),
		...(crit === undefined || crit === 'off' ? {} : {crit}),
		direction: above.direction ?? below.direction,
		forMs: above.for ?? below.forMs,
		hysteresis: above.hysteresis ?? below.hysteresis,
		provenance: above.from ?? provenanceOf(at),
	};
}

function orderError(rule: Rule, {at, critFrom}: Origin): ConfigError | undefined {
	const {warn, crit, direction} = rule;
	if (warn === undefined || crit === undefined) return undefined;
	const isRight = direction === 'above' ? warn <= crit : warn >= crit;
	if (isRight) return undefined;
	const relation = direction === 'above' ? '<=' : '>=';
	const expected = expect('warn-before-crit', {relation, warn, crit, from: critFrom});
	return {kind: 'conflict', ...at, key: formatPath(['thresholds', rule.metric]), expected};
}
