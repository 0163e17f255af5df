import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ProblemError} from '../../../src/domain/problem.ts';
import {createFollower} from '../../../src/incident-follower.ts';
import {openState} from '../../../src/own-state.ts';
import type {Scope} from '../../../src/runbooks/scope.ts';
import type {State} from '../../../src/store/state.ts';
import {
	closeIncident,
	listIncidents,
	openIncident,
	type Opening,
} from '../../../src/work/incidents.ts';
import {jobOf} from '../../support/plans.ts';
import {appScope, moves, onWalk, walkOf} from '../../support/runbooks.ts';
import {screenParts, type ScreenParts} from '../../support/screen-parts.ts';
import {settingsOf} from '../../support/settings.ts';
import {failed} from '../../support/values.ts';
import {container, containerAlert, engineTarget, nowMs, stateWith} from '../../support/state.ts';

const opening: Opening = {
	title: 'the shop is down',
	severity: 'major',
	from: {kind: 'person'},
	environment: 'test',
	hostname: 'web-1',
	project: 'shop',
};
const operator = {user: 'li', userId: 1000};

describe('an open incident is told by itself', () => {
	let parts: ScreenParts;
	let state: State;
	let written = 0;
	beforeEach(async () => {
		parts = await screenParts();
		state = stateWith({containers: [container('app')]});
		written = 0;
	});
	afterEach(async () => parts.remove());

	const place = async () => openState(parts.io, settingsOf());

	/** Has the state know the incidents on the disk, as after reading them. */
	async function readAll(): Promise<void> {
		const list = await listIncidents(await place());
		state = {...state, incident: {list: list.map(one => ({...one, isDamaged: false}))}};
	}

	async function open(more: Partial<Opening> = {}) {
		const {id} = await openIncident(await place(), {...opening, ...more}, {operator, nowMs});
		await readAll();
		return id;
	}

	/** Makes another console that looks at the same. */
	const follower = () =>
		createFollower({
			place,
			state: () => state,
			now: () => nowMs + 1000,
			async onWritten() {
				written += 1;
				await readAll();
			},
		});

	/** What was written since it was opened. */
	async function told(index = 0) {
		const record = (await listIncidents(await place()))[index];
		return (record?.lines ?? []).slice(1).map(({event}) => event);
	}

	it('of an alert, once, also where two consoles see it', async () => {
		await open();
		state = {...state, data: {...state.data, alerts: [containerAlert('shop_app_1')]}};
		const [one, other] = [follower(), follower()];
		await Promise.all([one(), other()]);
		await one();
		await other();
		expect(await told()).toMatchObject([{kind: 'alert-raised', alert: {subject: 'shop_app_1'}}]);
		expect(written).toBe(1);
	});

	it('not of alerts of another project, but of those where none is meant', async () => {
		const other = container('web', {key: 'blog/web/1', name: 'blog_web_1', project: 'blog'});
		const {project: _project, ...of} = opening;
		state = stateWith({
			containers: [container('app'), other],
			alerts: [containerAlert('blog_web_1')],
		});
		await open();
		await follower()();
		expect(await told()).toEqual([]);
		await openIncident(await place(), of, {operator, nowMs: nowMs + 1});
		await readAll();
		await follower()();
		const kinds = await Promise.all([told(0), told(1)]);
		expect(kinds.map(events => events.length).toSorted()).toEqual([0, 1]);
	});

	it('of a container that was replaced since the last look, and of none while the engine is away', async () => {
		await open();
		const follow = follower();
		await follow();
		expect(await told()).toEqual([]);
		const before = state;
		const replaced = container('app', {id: 'b'.repeat(64), imageId: 'sha256:1'});
		const next = stateWith({containers: [replaced]});
		const {readings} = next.data;
		state = {
			...before,
			data: {
				...before.data,
				readings: {...readings, 'docker.containers': {[engineTarget]: failed()}},
			},
		};
		await follow();
		expect(await told()).toEqual([]);
		state = {...before, data: {...before.data, readings}};
		await follow();
		await follow();
		expect(await told()).toMatchObject([{kind: 'change', change: 'image'}]);
	});

	it('of operations that began since, and of those of its own walk that began before', async () => {
		await open();
		const folder = parts.root;
		const after = jobOf({id: 'after', sinceMs: nowMs + 500, folder});
		const before = jobOf({id: 'before', sinceMs: nowMs - 500, folder});
		state = {...state, jobs: [after, before]};
		await follower()();
		expect(await told()).toMatchObject([{kind: 'operation', operation: {job: 'after'}}]);
		const {walk} = onWalk({}, [...moves.do, {type: 'began', at: 'restart', run: 'before'}]).runbook;
		state = {...state, runbook: {...state.runbook, ...(walk && {walk})}};
		await follower()();
		const jobs = (await told()).flatMap(event =>
			event.kind === 'operation' ? [event.operation.job] : [],
		);
		expect(jobs).toEqual(['after', 'before']);
	});

	it.each<[string, {readonly scope?: Scope; readonly heldBy?: string}, boolean]>([
		['its own walk', {}, true],
		['a walk that somebody else has', {heldBy: 'wang'}, false],
		['a walk about another project', {scope: {...appScope, project: 'blog'}}, false],
	])('of %s: %o', async (_, {scope = appScope, ...held}, isTold) => {
		await open();
		const {walk: shown} = onWalk({}, moves.rank, held).runbook;
		const walk = shown && {...shown, walk: walkOf(moves.rank, {scope})};
		state = {...state, runbook: {...state.runbook, ...(walk && {walk})}};
		const follow = follower();
		await follow();
		await follow();
		const kinds = (await told()).map(({kind}) => kind);
		expect(kinds.filter(kind => kind === 'walk-started')).toHaveLength(isTold ? 1 : 0);
		expect(kinds.includes('evidence')).toBe(isTold);
	});

	it('of nothing after it was closed', async () => {
		const id = await open();
		const closing = {cause: 'a lock', done: 'ended it', followUps: []};
		await closeIncident(await place(), id, closing, {operator, nowMs});
		state = {...state, data: {...state.data, alerts: [containerAlert('shop_app_1')]}};
		// The state still knows it as open: the disk counts.
		await follower()();
		expect((await told()).map(({kind}) => kind)).toEqual(['closed']);
		await readAll();
		await follower()();
		expect(written).toBe(0);
	});

	it('unless its folder is gone: that is refused', async () => {
		await open();
		await parts.remove();
		state = {...state, data: {...state.data, alerts: [containerAlert('shop_app_1')]}};
		await expect(follower()()).rejects.toBeInstanceOf(ProblemError);
		await parts.remove();
	});
});
