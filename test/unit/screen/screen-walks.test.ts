import {existsSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ProblemError} from '../../../src/domain/problem.ts';
import type {Runbook} from '../../../src/runbooks/runbook.ts';
import {createScreenWalks, type WalkFacts} from '../../../src/screen-walks.ts';
import {appendWalk, holderOf, isHeldHere, listWalks} from '../../../src/work/walks.ts';
import {requireComponent, titleWith} from '../../support/require-component.ts';
import {appScope, loadSeen, someRunbooks} from '../../support/runbooks.ts';
import {holdByOther, screenParts, type ScreenParts} from '../../support/screen-parts.ts';
import {settingsOf} from '../../support/settings.ts';
import {waitFor} from '../../support/wait.ts';

const proc = await requireComponent('/proc', () => existsSync('/proc/self/stat'));

describe.skipIf(proc.missing !== undefined)(titleWith(proc, 'the walk on the screen'), () => {
	let parts: ScreenParts;
	let end: AbortController;
	beforeEach(async () => {
		parts = await screenParts();
		end = new AbortController();
	});
	afterEach(async () => {
		end.abort();
		await parts.remove();
	});

	function walksWith(more: Partial<WalkFacts> = {}) {
		return createScreenWalks({
			io: parts.io,
			settings: settingsOf(),
			look: async () => Promise.resolve([loadSeen()]),
			runbooks: async () => Promise.resolve(someRunbooks),
			operator: async () => Promise.resolve('li'),
			send: parts.send,
			signal: end.signal,
			...more,
		});
	}

	/** The only walk on the disk. */
	async function kept() {
		const [only, ...others] = await listWalks(parts.root);
		if (!only || others.length > 0) throw new Error('not one walk');
		return only;
	}
	const lastKept = async () => (await kept()).events.at(-1);
	const at = (node: string) => parts.told('walk-moved', ({walk}) => walk.at === node);

	it('begins, goes on by itself until a person is needed, and is ours', async () => {
		const walks = walksWith();
		await walks.begin('app-slow', appScope);
		expect(parts.events[0]).toMatchObject({type: 'walk-moved', activity: {kind: 'nothing'}});
		const {walk, wizard} = await at('which');
		expect([wizard.id, walk.scope, walk.status]).toEqual(['app-slow', appScope, 'walking']);
		expect(await isHeldHere((await kept()).folder)).toBe(true);
	});

	it('writes down what is done in it and goes on', async () => {
		const walks = walksWith();
		await walks.begin('app-slow', appScope);
		await walks.move({type: 'decided', node: 'which', way: {cause: 'cpu'}});
		await at('restart');
		expect(await lastKept()).toMatchObject({type: 'decided', node: 'which'});
		// What does not fit to where the walk stands changes nothing.
		await walks.move({type: 'decided', node: 'which', way: {cause: 'cpu'}});
		expect((await kept()).events.filter(({type}) => type === 'decided')).toHaveLength(1);
		await walks.go();
		expect(parts.events.at(-1)).toMatchObject({type: 'walk-moved', walk: {at: 'restart'}});
	});

	it.each(['no-such-wizard', 'daily'])('does not begin %s, which is no wizard', async name => {
		await walksWith().begin(name, appScope);
		expect(parts.events).toEqual([]);
		expect(await listWalks(parts.root)).toEqual([]);
	});

	it('is nowhere where the state folder cannot be made', async () => {
		const walks = walksWith({io: parts.brokenIo});
		const refused = {problem: {code: 'state-folder-unusable'}};
		const begun = walks.begin('app-slow', appScope);
		await expect(begun).rejects.toBeInstanceOf(ProblemError);
		await expect(begun).rejects.toMatchObject(refused);
		await expect(walks.resume('20261120T120000Z-00000001', false)).rejects.toMatchObject(refused);
	});

	it('is paused and free when it is left, and goes on when it is taken up', async () => {
		const walks = walksWith();
		await walks.begin('app-slow', appScope);
		await walks.close();
		const {id, folder} = await kept();
		expect(await lastKept()).toMatchObject({type: 'paused', by: 'li'});
		expect(await holderOf(folder)).toBeUndefined();
		await walks.move({type: 'remarked', text: 'nobody hears it', by: 'li'});
		expect(await lastKept()).toMatchObject({type: 'paused'});
		await walks.resume(id, false);
		expect(await lastKept()).toMatchObject({type: 'resumed', by: 'li'});
		expect(parts.events.at(-1)).toMatchObject({walk: {at: 'which', status: 'walking'}});
	});

	it('of ten minutes ago is gone on with; an older one stays, and the new one tells of it', async () => {
		let aheadMs = 0;
		const clock = {...parts.io.clock, now: () => Date.now() + aheadMs};
		const walks = walksWith({io: {...parts.io, clock}});
		await walks.begin('app-slow', appScope);
		const {id, folder} = await kept();
		aheadMs = 9 * 60_000;
		await walks.begin('app-slow', appScope);
		expect((await kept()).id).toBe(id);
		expect(parts.events.at(-1)).not.toHaveProperty('olderAtMs');

		aheadMs = 3 * 3_600_000;
		await walks.begin('app-slow', appScope);
		const [newer, older] = await listWalks(parts.root);
		expect(older).toMatchObject({id, folder});
		expect(older?.events.at(-1)).toMatchObject({type: 'paused'});
		expect(newer?.events.map(({type}) => type)).toEqual(['started', 'looked']);
		const told = parts.events.at(-1);
		const lastMs = older?.events.findLast(({type}) => type === 'looked')?.atMs;
		expect(told).toMatchObject({walk: {id: newer?.id}, olderAtMs: lastMs});

		// What somebody else has open is looked on, however old it is.
		await walks.close();
		await holdByOther(folder, 'wang');
		await walks.begin('app-slow', appScope);
		const {walk} = await parts.told('walk-moved', ({heldBy}) => heldBy === 'wang');
		expect(walk.id).toBe(id);
		expect(await listWalks(parts.root)).toHaveLength(2);
	});

	it('is left when another one is begun', async () => {
		const walks = walksWith();
		await walks.begin('app-slow', appScope);
		const {folder} = await kept();
		await walks.begin('net-slow', appScope);
		const [newer, older] = await listWalks(parts.root);
		const slow = [newer, older].find(walk => walk?.folder === folder);
		expect(slow?.events.at(-1)).toMatchObject({type: 'paused'});
		expect(await holderOf(folder)).toBeUndefined();
	});

	it('is handed over to a name that is cleaned, and not paused as well', async () => {
		const walks = walksWith();
		await walks.begin('app-slow', appScope);
		await walks.handOver('wang\u001B[31m');
		const last = await lastKept();
		expect(last).toMatchObject({type: 'handed-over', by: 'li'});
		expect(JSON.stringify(last)).not.toContain('\\u001b');
		expect(await holderOf((await kept()).folder)).toBeUndefined();
	});

	it('of an id that is not there is not taken up', async () => {
		const walks = walksWith();
		await walks.begin('app-slow', appScope);
		await walks.close();
		parts.events.length = 0;
		await walks.resume('20261120T120000Z-00000001', true);
		expect(parts.events).toEqual([]);
	});

	it('of somebody else is looked at as it goes on, and nothing is written into it', async () => {
		const walks = walksWith();
		await walks.begin('app-slow', appScope);
		await walks.close();
		const {id, folder} = await kept();
		await holdByOther(folder, 'wang\u001B[31m');
		await walks.resume(id, false);
		const seen = await parts.told('walk-moved', ({heldBy}) => heldBy !== undefined);
		expect(seen.heldBy).not.toContain('\u001B');
		expect(seen.heldBy).toContain('wang');
		await walks.move({type: 'remarked', text: 'mine', by: 'li'});
		expect(await lastKept()).toMatchObject({type: 'paused'});
		const decided = {type: 'decided', node: 'which', way: {cause: 'cpu'}} as const;
		await appendWalk(folder, {type: 'resumed', atMs: 2, by: 'wang'});
		await appendWalk(folder, {...decided, atMs: 3});
		expect((await at('restart')).heldBy).toBeDefined();

		await walks.resume(id, true);
		expect(await isHeldHere(folder)).toBe(true);
		expect(parts.events.at(-1)).not.toHaveProperty('heldBy');
	});

	it('is only looked at after somebody took it over, without a key', async () => {
		const walks = walksWith();
		await walks.begin('app-slow', appScope);
		const {folder, events} = await kept();
		await holdByOther(folder, 'wang');
		await parts.told('walk-moved', ({heldBy}) => heldBy === 'wang');
		await walks.move({type: 'decided', node: 'which', way: {cause: 'cpu'}});
		await walks.close();
		expect((await kept()).events).toEqual(events);
		expect(await holderOf(folder)).toMatchObject({by: 'wang'});
	});

	it('of a wizard that is not there any more is told and given back', async () => {
		let runbooks: Readonly<Record<string, Runbook>> = someRunbooks;
		const walks = walksWith({runbooks: async () => Promise.resolve(runbooks)});
		await walks.begin('app-slow', appScope);
		await walks.close();
		runbooks = {};
		const {id, folder} = await kept();
		await walks.resume(id, false);
		const {problem} = await parts.told('action-failed');
		expect(problem).toEqual({code: 'walk-changed', params: {id}, retry: 'rarely'});
		expect(await holderOf(folder)).toBeUndefined();
	});

	it('is not watched any more after the end', async () => {
		const walks = walksWith();
		await walks.begin('app-slow', appScope);
		await walks.close();
		const {id, folder} = await kept();
		await holdByOther(folder, 'wang');
		await walks.resume(id, false);
		const count = () => parts.events.length;
		await waitFor(() => (count() > 5 ? true : undefined));
		end.abort();
		await walks.close();
		const after = count();
		await appendWalk(folder, {type: 'resumed', atMs: 2, by: 'wang'});
		await parts.io.clock.sleep(5, new AbortController().signal);
		expect(count()).toBe(after);
	});
});
