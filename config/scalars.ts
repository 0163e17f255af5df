import * as v from 'valibot';
import type {Unit} from '../src/domain/metrics.ts';
import {durationPattern, parseDuration, parseSize, sizePattern} from './units.ts';
import type {Expectation} from './words.ts';

// Every message of these schemas is the id of an expectation in words.ts; validate.ts turns it into words.

/** Any text on one line. */
export const text = (description: string) =>
	v.pipe(
		v.string('text' satisfies Expectation),
		v.description(description),
		v.minLength(1, 'text' satisfies Expectation),
		v.maxLength(400, 'text' satisfies Expectation),
	);

/** A short name without spaces, as ids and services have. */
export const name = (description: string) =>
	v.pipe(
		v.string('name' satisfies Expectation),
		v.description(description),
		v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'name' satisfies Expectation),
	);

/** A password or a reference to one. */
export const secretText = (description: string) =>
	v.pipe(
		v.string('secret-text' satisfies Expectation),
		v.description(description),
		v.minLength(1, 'secret-text' satisfies Expectation),
		v.maxLength(4096, 'secret-text' satisfies Expectation),
	);

/** A text that a pattern decides. */
export const matching = (expectation: Expectation, pattern: RegExp, description: string) =>
	v.pipe(v.string(expectation), v.description(description), v.regex(pattern, expectation));

/** One of some words. */
export const choice = <const T extends readonly string[]>(description: string, options: T) =>
	v.pipe(v.picklist(options, 'one-of' satisfies Expectation), v.description(description));

/** true or false; also as the text that a reference gives. */
export const flag = (description: string) =>
	v.pipe(
		v.union(
			[
				v.boolean(),
				v.pipe(
					v.picklist(['true', 'false']),
					v.transform(word => word === 'true'),
				),
			],
			'boolean' satisfies Expectation,
		),
		v.description(description),
	);

/** A whole number in a range; also as the text that a reference gives. */
export const integer = (
	expectation: Expectation,
	range: readonly [number, number],
	description: string,
) =>
	v.pipe(
		v.union(
			[
				v.pipe(
					v.number(),
					v.integer(expectation),
					v.minValue(range[0], expectation),
					v.maxValue(range[1], expectation),
				),
				v.pipe(
					v.string(),
					v.regex(/^\d{1,9}$/, expectation),
					v.transform(Number),
					v.minValue(range[0], expectation),
					v.maxValue(range[1], expectation),
				),
			],
			expectation,
		),
		v.description(description),
	);

/** A duration in ms, within a range. */
export const duration = (
	description: string,
	range: readonly [number, number] = [0, Number.MAX_SAFE_INTEGER],
	expectation: Expectation = 'duration',
) =>
	v.pipe(
		v.string(expectation),
		v.description(description),
		v.regex(durationPattern, expectation),
		v.transform(word => parseDuration(word) ?? Number.NaN),
		v.check(ms => ms >= range[0] && ms <= range[1], expectation),
	);

/** A size in bytes, as a number or with a unit. */
export const size = (description: string) =>
	v.pipe(
		v.union(
			[
				v.pipe(v.number(), v.finite('size'), v.minValue(0, 'size')),
				v.pipe(
					v.string(),
					v.regex(sizePattern, 'size'),
					v.transform(word => parseSize(word) ?? Number.NaN),
				),
			],
			'size' satisfies Expectation,
		),
		v.description(description),
	);

/** An http or https address. */
export const address = (description: string) =>
	matching('url', /^https?:\/\/[^\s/?#]+[^\s]*$/, description);

/** A schedule of five cron fields. */
export const cron = (description: string) =>
	matching('cron', /^\s*(?:[\d*,/-]+|\*)(?:\s+[\dA-Za-z*,/-]+){4}\s*$/, description);

const off = v.literal('off', 'off' satisfies Expectation);

function numberWith(expectation: Expectation, suffix: RegExp, most: number) {
	return v.union(
		[
			off,
			v.pipe(
				v.number(),
				v.finite(expectation),
				v.minValue(0, expectation),
				v.maxValue(most, expectation),
			),
			v.pipe(
				v.string(),
				v.regex(suffix, expectation),
				v.transform(word => Number.parseFloat(word)),
				v.maxValue(most, expectation),
			),
		],
		expectation,
	);
}

function inUnitOf(
	expectation: Expectation,
	pattern: RegExp,
	parse: (word: string) => number | undefined,
) {
	return v.union(
		[
			off,
			v.pipe(v.number(), v.finite(expectation), v.minValue(0, expectation)),
			v.pipe(
				v.string(),
				v.regex(pattern, expectation),
				v.transform(word => parse(word) ?? Number.NaN),
				v.finite(expectation),
			),
		],
		expectation,
	);
}

const state = v.union(
	[
		off,
		v.pipe(
			v.union([v.literal(1), v.literal(true)]),
			v.transform(() => 1),
		),
	],
	'state' satisfies Expectation,
);

function durationIn(unitMs: number) {
	return (word: string) => {
		const ms = parseDuration(word);
		return ms === undefined ? undefined : ms / unitMs;
	};
}

/** The value of a threshold in the unit of its metric: a number, a text with a unit, or `off`. */
export function thresholdValue(
	unit: Unit | 'cpu-percent',
): v.GenericSchema<number | string | boolean, number | 'off'> {
	switch (unit) {
		case 'percent': {
			return numberWith('percent', /^\d+(?:\.\d+)?\s*%$/, 100);
		}

		case 'cpu-percent': {
			return numberWith('cpu-percent', /^\d+(?:\.\d+)?\s*%$/, 100_000);
		}

		case 'bytes': {
			return inUnitOf('size', sizePattern, parseSize);
		}

		case 'seconds': {
			return inUnitOf('duration', durationPattern, durationIn(1000));
		}

		case 'milliseconds': {
			return inUnitOf('duration', durationPattern, durationIn(1));
		}

		case 'days': {
			return inUnitOf('duration', durationPattern, durationIn(86_400_000));
		}

		case 'state': {
			return state;
		}

		case 'count':
		case 'per-second':
		case 'per-minute':
		case 'ratio': {
			return numberWith('number', /^\d+(?:\.\d+)?$/, Number.MAX_SAFE_INTEGER);
		}
	}
}
