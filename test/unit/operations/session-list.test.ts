import {describe, expect, it} from 'vitest';
import {chooseSessions, type Session} from '../../../src/operations/postgres/session-list.ts';

function session(pid: number, more: Partial<Session> = {}): Session {
	return {
		pid,
		startedAt: '',
		changedAt: '',
		user: 'app',
		database: 'shop',
		application: 'web',
		client: 'local',
		state: 'idle',
		stateSeconds: 600,
		query: '',
		isSuperuser: false,
		isOwn: false,
		kind: 'client backend',
		...more,
	};
}

const all = [
	session(1),
	session(2, {state: 'idle in transaction'}),
	session(3, {state: 'active'}),
	session(4, {isSuperuser: true}),
	session(5, {isOwn: true}),
	session(6, {kind: 'walsender'}),
	session(7, {stateSeconds: 5}),
	session(8, {state: 'idle in transaction (aborted)'}),
	session(9, {database: 'other', user: 'report'}),
];
const pids = (filter: Partial<Parameters<typeof chooseSessions>[1]>) =>
	chooseSessions(all, {pids: [], withSuperusers: false, ...filter}).map(({pid}) => pid);

describe('the choice of sessions', () => {
	it('takes none without a condition', () => {
		expect(pids({})).toEqual([]);
	});

	it('takes those that have been idle so long, and never own ones, replication or superusers', () => {
		expect(pids({idleMinutes: 5})).toEqual([1, 9]);
		expect(pids({idleInTransactionMinutes: 5})).toEqual([2, 8]);
		expect(pids({idleMinutes: 5, idleInTransactionMinutes: 5, database: 'shop'})).toEqual([
			1, 2, 8,
		]);
		expect(pids({pids: [4, 5, 6, 7]})).toEqual([7]);
		expect(pids({pids: [4, 5, 6], withSuperusers: true})).toEqual([4]);
		expect(pids({user: 'report'})).toEqual([9]);
	});
});
