import {describe, expect, test} from 'vitest';
import {displayAddress} from '../../../src/domain/endpoint-address.ts';
import {factsOf} from '../../../src/domain/endpoint-facts.ts';
import {percentile, fallsBelowMs, summariseProbes} from '../../../src/domain/endpoint-window.ts';

test.each([
	['http://a/health', 'http://a/health'],
	['https://me:pw@a:8443/x?token=t&b=1', 'https://me:•••@a:8443/x?token=•••&b=1'],
	['no address', 'no address'],
])('%s is shown as %s', (url, expected) => {
	expect(displayAddress(url)).toBe(expected);
});

describe('facts', () => {
	test('scalars of the top level, masked where the name looks like a secret', () => {
		const body = '{"status":"ok","n":1,"up":true,"none":null,"deep":{"a":1},"db_password":"x"}';
		expect(factsOf(body)).toEqual([
			{name: 'status', value: 'ok'},
			{name: 'n', value: '1'},
			{name: 'up', value: 'true'},
			{name: 'none', value: 'null'},
			{name: 'db_password', value: '•••'},
		]);
	});
	test('dotted paths, also into lists; what is not there is left out', () => {
		const body = '{"checks":[{"name":"db","token":"x"}],"a":{"b":{"c":2}}}';
		const paths = ['checks.0.name', 'a.b.c', 'a.b', 'no', 'constructor.name', 'checks.0.token'];
		expect(factsOf(body, paths)).toEqual([
			{name: 'checks.0.name', value: 'db'},
			{name: 'a.b.c', value: '2'},
			{name: 'checks.0.token', value: '•••'},
		]);
	});
	test('at most 20, cut and cleaned', () => {
		const many = Object.fromEntries(Array.from({length: 50}, (_, index) => [`k${index}`, index]));
		expect(factsOf(JSON.stringify(many))).toHaveLength(20);
		const [fact] = factsOf(JSON.stringify({text: '\u001b'.repeat(500)}));
		expect(fact?.value.length).toBeLessThan(500);
		expect(fact?.value).not.toContain('\u001b');
	});
	test.each(['', 'ok', '{"cut":', '"text"', '# HELP x', 'null'])('%j has none', body => {
		expect(factsOf(body)).toEqual([]);
	});
});

describe('window', () => {
	test('nearest-rank percentiles', () => {
		const values = Array.from({length: 100}, (_, index) => 100 - index);
		expect([percentile(values, 50), percentile(values, 95), percentile([7], 95)]).toEqual([
			50, 95, 7,
		]);
		expect(percentile([], 50)).toBeUndefined();
	});
	test('a wrong status has a latency, an unanswered probe has none', () => {
		expect(
			summariseProbes([
				{latencyMs: 10},
				{latencyMs: 30, failure: 'HTTP 503'},
				{failure: 'timeout'},
				{latencyMs: 20},
			]),
		).toEqual({
			p50Ms: 20,
			p95Ms: 30,
			probes: 4,
			failures: 2,
			failurePercent: 50,
			goodSinceFailure: 1,
		});
		expect(summariseProbes([{failure: 'timeout'}])).toEqual({
			probes: 1,
			failures: 1,
			failurePercent: 100,
			goodSinceFailure: 0,
		});
	});
	test('says when its share of failures is below a limit, if all goes well from now on', () => {
		const after = (probes: number, failures: number, goodSinceFailure: number | undefined) =>
			fallsBelowMs(
				{probes, failures, ...(goodSinceFailure !== undefined && {goodSinceFailure})},
				20,
			);
		expect(after(10, 4, undefined)).toBeUndefined();
		expect(after(10, 4, 0)).toBeUndefined();
		// 4 of 21 are below a fifth.
		expect(after(10, 4, 3)).toBe(11 * 5000);
		// Too many for the whole window: the last of them has to leave it.
		expect(after(150, 60, 50)).toBe(100 * 5000);
	});
});
