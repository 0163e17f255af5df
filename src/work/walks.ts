import {mkdir, open, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {isObject, numberOf, textOf} from '../domain/unknown.ts';
import {isOver, replay, type Walk, type WalkEvent} from '../runbooks/walk.ts';
import type {Runbook, Wizard} from '../runbooks/runbook.ts';
import {nameIn, type Scope} from '../runbooks/scope.ts';
import {withFileLock} from './file-lock.ts';
import {bootId, startTime} from './process-facts.ts';

const eventsFile = 'walk.jsonl';
const holderFile = 'holder.json';
const overFile = 'over';

/** Ids are made by us and become names of folders. */
const idPattern = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/** Most walks that are read for the list, the newest. */
const maxListed = 200;

/** How many of them are looked at when the console starts. */
const maxHinted = 50;

/** Who has a walk open now, on which process. */
export type WalkHolder = {readonly by: string; readonly pid: number; readonly sinceMs: number};

/** A walk on the disk. */
export type KeptWalk = {
	readonly id: string;
	readonly folder: string;
	readonly events: readonly WalkEvent[];
};

/** The folder of all walks: beside the runs of operations. */
export function walksFolder(root: string): string {
	return join(root, 'walks');
}

function isEvent(value: unknown): value is WalkEvent {
	return isObject(value) && typeof value['type'] === 'string' && typeof value['atMs'] === 'number';
}

/** Whole lines only: one that a crash tore off was never acted on. */
function eventsIn(text: string): readonly WalkEvent[] {
	const lines = text.split('\n').slice(0, -1);
	return lines.flatMap(line => {
		try {
			const value: unknown = JSON.parse(line);
			return isEvent(value) ? [value] : [];
		} catch {
			return [];
		}
	});
}

/** Reads one walk; undefined where there is none of this id. */
export async function readWalk(root: string, id: string): Promise<KeptWalk | undefined> {
	if (!idPattern.test(id)) return undefined;
	const folder = join(walksFolder(root), id);
	const text = await readFile(join(folder, eventsFile), 'utf8').catch(() => undefined);
	return text === undefined ? undefined : {id, folder, events: eventsIn(text)};
}

/** The walks that are kept, the newest first. */
export async function listWalks(root: string): Promise<readonly KeptWalk[]> {
	const names = await readdir(walksFolder(root)).catch(() => []);
	const ids = names
		.filter(name => idPattern.test(name))
		.toSorted()
		.toReversed()
		.slice(0, maxListed);
	const read = await Promise.all(ids.map(async id => readWalk(root, id)));
	return read.filter(walk => walk !== undefined);
}

/**
 * Notes that a walk is over, or no longer: so that the start of the console need not read every wizard to know that no
 * walk waits. Only a hint: where it is missing, the events tell.
 */
export async function noteOver(folder: string, isOver: boolean): Promise<void> {
	const path = join(folder, overFile);
	await (isOver ? writeFile(path, '', {mode: 0o600}) : rm(path, {force: true})).catch(
		() => undefined,
	);
}

/** Whether one of the newest walks may not be over. */
export async function mayHaveWaiting(root: string): Promise<boolean> {
	const folder = walksFolder(root);
	const names = await readdir(folder).catch(() => []);
	const newest = names
		.filter(name => idPattern.test(name))
		.toSorted()
		.slice(-maxHinted);
	const waits = await Promise.all(
		newest.map(async name => {
			const inside: readonly string[] = await readdir(join(folder, name)).catch(() => []);
			return inside.includes(eventsFile) && !inside.includes(overFile);
		}),
	);
	return waits.includes(true);
}

/** Adds an event; it is on the disk when this resolves. A torn last line is ended first, so that it spoils no other. */
export async function appendWalk(folder: string, event: WalkEvent): Promise<void> {
	const file = await open(join(folder, eventsFile), 'a+', 0o600);
	try {
		const {size} = await file.stat();
		const {buffer, bytesRead} = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
		const isTorn = size > 0 && bytesRead === 1 && buffer[0] !== 10;
		await file.appendFile(`${isTorn ? '\n' : ''}${JSON.stringify(event)}\n`);
		await file.datasync();
	} finally {
		await file.close();
	}
}

/** Who has a walk open: a process that lives. Undefined where nobody has. */
export async function holderOf(folder: string): Promise<WalkHolder | undefined> {
	try {
		const value: unknown = JSON.parse(await readFile(join(folder, holderFile), 'utf8'));
		if (!isObject(value)) return undefined;
		const pid = numberOf(value['pid']) ?? 0;
		const isAlive =
			textOf(value['boot']) === (await bootId()) &&
			(await startTime(pid)) === textOf(value['start']);
		if (!isAlive) return undefined;
		return {by: textOf(value['by']), pid, sinceMs: numberOf(value['sinceMs']) ?? 0};
	} catch {
		return undefined;
	}
}

/** Whether this process has a walk: after somebody took it over, nothing of this process may be written into it. */
export async function isHeldHere(folder: string): Promise<boolean> {
	return (await holderOf(folder))?.pid === process.pid;
}

/**
 * What became of the wish to have a walk: it is ours, or somebody else has it open. `olderAtMs`: an older one about the same
 * thing is open too and was not gone on with; then something happened in it last.
 */
export type Taken =
	| {
			readonly kept: KeptWalk;
			readonly release: () => Promise<void>;
			readonly olderAtMs?: number;
	  }
	| {readonly heldBy: WalkHolder; readonly kept: KeptWalk};

async function hold(folder: string, by: string, nowMs: number): Promise<() => Promise<void>> {
	const {pid} = process;
	const holder = {
		by,
		pid,
		sinceMs: nowMs,
		start: (await startTime(pid)) ?? '',
		boot: await bootId(),
	};
	const path = join(folder, holderFile);
	await writeFile(path, JSON.stringify(holder), {mode: 0o600});
	return async () => {
		const now = await holderOf(folder);
		if (now?.pid === pid) await rm(path, {force: true});
	};
}

/** The walks about the same thing that nobody left for good, the newest first. */
async function walksAbout(
	root: string,
	runbook: Pick<Runbook, 'id' | 'on'>,
	scope: Scope,
): Promise<readonly KeptWalk[]> {
	const walks = await listWalks(root);
	const servers = runbook.on === 'host' ? (['postgres', 'redis'] as const) : [];
	return walks.filter(({events}) => {
		const [first] = events;
		if (first?.type !== 'started' || first.runbook !== runbook.id) return false;
		const isSame =
			nameIn(first.scope, runbook.on) === nameIn(scope, runbook.on) &&
			first.scope.project === scope.project &&
			// Of the host, another server is another matter; who names none takes what there is.
			servers.every(kind => scope[kind] === undefined || scope[kind] === first.scope[kind]);
		const isEnded = events.some(({type}) => type === 'abandoned');
		return isSame && !isEnded;
	});
}

/** How to begin a walk. */
export type NewWalk = {
	readonly id: string;
	readonly wizard: Wizard;
	readonly scope: Scope;
	readonly by: string;
	readonly nowMs: number;
	/** An open walk in which nothing happened for longer is not gone on with; absent: however old it is. */
	readonly freshMs?: number;
};

/** When something was seen or done in a walk last: leaving it and taking it up again show nothing new. */
export function lastDoneMs({events}: Pick<KeptWalk, 'events'>): number {
	const done = events.findLast(({type}) => type !== 'paused' && type !== 'resumed');
	return done?.atMs ?? 0;
}

/** The open walk that is gone on with: one that somebody has open, else the newest, unless it is too old. */
async function walkBefore(
	root: string,
	{wizard, scope, nowMs, freshMs}: NewWalk,
): Promise<{readonly goesOn?: KeptWalk; readonly olderAtMs?: number}> {
	const about = await walksAbout(root, wizard, scope);
	const open = (freshMs === undefined ? about.slice(0, 1) : about).filter(({events}) => {
		const walk = replay(wizard, events);
		return walk !== undefined && !isOver(walk);
	});
	const [newest] = open;
	if (newest === undefined) return {};
	if (freshMs === undefined) return {goesOn: newest};
	for (const kept of open) {
		const holder = await holderOf(kept.folder);
		if (holder && holder.pid !== process.pid) return {goesOn: kept};
	}

	const lastMs = lastDoneMs(newest);
	return nowMs - lastMs <= freshMs ? {goesOn: newest} : {olderAtMs: lastMs};
}

/**
 * Begins a walk, unless one about the same thing is open and fresh enough, or somebody has it open: then that one is given,
 * and whether somebody has it. So two people never walk the same unknowingly.
 */
export async function beginWalk(root: string, begun: NewWalk): Promise<Taken> {
	const {id, wizard, scope, by, nowMs} = begun;
	const folder = walksFolder(root);
	await mkdir(folder, {recursive: true, mode: 0o700});
	return withFileLock(join(folder, '.begin'), async () => {
		const {goesOn, olderAtMs} = await walkBefore(root, begun);
		if (goesOn) return takeKept(goesOn, by, nowMs);
		const own = join(folder, id);
		await mkdir(own, {mode: 0o700});
		const {id: runbook, sha256} = wizard;
		const started: WalkEvent = {type: 'started', atMs: nowMs, id, runbook, sha256, scope, by};
		await appendWalk(own, started);
		const release = await hold(own, by, nowMs);
		const kept = {id, folder: own, events: [started]};
		return {kept, release, ...(olderAtMs !== undefined && {olderAtMs})};
	});
}

async function takeKept(kept: KeptWalk, by: string, nowMs: number): Promise<Taken> {
	const heldBy = await holderOf(kept.folder);
	if (heldBy && heldBy.pid !== process.pid) return {heldBy, kept};
	const resumed: WalkEvent = {type: 'resumed', atMs: nowMs, by};
	await appendWalk(kept.folder, resumed);
	const events = [...kept.events, resumed];
	return {kept: {...kept, events}, release: await hold(kept.folder, by, nowMs)};
}

/** Takes up a walk that is kept; `isForced` takes it from somebody who has it open, who then only looks on. */
export async function resumeWalk(
	root: string,
	id: string,
	{by, nowMs, isForced = false}: {by: string; nowMs: number; isForced?: boolean},
): Promise<Taken | undefined> {
	return withFileLock(join(walksFolder(root), '.begin'), async () => {
		const kept = await readWalk(root, id);
		if (!kept) return undefined;
		if (isForced) await rm(join(kept.folder, holderFile), {force: true});
		return takeKept(kept, by, nowMs);
	});
}

/** A walk as it stands, where its runbook is still known. */
export function walkOf(
	kept: KeptWalk,
	runbooks: Readonly<Record<string, Runbook>>,
): {readonly wizard: Wizard; readonly walk: Walk} | undefined {
	const [first] = kept.events;
	if (first?.type !== 'started' || !Object.hasOwn(runbooks, first.runbook)) return undefined;
	const wizard = runbooks[first.runbook];
	if (wizard?.kind !== 'wizard') return undefined;
	try {
		const walk = replay(wizard, kept.events);
		return walk && {wizard, walk};
	} catch {
		// A runbook that was changed meanwhile may lack the node that the walk stands at.
		return undefined;
	}
}
