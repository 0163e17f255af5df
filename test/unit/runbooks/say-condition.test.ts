import {expect, test} from 'vitest';
import {parseCondition} from '../../../src/runbooks/parse-condition.ts';
import {declarationOf} from '../../../src/runbooks/say.ts';
import {sayConditions, sayUnseen} from '../../../src/runbooks/say-condition.ts';
import type {Value} from '../../../src/runbooks/field.ts';
import type {Scope} from '../../../src/runbooks/scope.ts';
import type {Words} from '../../../src/words/words.ts';

function saidIn(text: string, values: Readonly<Record<string, Value>>, scope?: Scope): Words {
	const read = parseCondition(text, ({look, field}) => declarationOf(look)?.fields[field]);
	if ('mistake' in read) throw new Error(JSON.stringify(read.mistake));
	return sayConditions(
		[read.expression],
		({look, field, isFirst}) => values[`${isFirst ? 'was.' : ''}${look}.${field}`],
		scope,
	);
}

function said(text: string, values: Readonly<Record<string, Value>>): string {
	return saidIn(text, values).en;
}

test('a condition is said by what was compared, with units, never by its text', () => {
	const condition = "service.state.is-running and service.state.health in ['none', 'healthy']";
	const values = {'service.state.is-running': true, 'service.state.health': 'unhealthy'};
	expect(said(condition, values)).toBe('State of the service, Health check: unhealthy');
	expect(said(condition, {...values, 'service.state.health': 'none'})).toMatch(
		/^State of the service, \w.*: yes, Health check: none$/,
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

test('fields of one name are told apart by what was looked at, and by which one', () => {
	const condition =
		"postgres.activity.failure = 'starting' or docker.engine.failure in ['not-running', 'timeout']";
	const values = {'postgres.activity.failure': 'unreachable', 'docker.engine.failure': 'none'};
	expect(saidIn(condition, values, {postgres: 'shop/db', container: 'shop/db/1'})).toEqual({
		en: 'PostgreSQL now (shop/db), Trouble answering: not reachable; Docker engine, Trouble answering: none',
		zh: 'PostgreSQL 当前状态（shop/db），响应故障：网络不可达；Docker 引擎，响应故障：无',
	});
});

test('what a condition could not be judged for want of is said by look and field, never with empty places', () => {
	const texts = ['host.load.disk < 80 % and host.load.swap < 50 %', 'service.state.is-running'];
	const expressions = texts.map(text => {
		const read = parseCondition(text, ({look, field}) => declarationOf(look)?.fields[field]);
		if ('mistake' in read) throw new Error(JSON.stringify(read.mistake));
		return read.expression;
	});
	const known: Readonly<Record<string, Value>> = {'host.load.swap': 1};
	const valueOf = ({look, field}: {readonly look: string; readonly field: string}) =>
		known[`${look}.${field}`];
	const said = sayUnseen(expressions, valueOf, 'en');
	expect(said).toEqual(['Load of the host: Fullest disk used', 'State of the service: Runs']);
});
