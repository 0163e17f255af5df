import {existsSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {expect as expected} from '../../../config/error.ts';
import type {Runbooks} from '../../../config/load-runbooks.ts';
import {noTargets} from '../../../src/domain/targets.ts';
import type {Eyes} from '../../../src/engine/eyes.ts';
import {
	createScreenRunbooks,
	type RunbookEffect,
	type ScreenRunbooks,
} from '../../../src/screen-runbooks.ts';
import {keepCheck} from '../../../src/work/checks.ts';
import {holderOf, listWalks, walksFolder} from '../../../src/work/walks.ts';
import {requireComponent, titleWith} from '../../support/require-component.ts';
import {appScope, checkOf, daily, loadSeen, onCheck, someRunbooks} from '../../support/runbooks.ts';
import {holdByOther, screenParts, type ScreenParts} from '../../support/screen-parts.ts';
import {settingsOf} from '../../support/settings.ts';
import {container} from '../../support/state.ts';

const proc = await requireComponent('/proc', () => existsSync('/proc/self/stat'));

const wrong = (file: string, line: number) =>
	({
		kind: 'invalid-value',
		...{file, line, column: 1, key: 'nodes', expected: expected('runbook', {name: 'x'})},
	}) as const;
const read: Runbooks = {
	runbooks: someRunbooks,
	errors: [wrong('a.yaml', 1), wrong('a.yaml', 2), wrong('b.yaml', 1)],
};
const open = {type: 'open-walk', runbook: 'app-slow', scope: appScope} as const;

describe.skipIf(proc.missing !== undefined)(titleWith(proc, 'the runbooks of the screen'), () => {
	let parts: ScreenParts;
	const made: ScreenRunbooks[] = [];
	beforeEach(async () => {
		parts = await screenParts();
	});
	afterEach(async () => {
		for (const one of made.splice(0)) await one.stop();
		await parts.remove();
	});

	function runbooksWith({
		io = parts.io,
		look = async () => Promise.resolve([loadSeen()]),
		readRunbooks = async () => Promise.resolve(read),
	}: {
		readonly io?: ScreenParts['io'];
		readonly look?: Eyes['look'];
		readonly readRunbooks?: () => Promise<Runbooks>;
	} = {}) {
		const facts = {
			io,
			settings: settingsOf(),
			state: () => onCheck({}, 'told'),
			onChange: () => () => undefined,
			refresh: () => undefined,
			send: parts.send,
		};
		const here = () => ({containers: [container('app')], targets: noTargets});
		const one = createScreenRunbooks(facts, {readRunbooks, eyes: {look, here}});
		made.push(one);
		return one;
	}

	it('are told with the files that are none, the walks and when checklists were done', async () => {
		await keepCheck(parts.root, checkOf({atMs: 1_800_000_000_000}));
		const screen = runbooksWith();
		screen.carryOut(open);
		await parts.told('walk-moved', ({walk}) => walk.at === 'which');
		screen.carryOut({type: 'read-runbooks'});
		const told = await parts.told('runbooks-arrived');
		expect(told).toMatchObject({badFiles: 2, lastChecks: {daily: 1_800_000_000_000}});
		expect(Object.keys(told.runbooks)).toEqual(Object.keys(someRunbooks));
		expect(told.walks).toHaveLength(1);
		expect(told.walks[0]).not.toHaveProperty('heldBy');
	});

	it('say who else has a walk, and leave out one whose wizard is gone', async () => {
		const screen = runbooksWith();
		screen.carryOut(open);
		await parts.told('walk-moved', ({walk}) => walk.at === 'which');
		screen.carryOut({type: 'close-walk'});
		const closed = await parts.told('runbooks-arrived');
		expect(closed.walks).toMatchObject([{walk: {status: 'paused'}}]);
		const [kept] = await listWalks(parts.root);
		await holdByOther(kept?.folder ?? '', 'wang\u001B[31m');
		screen.carryOut({type: 'read-runbooks'});
		const held = await parts.told('runbooks-arrived', ({walks}) => walks[0]?.heldBy !== undefined);
		expect(held.walks[0]?.heldBy).not.toContain('\u001B');
		const {'app-slow': _gone, ...others} = someRunbooks;
		const without = runbooksWith({
			readRunbooks: async () => Promise.resolve({runbooks: others, errors: []}),
		});
		without.carryOut({type: 'read-runbooks'});
		const rest = await parts.told('runbooks-arrived', ({badFiles}) => badFiles === 0);
		expect(rest.walks).toEqual([]);
	});

	it('are weighed together for the diagnosis', async () => {
		runbooksWith().carryOut({type: 'diagnose'});
		const {diagnosis} = await parts.told('diagnosed');
		expect(diagnosis.findings.map(({cause}) => cause.id)).toContain('cpu');
		expect(parts.events.map(({type}) => type)).toEqual(['runbooks-arrived', 'diagnosed']);
	});

	it('are diagnosed once where it is asked again meanwhile', async () => {
		const first = Promise.withResolvers<readonly never[]>();
		let count = 0;
		const screen = runbooksWith({
			look: async () => (count++ === 0 ? first.promise : Promise.resolve([loadSeen()])),
		});
		screen.carryOut({type: 'diagnose'});
		await parts.told('runbooks-arrived');
		screen.carryOut({type: 'diagnose'});
		await parts.told('diagnosed');
		first.resolve([]);
		await screen.stop();
		expect(parts.events.filter(({type}) => type === 'diagnosed')).toHaveLength(1);
	});

	it('carry out every step of a walk', async () => {
		const screen = runbooksWith();
		const walkAt = (node: string) => parts.told('walk-moved', ({walk}) => walk.at === node);
		const last = async () => (await listWalks(parts.root))[0]?.events.at(-1);
		screen.carryOut(open);
		await walkAt('which');
		screen.carryOut({type: 'walk-remark', text: 'told all\u001B[2J'});
		const {walk} = await parts.told(
			'walk-moved',
			event => event.walk.events.at(-1)?.type === 'remarked',
		);
		expect(JSON.stringify(walk.events.at(-1))).toContain('told all');
		expect(JSON.stringify(walk.events.at(-1))).not.toContain('\\u001b');
		const move = {type: 'decided', node: 'which', way: {cause: 'cpu'}} as const;
		screen.carryOut({type: 'walk-move', move});
		await walkAt('restart');
		const before = parts.events.length;
		screen.carryOut({type: 'walk-go'});
		await parts.told('walk-moved', event => parts.events.indexOf(event) >= before);
		screen.carryOut({type: 'walk-hand-over', to: 'wang'});
		const {walks} = await parts.told('runbooks-arrived');
		expect(walks).toMatchObject([{walk: {status: 'handed-over'}}]);
		expect(await last()).toMatchObject({type: 'handed-over', to: 'wang'});
		screen.carryOut({type: 'resume-walk', id: walks[0]?.id ?? '', isForced: true});
		await parts.told('walk-moved', event => event.walk.events.at(-1)?.type === 'resumed');
	});

	it('carry out every step of a checklist', async () => {
		const screen = runbooksWith();
		const scope = {project: 'shop'};
		screen.carryOut({type: 'run-check', checklist: daily, scope, answers: {}});
		await parts.told('check-arrived');
		screen.carryOut({type: 'answer-check', item: 'tape', value: 'yes'});
		const isAnswered = ({result}: {result: {items: readonly {id: string; outcome: string}[]}}) =>
			result.items.some(({id, outcome}) => id === 'tape' && outcome === 'pass');
		await parts.told('check-arrived', isAnswered);
		screen.carryOut({type: 'sign-check', note: 'li'});
		await parts.told('check-arrived', ({isSigned}) => isSigned);
	});

	it.each<RunbookEffect>([{type: 'read-runbooks'}, {type: 'diagnose'}, open])(
		'tell why %o failed',
		async effect => {
			const readRunbooks = async () => Promise.reject(new Error('the folder is gone'));
			runbooksWith({readRunbooks}).carryOut(effect);
			const {problem} = await parts.told('action-failed');
			expect(JSON.stringify(problem)).toContain('the folder is gone');
		},
	);

	it('are refused where the state folder cannot be made', async () => {
		const screen = runbooksWith({io: parts.brokenIo});
		screen.carryOut(open);
		const {problem} = await parts.told('action-failed');
		expect(problem.code).toBe('state-folder-unusable');
		expect(existsSync(walksFolder(parts.root))).toBe(false);
	});

	it('pause the walk at the end, and nothing is told afterwards', async () => {
		const hanging = Promise.withResolvers<never>();
		const screen = runbooksWith();
		screen.carryOut(open);
		await parts.told('walk-moved', ({walk}) => walk.at === 'which');
		await screen.stop();
		const [kept] = await listWalks(parts.root);
		expect(kept?.events.at(-1)).toMatchObject({type: 'paused'});
		expect(await holderOf(kept?.folder ?? '')).toBeUndefined();

		const late = runbooksWith({readRunbooks: async () => hanging.promise});
		late.carryOut({type: 'read-runbooks'});
		await late.stop();
		const count = parts.events.length;
		hanging.reject(new Error('too late'));
		await expect(hanging.promise).rejects.toThrow('too late');
		await parts.io.clock.sleep(5, new AbortController().signal);
		expect(parts.events).toHaveLength(count);
	});
});
