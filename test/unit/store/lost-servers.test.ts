import {expect, test} from 'vitest';
import {loadRunbooks} from '../../../config/load-runbooks.ts';
import type {Container} from '../../../src/domain/containers.ts';
import {refOf} from '../../../src/domain/recognise.ts';
import type {Missing} from '../../../src/domain/targets.ts';
import type {Finding} from '../../../src/runbooks/diagnosis.ts';
import {scopeText} from '../../../src/runbooks/request.ts';
import type {Scope} from '../../../src/runbooks/scope.ts';
import {scopesOf} from '../../../src/runbooks/scopes.ts';
import {findingRows, scopeOfAlert, selectedFinding} from '../../../src/store/runbook-state.ts';
import type {State} from '../../../src/store/state.ts';
import {hereOf} from '../../../src/store/runbook-state.ts';
import {update} from '../../../src/store/update.ts';
import {pressSlowly} from '../../support/dialogs.ts';
import {shopWithRunbooks} from '../../support/runbooks.ts';
import {container, containerAlert, engineTarget} from '../../support/state.ts';

const {runbooks} = await loadRunbooks([`${import.meta.dirname}/../../../config/runbooks`]);
const containers = [container('app'), container('cache'), container('db', {state: 'exited'})];
const [, , db] = containers;
const alerts = [containerAlert('shop_db_1', {metric: 'container.down'})];
const scope: Scope = {project: 'shop', container: 'shop/db/1', postgres: 'shop/db'};

/** A shop that was opened after its database had been stopped. */
function shop(): State {
	const problem = {code: 'discovery-stopped', params: {name: 'shop_db_1'}, retry: 'soon'} as const;
	const missing: readonly Missing[] = db
		? [{area: 'postgres', name: 'shop/db', problem, container: refOf(db)}]
		: [];
	const targets = {postgres: [], redis: [], endpoints: [], missing};
	const state = shopWithRunbooks({containers, alerts, targets, ui: {focus: 'postgres'}});
	return {...state, runbook: {...state.runbook, runbooks}};
}

function finding(runbook: string, cause: string, subject: string): Finding {
	const wizard = runbooks[runbook];
	const known = wizard?.kind === 'wizard' ? wizard.causes[cause] : undefined;
	if (!known) throw new Error(`no cause ${cause}`);
	const nothing = {for: [], against: [], unseen: [], evidence: []};
	const points = known.points;
	return {cause: known, likelihood: 'likely', points, ...nothing, runbook, scope, subject};
}

test('the alert of a stopped database leads to its wizard, and to no Redis', () => {
	const state = shop();
	const [alert] = alerts;
	const wizard = runbooks['database-unreachable'];
	if (!wizard || !alert) throw new Error('nothing to ask about');
	expect(scopeOfAlert(wizard, alert, hereOf(state))).toMatchObject(scope);
	const looked = {atMs: 0, tookMs: 0, findings: [], blind: [], excluded: 0};
	const rows = findingRows({...state, runbook: {...state.runbook, diagnosis: looked}});
	expect(rows.map(({runbook}) => runbook)).toContain('database-unreachable');
	expect(rows.map(({runbook}) => runbook)).not.toContain('redis-cache-trouble');
});

test('"What is wrong?" asked on its panel selects what the database says, not what its container says', () => {
	const asked = pressSlowly(shop(), ['w']).state;
	expect(asked.runbook.wanted).toMatchObject({subject: 'shop_db_1'});
	const findings = [
		finding('database-unreachable', 'database-stopped', 'shop/db'),
		finding('service-will-not-start', 'stopped-by-hand', 'shop/db/1'),
	];
	const diagnosis = {atMs: 0, tookMs: 0, findings, blind: [], excluded: 0};
	const seen = {...asked, runbook: {...asked.runbook, diagnosis, isDiagnosing: false}};
	expect(selectedFinding(seen)).toMatchObject({runbook: 'database-unreachable', scope});
	expect(pressSlowly(seen, ['return']).effects).toEqual([
		{type: 'open-walk', runbook: 'database-unreachable', scope},
	]);
});

test('a removed container is still a subject of wizards, with its service and project', () => {
	const engine = {version: '28', apiVersion: '1.48', name: 'x', operatingSystem: 'y'};
	const listed = (state: State, kept: readonly Container[]) => {
		const reading = {kind: 'fresh', atMs: 1, value: {engine, containers: kept}} as const;
		const change = {source: 'docker.containers', target: engineTarget, reading} as const;
		const facts = {alerts: [], points: {}, nowMs: 1};
		return update(state, {type: 'readings-arrived', changes: [change], ...facts}).state;
	};
	const seen = listed(shopWithRunbooks({containers}), containers);
	expect(scopesOf('container', hereOf(seen))).toHaveLength(3);
	const lost = {project: 'shop', container: 'shop/app/1'};
	const here = hereOf(listed(seen, containers.slice(1)));
	expect(scopesOf('container', here)).toContainEqual(expect.objectContaining(lost));
	expect(scopeText('service', lost, here)).toBe('app');
});
