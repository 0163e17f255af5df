import {expect, test} from 'vitest';
import {changesOf, seenIn, seenOf, type Seen} from '../../../src/incidents/changes.ts';
import {container} from '../../support/state.ts';

const image = (id: string, imageId: string) => ({id, imageId: `sha256:${imageId}`, image: 'app:1'});
const before: Seen = new Map([
	['shop/app/1', image('a', '1111')],
	['shop/db/1', image('b', '2222')],
	['shop/old/1', image('c', '3333')],
]);

test('names what was made anew, with another image, what came and what went', () => {
	const now: Seen = new Map([
		['shop/app/1', image('x', '9999')],
		['shop/db/1', image('y', '2222')],
		['shop/new/1', image('z', '4444')],
	]);
	expect(changesOf(before, now).map(({change, text}) => [change, text])).toEqual([
		['image', 'shop/app/1: app:1 1111 -> app:1 9999'],
		['deploy', 'shop/db/1 = app:1'],
		['deploy', 'shop/new/1 + app:1'],
		['deploy', 'shop/old/1 - app:1'],
	]);
});

test('only what belongs to a project counts, and nothing that helps an operation', () => {
	const seen = seenOf([
		container('app', {key: 'shop/app/1', project: 'shop', createdAtMs: 5}),
		container('opsconsole-dump', {key: 'opsconsole-dump', operation: 'r'}),
		container('web', {key: 'blog/web/1', project: 'blog'}),
	]);
	expect(changesOf(new Map(), seenIn(seen, 'shop'))).toMatchObject([
		{text: 'shop/app/1 + shop/app:1.4', happenedAtMs: 5},
	]);
	expect(changesOf(new Map(), seenIn(seen, undefined))).toHaveLength(2);
});

test('a restart is no change', () => {
	expect(changesOf(before, before)).toEqual([]);
});
