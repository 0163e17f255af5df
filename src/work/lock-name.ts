import {hostname} from 'node:os';
import {clean} from '../domain/clean.ts';
import {ProblemError} from '../domain/problem.ts';

/** What a session that holds a lock in a server is called there: by it others learn who is at it. */
export type LockName = {readonly id: string; readonly owner: string};

/** Longest name that PostgreSQL keeps is 63 bytes, of which `opsc:` and the id take 40. */
const maxOwner = 22;

/** The name of such a session behind `opsc:`. It differs from those of the run's other sessions, which recovery ends. */
export function lockSession({id, owner}: LockName): string {
	const person = owner.split('@', 1)[0] ?? '';
	const who = `${person}@${hostname()}`.replace(/[^\w.@-]/g, '_').slice(0, maxOwner);
	return `lock:${id}:${who}`;
}

/** The refusal that a session of another worker leads to; `place` is the address that the server sees it at. */
export function busyInServer(
	name: string,
	{place, since}: {readonly place: string; readonly since: string},
): ProblemError {
	const [, id = name, owner = '?', host] =
		/^(?:opsc:)?lock:([^:]+)(?::([^@]*)@(.*))?$/.exec(name) ?? [];
	return new ProblemError({
		code: 'road-busy',
		params: {
			who: clean(owner, 60) || '?',
			host: clean(host ? `${host} (${place})` : place, 100),
			operation: '?',
			since: clean(since, 60),
			progress: '?',
			id: clean(id, 60),
		},
		retry: 'soon',
	});
}
