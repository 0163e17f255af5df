import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {loadRunbooks} from '../../config/load-runbooks.ts';
import {endsOf, nameOfPlay, namesOfPlay, proofsOf, type DoPlay} from '../scenarios/do-play.ts';
import {doExceptions, doPlays} from '../scenarios/does.ts';
import {doesSummary, doesTable, doNodesOf} from '../scenarios/does-table.ts';
import type {DoPlayed, DoShown} from '../scenarios/play-do.ts';

const folder = fileURLToPath(new URL('../../config/runbooks', import.meta.url));
const {runbooks} = await loadRunbooks([folder]);
const nodes = doNodesOf(runbooks);

test('every do of every wizard has a play, or a reason why not', () => {
	const shown = new Set(doPlays.flatMap(namesOfPlay));
	const known = new Set(Object.keys(doExceptions));
	expect(nodes.filter(name => !shown.has(name) && !known.has(name))).toEqual([]);
	expect([...known].filter(name => shown.has(name) || !nodes.includes(name))).toEqual([]);
});

test('every play is about nodes that exist', () => {
	const wrong = doPlays.flatMap(play => {
		const wizard = runbooks[play.wizard];
		const known = wizard?.kind === 'wizard' ? wizard.nodes : {};
		const named = [
			play.node,
			...endsOf(play),
			...Object.keys(play.way ?? {}),
			play.placed?.at ?? play.node,
		];
		const lacking = named.filter(node => !Object.hasOwn(known, node));
		const isDo = Object.keys(proofsOf(play)).every(node => known[node]?.kind === 'do');
		const isEnd = endsOf(play).every(node => known[node]?.kind === 'end') && isDo;
		return isEnd && lacking.length === 0 ? [] : [`${nameOfPlay(play)}: ${lacking.join(', ')}`];
	});
	expect(wrong).toEqual([]);
});

function played(
	node: string,
	{
		placed,
		shown = {},
		note = '',
	}: {
		readonly placed?: DoPlay['placed'];
		readonly shown?: Partial<DoShown>;
		readonly note?: string;
	},
): DoPlayed {
	const play: DoPlay = {
		wizard: 'disk-full',
		node,
		inject: async () => Promise.resolve(),
		proves: async () => Promise.resolve(async () => Promise.resolve(true)),
		ends: 'solved',
		...(placed && {placed}),
	};
	const one: DoShown = {
		node,
		operation: 'clean-images',
		outcome: 'done',
		isProved: true,
		verdict: 'shown',
		...shown,
	};
	return {play, shown: [one], note, way: [], wholeMs: 4000};
}

test('the table tells what was shown, why a walk was placed, and the share of all', () => {
	const list = [
		played('images', {placed: {at: 'images', why: 'no such disk'}}),
		played('prune', {shown: {verdict: 'failed', isProved: false}, note: 'not as promised'}),
	];
	expect(doesTable(list)).toBe(
		[
			'wizard     node    operation     how     outcome  checked  verdict  s',
			'disk-full  images  clean-images  placed  done     yes      shown    4',
			'    placed at images: no such disk',
			'disk-full  prune   clean-images  walked  done     no       failed   4',
			'    not as promised',
		].join('\n'),
	);
	const {text, isGood} = doesSummary(list, ['a', 'b', 'c', 'd']);
	expect(text).toContain('shown: 1 of 4 do nodes (25 %), 1 of them placed');
	expect(isGood).toBe(false);
});
