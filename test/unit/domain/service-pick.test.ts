import {expect, test} from 'vitest';
import type {Container} from '../../../src/domain/containers.ts';
import {pickServices, serviceUnits} from '../../../src/domain/service-pick.ts';
import {container as serviceOf} from '../../support/state.ts';

/** A container that belongs to no project unless told. */
function container(name: string, more: Partial<Container>): Container {
	const {project: _project, service: _service, number: _number, ...rest} = serviceOf(name);
	return {...rest, ...more};
}

function of(project: string, service: string, number = 1): Container {
	const name = `${project}-${service}-${number}`;
	return container(service, {
		id: `id-${name}`,
		key: `${project}/${service}/${number}`,
		name,
		project,
		service,
		number,
	});
}

const plain = container('plain', {id: 'id-plain', key: 'plain', name: 'plain'});
const once = container('app', {
	id: 'id-once',
	key: 'shop/app/run/shop-app-run-1',
	name: 'shop-app-run-1',
	project: 'shop',
	service: 'app',
	number: 1,
});
const all = [
	of('shop', 'app', 2),
	of('shop', 'app'),
	of('shop', 'db'),
	of('blog', 'db'),
	plain,
	once,
];

/** The names of the containers that are meant, or the refusal. */
function meant(services: readonly string[] | 'all', project?: string) {
	const pick = pickServices(all, {services, ...(project !== undefined && {project})});
	return pick.kind === 'found'
		? pick.units.map(({name, containers}) => [name, ...containers.map(({number = 0}) => number)])
		: pick;
}

test('a service is all its containers in order, without those of `compose run`', () => {
	expect(meant(['app'])).toEqual([['shop/app', 1, 2]]);
	expect(meant(['shop/app'])).toEqual([['shop/app', 1, 2]]);
	expect(serviceUnits(all).map(({name}) => name)).toEqual([
		'shop/app',
		'shop/db',
		'blog/db',
		'plain',
		'shop-app-run-1',
	]);
});

test('a container is meant by its name, key or id', () => {
	expect(meant(['shop-app-2'])).toEqual([['shop-app-2', 2]]);
	expect(meant(['shop/app/2'])).toEqual([['shop-app-2', 2]]);
	expect(meant(['id-plain'])).toEqual([['plain', 0]]);
	expect(meant(['shop-app-run-1'])).toEqual([['shop-app-run-1', 1]]);
});

test('what two projects have is asked for, never guessed', () => {
	expect(meant(['db'])).toEqual({kind: 'ambiguous', name: 'db', meant: ['blog/db', 'shop/db']});
	expect(meant(['db'], 'blog')).toEqual([['blog/db', 1]]);
	expect(meant('all')).toEqual({kind: 'ambiguous', name: '*', meant: ['blog', 'shop']});
	expect(meant('all', 'blog')).toEqual([['blog/db', 1]]);
	const named = [of('shop', 'db'), container('x', {id: 'x', key: 'db', name: 'db'})];
	expect(pickServices(named, {services: ['db']})).toMatchObject({kind: 'ambiguous'});
});

test('nothing but exact names is understood', () => {
	for (const name of ['ap', 'APP', 'shop/', '*', 'app ', '', 'id-pl']) {
		expect(meant([name])).toMatchObject({kind: 'unknown', name});
	}

	expect(meant(['app', 'missing'])).toMatchObject({kind: 'unknown', name: 'missing'});
	expect(meant('all', 'other')).toEqual({kind: 'unknown', name: 'other', known: ['blog', 'shop']});
	expect(meant(['plain'], 'shop')).toMatchObject({kind: 'unknown'});
});
