import {expect, test} from 'vitest';
import {readRunbook} from '../../../config/read-runbook.ts';
import {goThrough} from '../../../src/go-through.ts';
import type {LookId} from '../../../src/runbooks/looks/index.ts';
import type {Scope} from '../../../src/runbooks/scope.ts';
import type {Here} from '../../../src/runbooks/scopes.ts';

const text = `id: two
kind: checklist
title: {en: two, zh: 两个}
covers: [H1-01]
on: stack
every: daily
items:
  load: {title: load, look: [host.load], pass: host.load.cpu < 90, shows: 'cpu {host.load.cpu}'}
  connections:
    title: connections
    look: [host.load, postgres.activity]
    pass: postgres.activity.used-percent < 80 %
    shows: '{postgres.activity.used-percent}'
`;
const read = readRunbook(text, 'two.yaml', 'two');
if (!read.ok || read.runbook.kind !== 'checklist') throw new Error(JSON.stringify(read));
const checklist = read.runbook;

/** A stack with these database servers, of which the first is no project's own. */
function hereWith(...ids: readonly string[]): Here {
	const container = {containerId: 'c', containerName: 'shop-db', project: 'shop', service: 'db'};
	const targets = {
		...{redis: [], endpoints: [], logs: [], backups: []},
		postgres: ids.map(id => ({id, container})),
	};
	const containers = [{id: 'c', key: 'shop/db/1', name: 'shop-db', project: 'shop', service: 'db'}];
	return {containers, targets} as unknown as Here;
}

async function checked(used: Readonly<Record<string, number>>) {
	const looked: string[] = [];
	const eyes = {
		here: () => hereWith(...Object.keys(used)),
		look: (looks: readonly LookId[], {postgres = ''}: Scope) => {
			looked.push(...looks.map(look => `${look} ${look === 'host.load' ? '' : postgres}`.trim()));
			const values = {cpu: 5, 'used-percent': used[postgres] ?? 0};
			return Promise.resolve(looks.map(look => ({look, atMs: 1, values, lines: []})));
		},
	};
	const scope = {project: 'shop', postgres: Object.keys(used)[0] ?? ''};
	const facts = {eyes, scope, answers: new Map(), by: 'li', nowMs: 1};
	return {looked, ...(await goThrough(checklist, facts, new AbortController().signal))};
}

test('a line is judged for each of several servers; the worst counts, each is named', async () => {
	const {items, level, looked, figures} = await checked({db: 10, reports: 95, audit: 20});
	expect(looked.toSorted()).toEqual([
		...['host.load', 'postgres.activity audit', 'postgres.activity db'],
		'postgres.activity reports',
	]);
	expect(level).toBe('crit');
	const [load, connections] = items;
	expect(load).not.toHaveProperty('parts');
	expect(connections).toMatchObject({
		outcome: 'fail',
		scope: {project: 'shop', postgres: 'reports'},
		parts: [
			{subject: 'db', outcome: 'pass'},
			{subject: 'reports', outcome: 'fail'},
			{subject: 'audit', outcome: 'pass'},
		],
	});
	expect(figures['postgres.activity.used-percent']).toBe(95);
});

test('with one server everything stays as it was', async () => {
	const {items, level} = await checked({db: 10});
	expect([level, items.map(({outcome}) => outcome)]).toEqual(['ok', ['pass', 'pass']]);
	for (const item of items) expect(item).not.toHaveProperty('parts');
});
