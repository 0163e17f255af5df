import {existsSync} from 'node:fs';
import {cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeEach, expect, test} from 'vitest';
import type {JournalEntry} from '../../../src/domain/journal.ts';
import type {Operation} from '../../../src/operations/operation.ts';
import {perform} from '../../../src/work/perform.ts';
import {mover, type MoverRequest} from '../../support/mover.ts';
import {
	performNow,
	planNow,
	recoverNow,
	removeFolders,
	type Performed,
} from '../../support/perform.ts';
import {smallAct} from '../../support/small-act.ts';

const options = {act: smallAct(), targets: {}};
let folder = '';

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'opsconsole-mover-'));
	await mkdir(join(folder, 'live'));
	await writeFile(join(folder, 'live', 'data'), 'old');
	return () => rm(folder, {recursive: true, force: true});
});

afterAll(removeFolders);

/** What a person would see: entirely old, entirely new, or something that must not be. */
async function world(): Promise<string> {
	const names = (await readdir(folder)).toSorted().join(' ');
	const live = existsSync(join(folder, 'live'))
		? (await readdir(join(folder, 'live'))).toSorted().join(' ')
		: 'missing';
	if (names === 'live' && live === 'data') return 'old';
	if (names === 'flag live old' && live === 'part') return 'new';
	return `${names}: ${live}`;
}

test('a run that succeeds has written every step down', async () => {
	const {outcome, end, lines, result, plan} = await performNow(mover, {folder}, options);
	expect(outcome).toBe('done');
	expect(end?.exitStatus).toBe(0);
	expect(await world()).toBe('new');
	expect(result).toEqual({id: plan.id});
	expect(lines.map(({st}) => st)).toEqual([
		...['begin', 'start', 'done', 'start', 'progress', 'keep', 'done', 'start', 'done'],
		...['start', 'done', 'forward', 'start', 'keep', 'done', 'end'],
	]);
});

test.each(['make', 'load', 'aside'])('a failure in %s leaves nothing behind', async failIn => {
	const {outcome, end} = await performNow(mover, {folder, failIn}, options);
	expect(outcome).toBe('undone');
	expect(end).toMatchObject({exitStatus: 1, problem: {code: 'unexpected'}});
	expect(await world()).toBe('old');
});

test('a failure of the committing step is judged by the world, not by the error', async () => {
	const {outcome} = await performNow(mover, {folder, failIn: 'swap'}, options);
	expect(outcome).toBe('done');
	expect(await world()).toBe('new');
});

test('a failure after the commit point is told and nothing is taken back', async () => {
	const {outcome, end} = await performNow(mover, {folder, failIn: 'mark'}, options);
	expect(outcome).toBe('manual');
	expect(end?.exitStatus).toBe(4);
	expect(await world()).toBe('new');
});

test('killed at every place, and recovery killed at every place: entirely old or entirely new', async () => {
	const {places} = await performNow(mover, {folder}, options);
	expect(places.length).toBeGreaterThan(28);
	let points = 0;
	for (const failAt of places) {
		const died = await fresh(() => performNow(mover, {folder}, {...options, failAt}));
		expect(died.outcome).toBe('crashed');
		const once = await recoverNow(mover, died, options);
		expect(['old', 'new'], failAt).toContain(await world());
		expect(['undone', 'failed', 'done'], failAt).toContain(once.outcome);
		points++;
		for (const second of once.places) {
			const again = await fresh(() => performNow(mover, {folder}, {...options, failAt}));
			const diedAgain = await recoverNow(mover, again, {...options, failAt: second});
			expect(diedAgain.outcome).toBe('crashed');
			const last = await recoverNow(mover, diedAgain, options);
			const seen = await world();
			expect(['old', 'new'], `${failAt} then ${second}`).toContain(seen);
			expect(last.outcome === 'done', `${failAt} then ${second}`).toBe(seen === 'new');
			points++;
		}
	}

	expect(points).toBeGreaterThan(200);
});

/** Kills a run, then its recovery again and again at these places; what is left is recovered. Gives how it ended. */
async function killed(failAt: string, choose: readonly ((places: readonly string[]) => string)[]) {
	let last = await fresh(() => performNow(mover, {folder}, {...options, failAt}));
	const chain = [failAt];
	for (const next of choose) {
		// What this recovery would pass is known from one that is let go on a copy of the world.
		const places = await placesOf(last);
		// All was done before; its recovery has nothing left to die in.
		if (places.length === 0) break;
		const place = next(places);
		chain.push(place);
		last = await recoverNow(mover, last, {...options, failAt: place});
		if (last.outcome !== 'crashed') break;
	}

	const end = last.outcome === 'crashed' ? await recoverNow(mover, last, options) : last;
	return {chain: chain.join(' > '), outcome: end.outcome, deaths: chain.length};
}

