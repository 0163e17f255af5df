import {expect, test} from 'vitest';
import {refOf} from '../../../src/domain/recognise.ts';
import {noTargets, type EndpointTarget} from '../../../src/domain/targets.ts';
import type {Container} from '../../../src/domain/containers.ts';
import {nextScopes} from '../../../src/runbooks/next-scopes.ts';
import {eachServer, scopesOf, type Here} from '../../../src/runbooks/scopes.ts';
import type {Scope, Subject} from '../../../src/runbooks/scope.ts';
import {container} from '../../support/state.ts';
import {postgresTarget, redisTarget} from '../../support/values.ts';

const names = ['app', 'db', 'cache'];

function of(project: string, service: string): Container {
	const key = `${project}/${service}/1`;
	return container(service, {project, key, id: key, name: `${project}_${service}_1`});
}

function endpoint(one: Container, path = ''): EndpointTarget {
	const id = `${one.project ?? ''}/${one.service ?? ''}${path}`;
	return {id, origin: 'container', container: refOf(one), url: `http://10.0.0.1/${id}`};
}

function systems(projects: readonly string[]): Here {
	const containers = projects.flatMap(project => names.map(name => of(project, name)));
	const each = (service: string) => containers.filter(one => one.service === service);
	const idOf = ({project, service}: Container) => `${project ?? ''}/${service ?? ''}`;
	return {
		containers,
		targets: {
			...noTargets,
			postgres: each('db').map(one => ({
				...postgresTarget,
				id: idOf(one),
				container: refOf(one),
			})),
			redis: each('cache').map(one => ({...redisTarget, id: idOf(one), container: refOf(one)})),
			endpoints: each('app').map(one => endpoint(one)),
		},
	};
}

const here = systems(['production', 'staging']);

function scopeOf(on: Subject, project = 'staging', from = here): Scope {
	const scope = scopesOf(on, from).find(one => one.project === project);
	if (scope === undefined) throw new Error(`no ${on} of ${project}`);
	return scope;
}

const next = (from: Subject, to: Subject, world = here) =>
	nextScopes({scope: scopeOf(from, 'staging', world), on: from}, to, world);

test('from a database to the address of the same project: never its own container', () => {
	expect(next('postgres', 'endpoint')).toEqual([
		expect.objectContaining({
			project: 'staging',
			endpoint: 'staging/app',
			container: 'staging/app/1',
		}),
	]);
});

test('from there to Redis: its own container', () => {
	expect(next('endpoint', 'redis')).toEqual([
		expect.objectContaining({redis: 'staging/cache', container: 'staging/cache/1'}),
	]);
	expect(next('endpoint', 'container')).toEqual([
		expect.objectContaining({container: 'staging/app/1'}),
	]);
});

test('the same kind of thing stays the same, the stack is that of the project without a container', () => {
	expect(next('redis', 'redis')).toEqual([scopeOf('redis')]);
	expect(next('postgres', 'stack')[0]).not.toHaveProperty('container');
	expect(next('postgres', 'stack')).toEqual([
		expect.objectContaining({project: 'staging', postgres: 'staging/db'}),
	]);
});

test('where it cannot be told, the things of the project are asked for', () => {
	const containers = next('postgres', 'container').map(one => one.container);
	expect(containers).toEqual(['staging/db/1', 'staging/app/1', 'staging/cache/1']);
	expect(next('stack', 'container')).toHaveLength(3);
	// Of which project a host is, nobody knows.
	const fromHost = nextScopes({scope: {project: 'production'}, on: 'host'}, 'postgres', here);
	expect(fromHost).toHaveLength(2);
	const [app] = here.containers;
	const two = app ? [...here.targets.endpoints, endpoint(of('staging', 'app'), '/admin')] : [];
	const more = {...here, targets: {...here.targets, endpoints: two}};
	expect(next('redis', 'endpoint', more).map(one => one.endpoint)).toEqual([
		'staging/app',
		'staging/app/admin',
	]);
});

test('the container of a server that is down is what its wizard goes on with', () => {
	const missing = here.targets.postgres.map(({id, container: ref}) => ({
		area: 'postgres' as const,
		name: id,
		problem: {code: 'discovery-stopped', params: {name: id}, retry: 'soon'} as const,
		...(ref && {container: ref}),
	}));
	const down = {...here, targets: {...here.targets, postgres: [], missing}};
	expect(next('postgres', 'container', down)).toEqual([
		expect.objectContaining({container: 'staging/db/1', postgres: 'staging/db'}),
	]);
});

test('nothing of another project is meant without a question', () => {
	const endpoints = here.targets.endpoints.filter(({id}) => id.startsWith('production'));
	const half = {...here, targets: {...here.targets, endpoints}};
	expect(next('postgres', 'endpoint', half)).toEqual([]);
	// With one project, an address that is configured is the one that is meant.
	const one = systems(['staging']);
	const configured = {id: 'site', origin: 'configured', url: 'https://example.org'} as const;
	const only = {...one, targets: {...one.targets, endpoints: [configured]}};
	expect(next('postgres', 'endpoint', only)).toEqual([
		expect.objectContaining({project: 'staging', endpoint: 'site', postgres: 'staging/db'}),
	]);
});

test('the host is of no project of several, and names a server only where it is the only one', () => {
	expect(scopesOf('host', here)).toEqual([{}]);
	const [staging] = scopesOf('host', systems(['staging']));
	expect(staging).toMatchObject({project: 'staging', postgres: 'staging/db'});
	expect(eachServer({on: 'host', kind: 'postgres'}, {}, here)).toEqual([
		{postgres: 'production/db'},
		{postgres: 'staging/db'},
	]);
	const stack = scopeOf('stack');
	expect(eachServer({on: 'stack', kind: 'postgres'}, stack, here)).toEqual([stack]);
	// What a walk was about stays named; its project does not bind the host.
	expect(next('redis', 'host')).toEqual([{redis: 'staging/cache'}]);
});
