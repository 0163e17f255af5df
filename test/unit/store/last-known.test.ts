import {expect, test} from 'vitest';
import type {Missing, Targets} from '../../../src/domain/targets.ts';
import type {State} from '../../../src/store/state.ts';
import {lastKnownMs, update} from '../../../src/store/update.ts';
import {calmShop} from '../../support/shop.ts';
import {nowMs} from '../../support/state.ts';
import {postgresActivity, postgresTarget} from '../../support/values.ts';

const missing: readonly Missing[] = [
	{
		area: 'postgres',
		name: 'db',
		problem: {code: 'discovery-stopped', params: {name: 'shop_db_1'}, retry: 'soon'},
	},
];

function found(state: State, targets: Partial<Targets>, atMs: number): State {
	const all = {...state.data.targets, ...targets};
	return update(state, {type: 'targets-found', targets: all, nowMs: atMs}).state;
}

test('the figures of a server that stopped stay for a day, until it is back', () => {
	const stopped = found(calmShop(), {postgres: [], missing}, nowMs);
	expect(stopped.data.readings['postgres.activity']).toEqual({});
	expect(stopped.data.lastKnown.postgres['db']).toEqual({
		value: postgresActivity,
		atMs: nowMs - 400,
	});
	// Looking for servers again does not make them younger.
	const later = found(stopped, {}, nowMs + 60_000);
	expect(later.data.lastKnown).toEqual(stopped.data.lastKnown);
	expect(found(later, {}, nowMs + lastKnownMs).data.lastKnown.postgres).toEqual({});
	const back = found(later, {postgres: [postgresTarget], missing: []}, nowMs + 60_000);
	expect(back.data.lastKnown.postgres).toEqual({});
});

test('a server that is gone for good leaves nothing behind', () => {
	const gone = found(calmShop(), {postgres: [], redis: []}, nowMs);
	expect(gone.data.lastKnown).toEqual({postgres: {}, redis: {}});
});
