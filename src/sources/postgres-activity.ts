import {blockingTree} from '../domain/blocking.ts';
import {postgresRates, type PostgresCounters} from '../domain/postgres-rates.ts';
import type {PostgresActivity, Session} from '../domain/postgres.ts';
import type {PostgresTarget} from '../domain/targets.ts';
import {activitySql} from './postgres/activity-sql.ts';
import {fieldsOf, listOf, numberOf, optional, textOf, type Fields} from './postgres/json.ts';
import {meantError} from './postgres/restoring.ts';
import {sessionOf, type SeenSession} from './postgres/sessions.ts';
import type {PolledSource} from './source.ts';

function longestFirst(by: (session: Session) => number | undefined) {
	return (a: Session, b: Session) => (by(b) ?? 0) - (by(a) ?? 0) || a.pid - b.pid;
}

function connectionsOf(fields: Fields): PostgresActivity['connections'] {
	const byState = Object.fromEntries(
		Object.entries(fieldsOf(fields['states'])).map(([state, count]) => [
			textOf(state),
			numberOf(count),
		]),
	);
	const used = Object.values(byState).reduce((sum, count) => sum + count, 0);
	const usable = numberOf(fields['usable']);
	return {
		used,
		usable,
		max: numberOf(fields['max']),
		usedPercent: usable > 0 ? (100 * used) / usable : 100,
		byState,
		byDatabase: listOf(fields['databases']).map(row => ({
			database: textOf(row['database']),
			count: numberOf(row['count']),
		})),
	};
}

function blockingOf(fields: Fields, seen: readonly SeenSession[]) {
	const sessions = new Map(seen.map(one => [one.session.pid, one.session]));
	const waiting = listOf(fields['waiting']).flatMap(row => {
		const session = sessions.get(numberOf(row['pid']));
		const blockers = Array.isArray(row['blockers']) ? row['blockers'].map(numberOf) : [];
		return session ? [{session, blockers}] : [];
	});
	return {waiting: waiting.length, blocking: blockingTree(waiting, [...sessions.values()])};
}

function sessionsOf(seen: readonly SeenSession[]) {
	const clients = seen.filter(one => one.isClient).map(one => one.session);
	const active = clients
		.filter(session => session.querySeconds !== undefined)
		.sort(longestFirst(session => session.querySeconds))
		.slice(0, 50);
	const [longestTransaction] = clients
		.filter(session => session.transactionSeconds !== undefined)
		.sort(longestFirst(session => session.transactionSeconds));
	return {
		active,
		idleInTransaction: clients
			.filter(session => session.state.startsWith('idle in transaction'))
			.sort(longestFirst(session => session.transactionSeconds)),
		...optional('longestQuery', active[0]),
		...optional('longestTransaction', longestTransaction),
	};
}

function countersOf(fields: Fields, atMs: number): PostgresCounters {
	const totals = fieldsOf(fields['totals']);
	return {
		atMs,
		commits: numberOf(totals['commits']),
		rollbacks: numberOf(totals['rollbacks']),
		hits: numberOf(totals['hits']),
		reads: numberOf(totals['reads']),
		deadlocks: numberOf(totals['deadlocks']),
	};
}

/**
 * What happens in a PostgreSQL server now, in one statement. Own sessions count as connections (as idle, which they
 * are whenever somebody else looks) but never as longest or active ones. Rates come from the sample before, by the
 * monotonic clock. See `activitySql` for where each figure comes from.
 */
export const postgresActivity: PolledSource<'postgres.activity', PostgresTarget> = {
	id: 'postgres.activity',
	kind: 'polled',
	everyMs: 2000,
	timeoutMs: 3000,
	open(io, target) {
		let before: PostgresCounters | undefined;
		let deadlocksSeen = 0;
		return {
			async read(signal) {
				const [row] = await io
					.postgres(target)
					.query(activitySql, [], signal)
					.catch(async (error: unknown) => {
						throw await meantError(io, target, error);
					});
				const fields = fieldsOf(row?.['value']);
				const counters = countersOf(fields, io.clock.monotonic());
				const {newDeadlocks, ...rates} = postgresRates(before, counters);
				before = counters;
				deadlocksSeen += newDeadlocks;
				const totals = fieldsOf(fields['totals']);
				const seen = listOf(fields['sessions']).map(sessionOf);
				return {
					// `15.18 (Debian 15.18-0+deb12u1)`: the package adds its own name.
					version: textOf(fields['version']).split(' ')[0] ?? '',
					versionNumber: numberOf(fields['versionNumber']),
					role: fields['isStandby'] === true ? 'standby' : 'primary',
					startedAtMs: numberOf(fields['startedSeconds']) * 1000,
					database: textOf(fields['database']),
					connections: connectionsOf(fields),
					...blockingOf(fields, seen),
					...sessionsOf(seen),
					...rates,
					deadlocks: counters.deadlocks,
					deadlocksSeen,
					tempBytes: numberOf(totals['tempBytes']),
					tempFiles: numberOf(totals['tempFiles']),
					checksumFailures: numberOf(totals['checksumFailures']),
					seesAllSessions: fields['seesAllSessions'] === true,
				};
			},
		};
	},
};
