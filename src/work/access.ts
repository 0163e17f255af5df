import {readFile} from 'node:fs/promises';
import process from 'node:process';
import type {Problem} from '../domain/problem.ts';
import type {Settings} from '../domain/settings.ts';

/** Who asks: the effective user and the names of its groups. */
export type Asking = {readonly userId: number; readonly groups: readonly string[]};

/** The user of this process with its groups, by the names of /etc/group. */
export async function whoAsks(): Promise<Asking> {
	const text = await readFile('/etc/group', 'utf8').catch(() => '');
	const names = new Map(
		text.split('\n').map(line => {
			const [name = '', , id = ''] = line.split(':');
			return [id, name];
		}),
	);
	const ids = [process.getegid?.() ?? -1, ...(process.getgroups?.() ?? [])];
	return {
		userId: process.geteuid?.() ?? -1,
		groups: [...new Set(ids)].map(id => names.get(String(id)) ?? String(id)),
	};
}

/** Problems of the configuration that make the console read-only: others could have written it. */
const unsafe: readonly Problem['code'][] = [
	'config-writable-by-others',
	'config-foreign-file',
	'config-secret-readable',
];

/** Why this user may change nothing with these settings; undefined where it may. */
export function refusalFor(settings: Settings, {userId, groups}: Asking): Problem | undefined {
	if (settings.isReadOnly) {
		return (
			settings.problems.find(({code}) => unsafe.includes(code)) ?? {
				code: 'road-read-only',
				params: {},
				retry: 'rarely',
			}
		);
	}

	if (userId === 0) return undefined;
	const {operators, viewers = []} = settings.access ?? {};
	const isIn = (list: readonly string[]) => groups.some(group => list.includes(group));
	const isOperator = operators === undefined ? !isIn(viewers) : isIn(operators);
	if (isOperator) return undefined;
	const wanted = (operators ?? []).join(', ');
	return {
		code: 'road-viewer',
		params: {groups: groups.join(', '), wanted: wanted === '' ? '—' : wanted},
		retry: 'rarely',
	};
}

/** Why this process may change nothing with these settings; undefined where it may. */
export async function refusalOf(settings: Settings): Promise<Problem | undefined> {
	return refusalFor(settings, await whoAsks());
}
