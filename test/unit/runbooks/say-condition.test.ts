import {expect, test} from 'vitest';
import {parseCondition} from '../../../src/runbooks/parse-condition.ts';
import {declarationOf} from '../../../src/runbooks/say.ts';
import {sayConditions} from '../../../src/runbooks/say-condition.ts';
import type {Value} from '../../../src/runbooks/field.ts';

function said(text: string, values: Readonly<Record<string, Value>>): string {
	const read = parseCondition(text, ({look, field}) => declarationOf(look)?.fields[field]);
	if ('mistake' in read) throw new Error(JSON.stringify(read.mistake));
	return sayConditions([read.expression], ({look, field, isFirst}) => {
		return values[`${isFirst ? 'was.' : ''}${look}.${field}`];
	}).en;
}

test('a condition is said by what was compared, with units, never by its text', () => {
	const condition = "service.state.is-running and service.state.health in ['none', 'healthy']";
	const values = {'service.state.is-running': true, 'service.state.health': 'unhealthy'};
	expect(said(condition, values)).toBe('Health check: unhealthy');
	expect(said(condition, {...values, 'service.state.health': 'none'})).toMatch(
		/^\w.*: yes, Health check: none$/,
	);
});

test('what was before is said beside what is now', () => {
	const condition = 'host.load.disk < was.host.load.disk - 1 %';
	const values = {'host.load.disk': 60, 'was.host.load.disk': 90};
	expect(said(condition, values)).toMatch(/: 90 ?% → 60 ?%$/);
});

test('what could not be seen is said to be unknown', () => {
	expect(said('host.load.disk < 80 %', {})).toMatch(/: \?$/);
});
