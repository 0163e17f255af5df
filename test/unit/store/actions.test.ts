import {describe, expect, test} from 'vitest';
import {operations} from '../../../src/operations/index.ts';
import {actions} from '../../../src/store/actions.ts';
import type {Action} from '../../../src/store/actions/action.ts';
import type {FieldFacts} from '../../../src/store/fields.ts';
import {isGiven, setField} from '../../../src/store/fields.ts';
import type {Thing} from '../../../src/store/things.ts';
import {calmShop} from '../../support/shop.ts';

const things: Readonly<Record<Thing['kind'], Thing>> = {
	container: {
		kind: 'container',
		key: 'shop/api/1',
		id: 'a'.repeat(64),
		name: 'shop_api_1',
		project: 'shop',
		service: 'api',
	},
	postgres: {kind: 'postgres', id: 'shop-db'},
	redis: {kind: 'redis', id: 'shop-cache'},
	backups: {kind: 'backups'},
	host: {kind: 'host'},
	stack: {kind: 'stack', project: 'shop'},
};

/** What an operator may have chosen, by the field's id. */
const choices: Readonly<Record<string, string>> = {
	backup: '20261119T030000Z-aaaaaaaa',
	server: 'shop-db',
	table: 'public.orders',
	kept: 'shop__o_0123abcd',
	pid: '4711',
	set: 'shop',
	signal: 'SIGKILL',
	policy: 'allkeys-lru',
	level: '3',
	prefix: 'session:old:',
	index: 'public.orders_pkey',
};

function valuesOf({fields = []}: Action, facts: Omit<FieldFacts, 'values'>) {
	const values: Record<string, string> = {};
	for (const field of fields) {
		const first = field.initial?.({...facts, values}) ?? '';
		const value = choices[field.id] ?? first;
		expect(isGiven(field, value), `${field.id}: ${value}`).toBe(true);
		values[field.id] = value;
	}

	return values;
}

const planned = actions.filter(({terminal}) => terminal === undefined);

describe('what the menu asks for is what the operation takes', () => {
	test.each(planned.map(action => [`${action.id} on ${action.on.join(', ')}`, action] as const))(
		'%s',
		(_name, action) => {
			const operation = operations[action.id];
			expect(operation).toBeDefined();
			for (const kind of action.on) {
				const thing = things[kind];
				const state = calmShop();
				const request = action.request(thing, valuesOf(action, {state, thing}));
				expect(operation?.parse(request)).toMatchObject(request as object);
			}
		},
	);
});

test('the sets of files are the configured ones and those of the projects', () => {
	const state = calmShop();
	const fileSets = [{id: 'web', folder: '/srv/web'}];
	const facts = {
		state: {...state, settings: {...state.settings, fileSets}},
		thing: things.backups,
		values: {},
	};
	expect(setField.kind === 'choice' && setField.choices(facts)).toEqual({
		kind: 'ready',
		list: [
			{value: 'web', label: 'web', detail: '/srv/web'},
			{value: 'shop', label: 'shop'},
		],
	});
});
