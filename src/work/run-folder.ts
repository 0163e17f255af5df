import {mkdir, open, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {clean} from '../domain/clean.ts';
import type {Operator} from '../domain/operator.ts';
import type {Plan} from '../domain/plan.ts';
import {isRunId} from '../domain/run-id.ts';
import {ProblemError} from '../domain/problem.ts';
import {isObject, numberOf, textOf} from '../domain/unknown.ts';
import {canonical, sha256} from './canonical.ts';

/** Who said yes to which plan, and when. */
export type Confirmation = {
	readonly operator: Operator;
	/** What was typed, where the plan asked for it. */
	readonly typed?: string;
	/** Wall time in ms. */
	readonly atMs: number;
};

/** The confirmation as it lies beside the plan. */
export type StoredConfirmation = Confirmation & {readonly planSha256: string};

/** Names of the files in a run's folder. */
export const runFiles = {
	plan: 'plan.json',
	confirm: 'confirm.json',
	journal: 'journal.jsonl',
	cancel: 'cancel',
	/** How telling people of the end went. */
	notices: 'notices.jsonl',
	/** Locked by the worker as long as it lives. */
	alive: 'alive.lock',
	stdout: 'stdout.log',
	stderr: 'stderr.log',
} as const;

/** The text of a plan as it is stored, confirmed and hashed. */
export function planText(plan: Plan): string {
	return `${canonical(plan)}\n`;
}

async function writeNew(path: string, text: string): Promise<void> {
	const file = await open(path, 'wx', 0o600);
	try {
		await file.writeFile(text);
		await file.sync();
	} finally {
		await file.close();
	}
}

/** Lays down a confirmed plan for its worker; gives the folder. Rejects with Node's error. */
export async function writeRunFolder(
	runs: string,
	plan: Plan,
	confirmation: Confirmation,
): Promise<string> {
	const folder = join(runs, plan.id);
	const text = planText(plan);
	await mkdir(folder, {mode: 0o700});
	await writeNew(join(folder, runFiles.plan), text);
	const stored: StoredConfirmation = {...confirmation, planSha256: sha256(text)};
	await writeNew(join(folder, runFiles.confirm), `${JSON.stringify(stored)}\n`);
	await (await open(folder, 'r')).close();
	return folder;
}

function unreadable(folder: string, error: unknown): ProblemError {
	const cause = clean(error instanceof Error ? error.message : String(error), 200);
	const params = {folder: clean(folder), cause};
	return new ProblemError({code: 'plan-unreadable', params, retry: 'rarely'});
}

/** Reads a plan and its hash. Only its outline is checked: what it may do is decided by its confirmation. */
export async function readPlan(
	folder: string,
): Promise<{readonly plan: Plan; readonly planSha256: string}> {
	try {
		const text = await readFile(join(folder, runFiles.plan), 'utf8');
		const value: unknown = JSON.parse(text);
		const isPlan =
			isObject(value) &&
			value['version'] === 1 &&
			isRunId(textOf(value['id'])) &&
			typeof value['operation'] === 'string' &&
			isObject(value['identity']) &&
			Array.isArray(value['steps']) &&
			Array.isArray(value['locks']);
		if (!isPlan) throw new Error('it is no plan of this version');
		return {plan: value as unknown as Plan, planSha256: sha256(text)};
	} catch (error) {
		throw unreadable(folder, error);
	}
}

/** Reads who confirmed a plan. */
export async function readConfirmation(folder: string): Promise<StoredConfirmation> {
	try {
		const value: unknown = JSON.parse(await readFile(join(folder, runFiles.confirm), 'utf8'));
		const atMs = isObject(value) ? numberOf(value['atMs']) : undefined;
		if (!isObject(value) || atMs === undefined || !isObject(value['operator'])) {
			throw new Error('it is no confirmation');
		}

		const {operator, typed} = value;
		return {
			atMs,
			planSha256: textOf(value['planSha256']),
			operator: {
				...operator,
				user: textOf(operator['user']),
				userId: numberOf(operator['userId']) ?? -1,
			},
			...(typeof typed === 'string' && {typed}),
		};
	} catch (error) {
		throw unreadable(folder, error);
	}
}

/** What a plan is done to, in one word: `prod/shop`. */
export function targetOf({identity, confirm}: Plan): string {
	if (confirm !== undefined) return clean(confirm, 200);
	const {environment, project, postgres, containers = []} = identity;
	const name = postgres?.database ?? containers[0]?.name ?? project ?? identity.hostname;
	return clean(`${environment.name}/${name}`, 200);
}
