import {expect, it} from 'vitest';
import {summariseRun} from '../../../src/domain/run-summary.ts';

const id = '20261121T100000Z-0a1b2c3d';
const plan = JSON.stringify({
	operation: 'restore-database',
	risk: 'destructive',
	confirm: 'prod/shop',
	identity: {postgres: {database: 'shop'}},
});
const line = (st: string, d?: unknown) =>
	JSON.stringify({v: 1, seq: 3, t: '2026-11-21T10:00:01.000Z', st, ...(d !== undefined && {d})});

it('tells how a run ended', () => {
	expect(summariseRun(id, plan, `${line('begin')}\n${line('end', {outcome: 'failed'})}\n`)).toEqual(
		{
			id,
			operation: 'restore-database',
			risk: 'destructive',
			target: 'prod/shop',
			hasBegun: true,
			lastAtMs: Date.UTC(2026, 10, 21, 10, 0, 1),
			outcome: 'failed',
		},
	);
});

it('tells a run that has not ended, also behind a torn line', () => {
	const summary = summariseRun(id, plan, `${line('start')}\n{"v":1,"seq":4,"st":"en`);
	expect(summary).toMatchObject({hasBegun: true});
	expect(summary).not.toHaveProperty('outcome');
	expect(summariseRun(id, plan, '')).toMatchObject({hasBegun: false, lastAtMs: undefined});
	// Taken up again by `recover` after an end: that was none.
	const again = `${line('end', {outcome: 'failed'})}\n${line('begin')}\n`;
	expect(summariseRun(id, plan, again)).not.toHaveProperty('outcome');
});

it('takes no other file for a plan', () => {
	expect(summariseRun(id, '[]', '')).toBeUndefined();
	expect(summariseRun(id, 'nonsense', '')).toBeUndefined();
});
