import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Level} from '../domain/level.ts';
import {isObject, numberOf, textOf} from '../domain/unknown.ts';
import type {StateFolders} from './state-folders.ts';

/** A checklist as it was gone through once. */
export type KeptCheck = {
	readonly id: string;
	readonly atMs: number;
	readonly level: Level;
	readonly figures: Readonly<Record<string, number>>;
};

const levels: readonly Level[] = ['ok', 'unknown', 'warn', 'crit'];

function checkOf(id: string, text: string): KeptCheck | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}

	if (!isObject(value)) return undefined;
	const {figures} = value;
	const atMs = numberOf(value['atMs']);
	const level = levels.find(known => known === textOf(value['level']));
	if (atMs === undefined || level === undefined) return undefined;
	const known = Object.entries(isObject(figures) ? figures : {}).flatMap(([name, figure]) => {
		const known = numberOf(figure);
		return known === undefined ? [] : [[name, known] as const];
	});
	return {id, atMs, level, figures: Object.fromEntries(known)};
}

/** Results of checklists that are kept in `checks/<id>/*.json`, oldest first; none where there is no such folder. */
export async function readCheckResults(
	{root}: Pick<StateFolders, 'root'>,
	{fromMs, untilMs}: {readonly fromMs: number; readonly untilMs: number},
): Promise<readonly KeptCheck[]> {
	const all = join(root, 'checks');
	const ids = (await readdir(all).catch(() => [])).filter(id => /^[\w.-]+$/.test(id));
	const found = await Promise.all(
		ids.map(async id => {
			const names = await readdir(join(all, id)).catch(() => []);
			const files = names.filter(name => name.endsWith('.json'));
			return Promise.all(
				files.map(async name =>
					checkOf(id, await readFile(join(all, id, name), 'utf8').catch(() => '')),
				),
			);
		}),
	);
	return found
		.flat()
		.filter(check => check !== undefined)
		.filter(({atMs}) => atMs >= fromMs && atMs <= untilMs)
		.toSorted((a, b) => a.atMs - b.atMs);
}
