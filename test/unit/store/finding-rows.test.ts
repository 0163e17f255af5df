import {expect, test} from 'vitest';
import {findingRows} from '../../../src/store/runbook-state.ts';
import {
	diagnosisOf,
	loadSeen,
	calmLoad,
	shopWithRunbooks,
	withScreen,
} from '../../support/runbooks.ts';
import {containerAlert} from '../../support/state.ts';
import {shortNames} from '../../../views/parts/spans.ts';

const alerts = [
	containerAlert('shop_app_1', {metric: 'host.cpu', id: 'a'}),
	containerAlert('shop_db_1', {metric: 'host.cpu', id: 'b'}),
	containerAlert('shop_app_1', {metric: 'host.memory', id: 'c'}),
];

function rowsWith(...diagnosed: Parameters<typeof diagnosisOf>) {
	const state = withScreen(shopWithRunbooks({alerts}), {kind: 'diagnosis'});
	const diagnosis = diagnosisOf(...diagnosed);
	return findingRows({...state, runbook: {...state.runbook, diagnosis}}).map(row =>
		row.kind === 'alert'
			? [row.scope?.container, row.alert.id, ...row.others.map(({id}) => id)]
			: row.key,
	);
}

test('each thing in trouble has a row of its own with all alerts that lead to the wizard', () => {
	expect(rowsWith(loadSeen(calmLoad))).toEqual([
		['shop/app/1', 'a', 'c'],
		['shop/db/1', 'b'],
	]);
});

test('a likely cause answers the alerts of what it is about, and of nothing else', () => {
	const rows = rowsWith(loadSeen({...calmLoad, disk: 98}), {}, ['shop/app/1']);
	expect(rows).toEqual(['app-slow disk shop/app/1', ['shop/db/1', 'b']]);
});

test('names of one list stay apart: cut at their end, at their beginning where they would look alike', () => {
	const short = shortNames(['shop-lab-one/db', 'shop-lab-two/db', 'football-lab/db', 'a/db'], 11);
	expect([...short.values()]).toEqual(['…lab-one/db', '…lab-two/db', 'footbal…/db', 'a/db']);
});
