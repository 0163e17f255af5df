import type {PostgresTarget} from '../../domain/targets.ts';
import {fileNameOf} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import {ProblemError} from '../../domain/problem.ts';
import {isObject} from '../../domain/unknown.ts';
import type {Look} from '../operation.ts';

/** Which database to back up: a target's id, and a database of that server; both may be left out where they are clear. */
export type BackupRequest = {
	readonly target?: string;
	readonly database?: string;
	/** Made before something is changed; kept at least 14 days. */
	readonly isSafety?: boolean;
	readonly note?: string;
};

/** Checks a request from outside; rejects with a ProblemError. */
export function parseBackupRequest(request: unknown): BackupRequest {
	const value = isObject(request) ? request : {};
	const text = (name: string) => {
		const item = value[name];
		if (item === undefined || (typeof item === 'string' && item !== '' && item.length <= 500)) {
			return item;
		}

		throw new ProblemError({
			code: 'dump-no-database',
			params: {name: clean(JSON.stringify(item), 60), known: ''},
			retry: 'rarely',
		});
	};
	const [target, database, note] = [text('target'), text('database'), text('note')];
	return {
		...(target !== undefined && {target}),
		...(database !== undefined && {database}),
		...(value['isSafety'] === true && {isSafety: true}),
		...(note !== undefined && {note: clean(note, 500)}),
	};
}

/** The server and database of a request. A lone name may be a target's id, its database, or a database of the only server. */
export function chooseDatabase(
	{targets}: Pick<Look, 'targets'>,
	{target, database}: BackupRequest,
): PostgresTarget {
	const all = targets.postgres;
	const byId = all.filter(({id}) => id === (target ?? database));
	const byName = all.filter(item => item.database === database);
	const [chosen, ...others] =
		target !== undefined
			? byId
			: database === undefined
				? all
				: byId.length > 0
					? byId
					: byName.length > 0
						? byName
						: all;
	if (chosen === undefined || others.length > 0) {
		const known = all.map(item => `${item.id} (${item.database})`).join(', ');
		throw new ProblemError({
			code: 'dump-no-database',
			params: {name: clean(target ?? database ?? '', 100), known: clean(known, 500)},
			retry: 'rarely',
		});
	}

	const isOwnName = database === undefined || (target === undefined && chosen.id === database);
	return isOwnName ? chosen : {...chosen, database};
}

/** The series of a database's backups; with the server's id where there are several servers. */
export function seriesOfDatabase(
	{targets}: Pick<Look, 'targets'>,
	{id, database}: Pick<PostgresTarget, 'id' | 'database'>,
): string {
	const server = targets.postgres.length > 1 ? `@${fileNameOf(id)}` : '';
	return `pg-${fileNameOf(database)}${server}`.slice(0, 200);
}
