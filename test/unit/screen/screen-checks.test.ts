import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Effect} from '../../../src/store/events.ts';
import {createScreenChecks, type CheckFacts} from '../../../src/screen-checks.ts';
import {noTargets} from '../../../src/domain/targets.ts';
import {readChecks} from '../../../src/work/checks.ts';
import {calmLoad, daily, loadSeen, onCheck, weekly} from '../../support/runbooks.ts';
import {screenParts, type ScreenParts} from '../../support/screen-parts.ts';
import {settingsOf} from '../../support/settings.ts';

describe('the checklist on the screen', () => {
	let parts: ScreenParts;
	let end: AbortController;
	beforeEach(async () => {
		parts = await screenParts();
		end = new AbortController();
	});
	afterEach(async () => parts.remove());

	const scope = {project: 'shop'};
	const wish: Effect & {readonly type: 'run-check'} = {
		type: 'run-check',
		checklist: daily,
		scope,
		answers: {told: {value: 'yes', by: 'wang', atMs: 1}},
	};

	function checksWith(more: Partial<CheckFacts> = {}) {
		return createScreenChecks({
			io: parts.io,
			settings: settingsOf(),
			eyes: {
				look: async () => Promise.resolve([loadSeen(calmLoad)]),
				here: () => ({containers: [], targets: noTargets}),
			},
			state: () => onCheck({}, 'told'),
			operator: async () => Promise.resolve('li'),
			send: parts.send,
			signal: end.signal,
			...more,
		});
	}
	const newest = async () => (await readChecks(parts.root, 'daily'))[0];

	it('is gone through with the answers given before, kept and told', async () => {
		await checksWith().run(wish);
		const {result, isSigned} = await parts.told('check-arrived');
		expect(isSigned).toBe(false);
		expect(result).toMatchObject({checklist: 'daily', by: 'li', project: 'shop'});
		const outcomes = Object.fromEntries(result.items.map(({id, outcome}) => [id, outcome]));
		expect(outcomes).toMatchObject({cpu: 'pass', told: 'pass', swap: 'not-applicable'});
		expect(await newest()).toEqual(result);
	});

	it('takes an answer into a new result, which no signature of before covers', async () => {
		const checks = checksWith();
		await checks.run(wish);
		await checks.sign('all read\u001B[2J');
		const signed = await parts.told('check-arrived', ({isSigned}) => isSigned);
		expect(signed.result.signed?.by).toBe('li');
		expect(signed.result.signed?.note).toContain('all read');
		expect(signed.result.signed?.note).not.toContain('\u001B');
		await checks.answer({type: 'answer-check', item: 'tape', value: 'no'});
		const answered = parts.events.at(-1);
		expect(answered).toMatchObject({type: 'check-arrived', isSigned: false});
		expect((await newest())?.signed).toBeUndefined();
		expect((await newest())?.items.find(({id}) => id === 'tape')?.outcome).not.toBe('pass');
	});

	it('is signed without words where there are none', async () => {
		const checks = checksWith();
		await checks.run(wish);
		await checks.sign('');
		expect(parts.events.at(-1)).toMatchObject({isSigned: true});
		expect((await newest())?.signed).not.toHaveProperty('note');
	});

	it('is neither answered nor signed before it was gone through', async () => {
		const checks = checksWith();
		await checks.answer({type: 'answer-check', item: 'tape', value: 'yes'});
		await checks.sign('me');
		expect(parts.events).toEqual([]);
		expect(await newest()).toBeUndefined();
	});

	it('takes no answer for another one that is shown meanwhile', async () => {
		const shown = onCheck({}, 'told');
		const check = {checklist: weekly, scope, answers: {}, selected: 'tape', isSigned: false};
		const other = {...shown, runbook: {...shown.runbook, check}};
		const checks = checksWith({state: () => other});
		await checks.run(wish);
		await checks.answer({type: 'answer-check', item: 'tape', value: 'yes'});
		expect(parts.events.map(({type}) => type)).toEqual(['check-arrived']);
	});

	it('tells why it could not be gone through', async () => {
		const checks = checksWith({
			eyes: {
				look: async () => Promise.reject(new Error('no eyes')),
				here: () => ({containers: [], targets: noTargets}),
			},
		});
		await checks.run(wish);
		expect(parts.events).toMatchObject([{type: 'check-failed', problem: {code: 'unexpected'}}]);
		expect(await newest()).toBeUndefined();
	});

	it('tells that it could not be kept, and then neither has a result', async () => {
		const checks = checksWith({io: parts.brokenIo});
		await checks.run(wish);
		expect(parts.events).toMatchObject([
			{type: 'check-failed', problem: {code: 'state-folder-unusable'}},
		]);
		await checks.sign('me');
		expect(parts.events).toHaveLength(1);
	});

	it('says nothing of what ends with the console', async () => {
		const checks = checksWith({
			eyes: {
				look: async () => {
					end.abort();
					return Promise.reject(new Error('over'));
				},
				here: () => ({containers: [], targets: noTargets}),
			},
		});
		await checks.run(wish);
		expect(parts.events).toEqual([]);
	});
});
