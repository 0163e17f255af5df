import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {appendFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {runState, type End} from '../domain/journal.ts';
import {eventOf} from '../domain/notice.ts';
import {isRunId} from '../domain/run-id.ts';
import type {Settings} from '../domain/settings.ts';
import {readJournalFile} from './journal-file.ts';
import {isLocked} from './locks.ts';
import {tellEnd, type Sending} from './notify.ts';
import {readPlan, runFiles} from './run-folder.ts';
import {scopedArgv, type Launch} from './start.ts';

/** A worker has little to do after it asked for its notice, in ms. */
const goneWithinMs = 60_000;
const goneEveryMs = 100;

/**
 * Starts the process that tells how a run ended, where anybody wants to know. It is started before the end is written, so
 * that a worker that dies there has not kept it from being told; it waits until the locks are free. A dead webhook
 * thus holds nobody up.
 */
export function startNotifier(
	folder: string,
	end: End,
	facts: {readonly id: string; readonly settings: Settings; readonly launch: Launch},
): void {
	const {id, settings, launch} = facts;
	const event = eventOf(end.outcome);
	const isWanted = (settings.notifications ?? []).some(({events}) => events.includes(event));
	if (!isWanted) return;
	const [program = '', ...args] = scopedArgv(
		[...launch.program, '_notify', folder, ...launch.options],
		{
			id: `${id}-notice`,
			userId: process.getuid?.() ?? -1,
			hasSystemd: existsSync('/run/systemd/system'),
		},
	);
	const child = spawn(program, args, {detached: true, stdio: 'ignore'});
	// Nobody is left to hear it, and the operation itself is done.
	child.on('error', () => undefined);
	child.unref();
}

/**
 * The whole life of that process: waits until the worker is gone and its locks are free, tells, and writes beside the
 * journal how that went. A run without an end is left to its recovery.
 */
export async function runNotifier(facts: {
	readonly folder: string;
	readonly runs: string;
	readonly settings: Settings;
	readonly act: Sending;
	readonly now: () => number;
}): Promise<void> {
	const {folder, runs, settings, act, now} = facts;
	const {plan} = await readPlan(folder);
	if (!isRunId(plan.id) || folder !== join(runs, plan.id)) return;
	const end = performance.now() + goneWithinMs;
	while (performance.now() < end && (await isLocked(join(folder, runFiles.alive)))) {
		await pause(goneEveryMs);
	}

	const {lines} = await readJournalFile(join(folder, runFiles.journal));
	const {end: ended} = runState(lines);
	if (ended === undefined) return;
	const told = await tellEnd(plan, ended, {settings, act});
	const notes = told.map(one => JSON.stringify({atMs: now(), ...one}));
	const text = notes.map(line => `${line}\n`).join('');
	await appendFile(join(folder, runFiles.notices), text, {mode: 0o600});
}