/** The places that the recovery of this run passes, tried on a copy of the world. */
async function placesOf(died: Performed): Promise<readonly string[]> {
	const copy = `${folder}-copy`;
	await cp(folder, copy, {recursive: true});
	try {
		return (await recoverNow(mover, died, options)).places;
	} finally {
		await rm(folder, {recursive: true, force: true});
		await rename(copy, folder);
	}
}

test('recovery is killed three times in a row: entirely old or entirely new, nothing left over (B02)', async () => {
	const {places} = await performNow(mover, {folder}, options);
	const bad: string[] = [];
	let count = 0;
	for (const [index, failAt] of places.entries()) {
		for (let turn = 0; turn < 3; turn++) {
			// Spread over all places: each chain dies at others, the first, the last and those between.
			const choose = [1, 3, 7].map(
				factor => (all: readonly string[]) => all[(index * factor + turn * 5) % all.length] ?? '',
			);
			const {chain, outcome, deaths} = await killed(failAt, choose);
			const seen = await world();
			const isRight = (seen === 'new' ? ['done'] : ['undone', 'failed']).includes(outcome);
			if (!['old', 'new'].includes(seen) || !isRight) bad.push(`${chain}: ${outcome}, ${seen}`);
			if (deaths === 4) count += 1;
		}
	}

	expect(bad).toEqual([]);
	expect(count).toBeGreaterThan(50);
});

async function fresh<T>(work: () => Promise<T>): Promise<T> {
	await rm(folder, {recursive: true, force: true});
	await mkdir(join(folder, 'live'), {recursive: true});
	await writeFile(join(folder, 'live', 'data'), 'old');
	return work();
}

test('cancelling before the commit point takes everything back', async () => {
	const cancel = new AbortController();
	const {outcome, end} = await performNow(
		mover,
		{folder, waitFor: join(folder, 'never')},
		{
			...options,
			cancel: cancel.signal,
			onPlace(step, place) {
				if (step === 'load' && place === 'mid') {
					setTimeout(() => cancel.abort(new Error('li')), 5);
				}

				return Promise.resolve();
			},
		},
	);
	expect(outcome).toBe('cancelled');
	expect(end).toMatchObject({exitStatus: 130, problem: {params: {who: 'li'}}});
	expect(await world()).toBe('old');
});

test('cancelling after the commit point finishes', async () => {
	const cancel = new AbortController();
	const {outcome} = await performNow(
		mover,
		{folder},
		{
			...options,
			cancel: cancel.signal,
			onPlace(step, place) {
				if (step === 'swap' && place === 'begun') cancel.abort(new Error('li'));
				return Promise.resolve();
			},
		},
	);
	expect(outcome).toBe('done');
	expect(await world()).toBe('new');
});

test('a step may do nothing that its plan does not show', async () => {
	const outlaw: Operation<MoverRequest> = {
		...mover,
		steps: {
			...mover.steps,
			make: {
				run: tools => tools.file({kind: 'file', action: 'remove', path: join(folder, 'live')}),
				undo: () => Promise.resolve(),
			},
		},
	};
	const {end} = await performNow(outlaw, {folder}, options);
	expect(end?.problem).toMatchObject({code: 'road-not-planned', params: {step: 'make'}});
	expect(await world()).toBe('old');
});

test('a step that does not end is ended at its deadline', async () => {
	const slow: Operation<MoverRequest> = {
		...mover,
		async plan(look, request, id) {
			const draft = await mover.plan(look, request, id);
			return {...draft, steps: draft.steps.map(step => ({...step, deadlineMs: 50}))};
		},
	};
	const {end} = await performNow(slow, {folder, waitFor: join(folder, 'never')}, options);
	expect(end?.problem?.code).toBe('road-deadline');
	expect(await world()).toBe('old');
});

test('a journal that cannot be written: back before the commit point, forward after it', async () => {
	const {plan, look} = await planNow(mover, {folder}, options);
	const runWith = (isFull: (entry: JournalEntry) => boolean) => {
		const lines: JournalEntry[] = [];
		return perform({
			plan,
			operation: mover,
			act: options.act,
			look,
			journal: {
				lines: () => lines,
				append(entry) {
					if (isFull(entry)) return Promise.reject(new Error('no space left'));
					lines.push(entry);
					return Promise.resolve();
				},
				close: () => Promise.resolve(),
			},
		});
	};
	const before = await runWith(entry => 'step' in entry && entry.step === 'aside');
	expect(before.outcome).not.toBe('done');
	expect(await world()).toBe('old');
	const after = await runWith(entry => 'step' in entry && entry.step === 'mark');
	expect(after.outcome).toBe('done');
	expect(await world()).toBe('new');
	expect(await readFile(join(folder, 'live', 'part'), 'utf8')).toBe('new');
});
