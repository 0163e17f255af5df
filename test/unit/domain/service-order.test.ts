import {expect, test} from 'vitest';
import {dependantsOf, dependencyOrder} from '../../../src/domain/service-order.ts';

const shop = new Map([
	['web', ['app']],
	['app', ['db', 'cache']],
	['db', []],
	['cache', []],
	['worker', ['db']],
]);

test('what others need comes first, and names decide where nothing else does', () => {
	expect(dependencyOrder([...shop.keys()], shop)).toEqual({
		order: ['cache', 'db', 'app', 'web', 'worker'],
		circle: [],
	});
	expect(dependencyOrder(['web', 'db'], shop).order).toEqual(['db', 'web']);
	expect(dependencyOrder([], shop)).toEqual({order: [], circle: []});
});

test('a circle is named and broken, and the others keep their order', () => {
	const circle = new Map([
		['a', ['b']],
		['b', ['c']],
		['c', ['a']],
		['d', ['a']],
		['self', ['self']],
	]);
	const {order, circle: members} = dependencyOrder(['d', 'c', 'b', 'a', 'self'], circle);
	expect(members).toEqual(['a', 'b', 'c']);
	expect(order.toSorted()).toEqual(['a', 'b', 'c', 'd', 'self']);
	expect(order.indexOf('a')).toBeLessThan(order.indexOf('d'));
});

test('dependants are found over others and in circles', () => {
	expect(dependantsOf(['db'], shop)).toEqual(['app', 'web', 'worker']);
	expect(dependantsOf(['db', 'app'], shop)).toEqual(['web', 'worker']);
	expect(dependantsOf(['web'], shop)).toEqual([]);
	const circle = new Map([
		['a', ['b']],
		['b', ['a']],
	]);
	expect(dependantsOf(['a'], circle)).toEqual(['b']);
});

test('in 500 random graphs everything comes once, and after what it needs', () => {
	let seed = 7;
	const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
	for (let round = 0; round < 500; round++) {
		const names = Array.from({length: 1 + Math.floor(random() * 9)}, (_, index) => `s${index}`);
		const graph = new Map(
			names.map((name, index) => [name, names.slice(0, index).filter(() => random() < 0.4)]),
		);
		const shuffled = names.toSorted(() => random() - 0.5);
		const {order, circle} = dependencyOrder(shuffled, graph);
		expect(circle).toEqual([]);
		expect(order.toSorted()).toEqual(names);
		for (const [name, needed] of graph) {
			for (const other of needed) expect(order.indexOf(other)).toBeLessThan(order.indexOf(name));
		}
	}
});
