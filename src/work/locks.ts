import {open, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {spawn} from 'node:child_process';
import {basename, dirname, join} from 'node:path';
import type {Lock} from '../domain/plan.ts';
import {isObject, numberOf, textOf} from '../domain/unknown.ts';
import {sha256} from './canonical.ts';
import {bootId, startTime} from './process-facts.ts';

/** Exit status of `flock` where somebody else has the lock. */
export const busyStatus = 75;

/** The lock file of a resource: readable, and different for every resource. */
export function lockFile(folder: string, resource: string): string {
	const name = resource.replace(/[^\w.-]+/g, '_').slice(0, 80);
	return join(folder, `${name}-${sha256(resource).slice(0, 8)}.lock`);
}

/** Locks in the one order in which everybody takes them; a resource that is wanted twice is taken once, exclusively. */
export function sortedLocks(locks: readonly Lock[]): readonly Lock[] {
	const byResource = new Map<string, Lock>();
	for (const lock of locks) {
		const before = byResource.get(lock.resource);
		if (before?.mode !== 'exclusive') byResource.set(lock.resource, lock);
	}

	return [...byResource.values()].toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
}

/** The command under all its locks: `flock -n -E 75 [-s] FILE flock … COMMAND`. The kernel frees them when it ends. */
export function lockedArgv(
	locks: readonly Lock[],
	folder: string,
	argv: readonly string[],
): readonly string[] {
	return [
		...sortedLocks(locks).flatMap(({resource, mode}) => [
			...['flock', '-n', '-E', String(busyStatus)],
			...(mode === 'shared' ? ['-s'] : []),
			lockFile(folder, resource),
		]),
		...argv,
	];
}

/**
 * Whether somebody has this lock file locked. Looking leaves nothing behind: a file that is not there is not made, and
 * the lock is only tried for sharing, so that two who look at the same moment do not take each other for a holder.
 */
export async function isLocked(file: string): Promise<boolean> {
	const handle = await open(file, 'r').catch(() => undefined);
	if (handle === undefined) return false;
	try {
		return await new Promise((resolve, reject) => {
			const child = spawn('flock', ['-s', '-n', '-E', String(busyStatus), '3'], {
				stdio: ['ignore', 'ignore', 'ignore', handle.fd],
			});
			child.on('error', reject);
			child.on('exit', code => resolve(code === busyStatus));
		});
	} finally {
		await handle.close();
	}
}

/** What a holder wrote beside its lock. Only information: the lock itself is what counts. */
export type Holder = {
	/** Id of the run. */
	readonly id: string;
	readonly pid: number;
	readonly start: string;
	readonly boot: string;
};

function holderFile(file: string, id: string): string {
	return `${file}.${id}.json`;
}

/** Writes beside each lock who has it. Failing to do so is no reason not to work. */
export async function sayHolder(
	locks: readonly Lock[],
	folder: string,
	id: string,
): Promise<() => Promise<void>> {
	const files = sortedLocks(locks).map(({resource}) => holderFile(lockFile(folder, resource), id));
	const {pid} = process;
	const holder: Holder = {
		id,
		pid,
		start: (await startTime(pid)) ?? '',
		boot: await bootId(),
	};
	const write = (file: string) => writeFile(file, JSON.stringify(holder), {mode: 0o600});
	await Promise.allSettled(files.map(write));
	return async () => {
		await Promise.allSettled(files.map(file => rm(file, {force: true})));
	};
}

function parseHolder(text: string): Holder | undefined {
	try {
		const value: unknown = JSON.parse(text);
		const pid = isObject(value) ? numberOf(value['pid']) : undefined;
		if (!isObject(value) || pid === undefined) return undefined;
		const {id, start, boot} = value;
		return {id: textOf(id), pid, start: textOf(start), boot: textOf(boot)};
	} catch {
		return undefined;
	}
}

/** Who has one of these locks, as far as a living process says so; the texts of dead ones are not believed. */
export async function whoHolds(
	locks: readonly Lock[],
	folder: string,
): Promise<Holder | undefined> {
	const boot = await bootId();
	for (const {resource} of sortedLocks(locks)) {
		const file = lockFile(folder, resource);
		const names = await readdir(dirname(file)).catch(() => []);
		const own = names.filter(name => name.startsWith(`${basename(file)}.`));
		for (const name of own) {
			const text = await readFile(join(folder, name), 'utf8').catch(() => '');
			const holder = parseHolder(text);
			if (holder?.boot === boot && (await startTime(holder.pid)) === holder.start) return holder;
		}
	}

	return undefined;
}
