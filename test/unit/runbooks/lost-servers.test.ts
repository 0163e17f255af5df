import {expect, test} from 'vitest';
import {isCutOff, lostServers} from '../../../src/domain/lost-servers.ts';
import {refOf} from '../../../src/domain/recognise.ts';
import {noTargets, type Missing, type Targets} from '../../../src/domain/targets.ts';
import {requestOf} from '../../../src/runbooks/request.ts';
import {scopesOf} from '../../../src/runbooks/scopes.ts';
import {container} from '../../support/state.ts';
import {postgresTarget, redisTarget} from '../../support/values.ts';

const app = container('app');
const db = container('db', {state: 'exited'});
const containers = [app, db];

function missing(more: Partial<Missing> = {}): Missing {
	const problem = {code: 'discovery-stopped', params: {name: db.name}, retry: 'soon'} as const;
	return {area: 'postgres', name: 'shop/db', problem, container: refOf(db), ...more};
}

function here(more: Partial<Targets>) {
	return {containers, targets: {...noTargets, ...more}};
}

test('a stopped server is a subject with its own container, also in the scopes of the stack', () => {
	const found = here({missing: [missing()]});
	const scope = {project: 'shop', container: 'shop/db/1', postgres: 'shop/db'};
	expect(scopesOf('postgres', found)).toEqual([scope]);
	expect(scopesOf('redis', found)).toEqual([]);
	expect(scopesOf('stack', found)).toEqual([{project: 'shop', postgres: 'shop/db'}]);
	const node = {
		operation: 'start-service',
		request: {
			services: {kind: 'list', items: [{kind: 'scope', part: 'service'}]},
			project: {kind: 'scope', part: 'project'},
		},
	} as const;
	expect(requestOf(node, {scope, here: found, valueOf: () => undefined})).toMatchObject({
		ok: true,
		request: {services: ['db'], project: 'shop'},
	});
});

test('what is missing for another reason, or is found elsewhere, is none', () => {
	const {container: _none, ...unreachable} = missing();
	expect(scopesOf('postgres', here({missing: [unreachable]}))).toEqual([]);
	const twice = here({postgres: [{...postgresTarget, id: 'shop/db'}], missing: [missing()]});
	expect(scopesOf('postgres', twice)).toHaveLength(1);
	const redis = missing({area: 'redis', name: 'shop/cache'});
	const both = here({redis: [redisTarget], missing: [redis]});
	expect(lostServers(both.targets, 'redis')).toHaveLength(1);
	// The one that runs is what a stack has.
	expect(scopesOf('stack', both)).toEqual([{project: 'shop', redis: 'shop/cache'}]);
	const own = {...redisTarget, container: refOf(app)};
	const running = here({redis: [own], missing: [redis]});
	expect(scopesOf('stack', running)).toEqual([{project: 'shop', redis: redisTarget.id}]);
});

test('only a container that should have a network of its own is cut off', () => {
	const without = {container: {addresses: []}};
	expect(isCutOff({...without, networkMode: 'shop_default'})).toBe(true);
	for (const networkMode of ['host', 'none', 'container:abc']) {
		expect(isCutOff({...without, networkMode})).toBe(false);
	}

	expect(isCutOff({container: app, networkMode: 'shop_default'})).toBe(false);
});
