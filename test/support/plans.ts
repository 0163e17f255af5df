import type {Job} from '../../src/domain/job.ts';
import type {Command, Plan} from '../../src/domain/plan.ts';
import type {EnvironmentKind} from '../../src/domain/settings.ts';
import type {Phrase} from '../../src/words/phrases/phrase.ts';
import {nowMs} from './state.ts';

/** A sentence as another version of the program would have it: shown as it is. */
export function phrase(text: string): Phrase {
	return JSON.parse(JSON.stringify({code: text})) as Phrase;
}

const restart: Command = {
	kind: 'engine',
	method: 'POST',
	path: '/containers/0123456789ab/restart?t=30',
	say: 'docker restart --time 30 shop_app_1',
};

/** A plan of any risk in any environment; a destructive one is confirmed by `<environment>/shop`. */
export function planOf(facts: {
	readonly risk: Plan['risk'];
	readonly environment?: EnvironmentKind;
	readonly id?: string;
	readonly operation?: string;
	readonly title?: string;
	readonly confirmName?: string;
}): Plan {
	const {risk, environment = 'test', id = '20261120T120000Z-0a1b2c3d'} = facts;
	const {operation = 'restart-service', title = 'Restart app', confirmName = 'shop'} = facts;
	const step = (name: string, words: string, commands: readonly Command[]) => ({
		id: name,
		title: phrase(words),
		commands,
		deadlineMs: 60_000,
	});
	return {
		version: 1,
		operation,
		id,
		request: {container: 'shop/app/1'},
		title: phrase(title),
		identity: {
			environment: {kind: environment, name: environment},
			hostname: 'web-1',
			machine: '1a2b3c4d',
			project: 'shop',
			folder: '/srv/shop',
			containers: [
				{key: 'shop/app/1', name: 'shop_app_1', id: '0123456789abcdef', imageId: 'sha256:fedcba98'},
			],
		},
		risk,
		...(risk === 'destructive' && {confirm: `${environment}/${confirmName}`}),
		steps: [
			step('check', 'check that everything is still as planned', []),
			{...step('restart', 'restart the container 应用', [restart]), isCommitPoint: true},
			step('healthy', 'wait until it is healthy', []),
		],
		locks: [{resource: 'stack:shop', mode: 'exclusive'}],
		space: [{folder: '/var/backups', neededBytes: 3e9, freeBytes: 40e9}],
		outages: [{what: 'app', expectedMs: 12_000, basis: phrase('last five restarts')}],
		deletes:
			risk === 'destructive'
				? [{name: 'shop_old_20261101', bytes: 1e9, why: phrase('replaced by the backup')}]
				: [],
		warnings: risk === 'safe' ? [] : [phrase('12 sessions are open')],
		undo: phrase('nothing needs to be undone'),
		expectedMs: 12_000,
	};
}

/** A running backup in its second of three steps, with any of its facts replaced. */
export function jobOf(more: Partial<Job> = {}): Job {
	return {
		id: '20261120T115500Z-11112222',
		operation: 'backup-database',
		title: phrase('Back up database shop'),
		target: 'test/db',
		risk: 'safe',
		state: 'running',
		steps: [
			{id: 'check', title: phrase('check that everything is still as planned'), state: 'done'},
			{id: 'restart', title: phrase('dump 数据库'), state: 'running'},
			{id: 'publish', title: phrase('publish it'), state: 'waiting'},
		],
		step: 2,
		stepCount: 3,
		progress: {done: 430e6, total: 1e9, unit: 'bytes'},
		perSecond: 25e6,
		remainingMs: 23_000,
		sinceMs: nowMs - 40_000,
		operator: {user: 'root', userId: 0, login: 'li', ssh: '10.0.0.8'},
		isCancelRequested: false,
		cancelMeans: 'undo',
		notes: [
			{atMs: nowMs - 39_000, kind: 'note', phrase: phrase('snapshot 00000003-1')},
			{atMs: nowMs - 9000, kind: 'warn', phrase: phrase('one table grew 订单 meanwhile')},
		],
		undo: phrase('the old database stays as shop__o_11112222'),
		folder: '/var/lib/opsconsole/ops/20261120T115500Z-11112222',
		...more,
	};
}

/** Past operations with every outcome, and one that was interrupted. */
export function pastJobs(): readonly Job[] {
	const outcomes = [
		'done',
		'warnings',
		'undone',
		'failed',
		'cancelled',
		'manual',
		'refused',
	] as const;
	const {progress: _progress, perSecond: _rate, remainingMs: _left, ...still} = jobOf();
	return [
		{
			...still,
			id: 'cut',
			state: 'unfinished',
			sinceMs: nowMs - 3_600_000,
			title: phrase('Restore shop'),
		},
		...outcomes.map((outcome, index): Job => ({
			...still,
			id: `past-${outcome}`,
			risk: 'destructive',
			isCancelRequested: outcome === 'warnings',
			title: phrase(index % 2 === 0 ? `Restart app ${outcome}` : `恢复数据库 ${outcome}`),
			state: 'ended',
			outcome,
			sinceMs: nowMs - 86_400_000 - index * 600_000,
			endedAtMs: nowMs - 86_400_000 - index * 600_000 + 42_000,
			...(outcome === 'done' || outcome === 'warnings'
				? {result: {backup: '20261119T120000Z-aa', tables: [{name: 'orders', rows: 1200}]}}
				: {
						problem: {code: 'unexpected', params: {what: 'step 2', cause: 'exit 1'}, retry: 'soon'},
					}),
		})),
	];
}
