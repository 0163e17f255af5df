import {type FSWatcher, watch} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import type {Job} from '../domain/job.ts';
import {listJobs, readJob} from './jobs.ts';
import {isRunId} from '../domain/run-id.ts';

/** Changes that come together are read together, after this time in ms. */
const gatherMs = 30;

/** How often it is looked without being told: a worker that was killed writes nothing. In ms. */
const openEveryMs = 1000;
const idleEveryMs = 5000;

/** After its end it may still be written down who was told, in ms. */
const toldWithinMs = 60_000;

/** Follows all runs; `now` looks at once. */
export type JobWatch = {now(): void; stop(): void};

/**
 * Emits all operations of a state folder, at once and then whenever a journal changed (within about 50 ms), a run was
 * added or its worker ended. Only reads; a folder that does not exist yet has no runs. Never rejects.
 */
export function watchJobs(runs: string, emit: (jobs: readonly Job[]) => void): JobWatch {
	const jobs = new Map<string, Job>();
	const watchers = new Map<string, FSWatcher>();
	const end = new AbortController();
	let wake = Promise.withResolvers<undefined>();
	let said = '';

	const now = () => wake.resolve(undefined);

	/** Tells of changes in a folder; where that cannot be had, looking now and then has to do. */
	function watchFolder(folder: string): void {
		if (watchers.has(folder)) return;
		try {
			const watcher = watch(folder, {persistent: false}, now);
			watcher.on('error', () => unwatch(folder));
			watchers.set(folder, watcher);
		} catch {
			// Not there yet, or too many watches on this machine.
		}
	}

	function unwatch(folder: string): void {
		watchers.get(folder)?.close();
		watchers.delete(folder);
	}

	/** Reads what is new and what is not over; what has ended does not change any more. */
	async function read(): Promise<void> {
		watchFolder(runs);
		const names = (await readdir(runs).catch(() => [])).filter(isRunId);
		for (const id of jobs.keys()) if (!names.includes(id)) jobs.delete(id);
		const isChanging = (job: Job | undefined) =>
			job?.state !== 'ended' || Date.now() - (job.endedAtMs ?? 0) < toldWithinMs;
		const changing = names.filter(id => isChanging(jobs.get(id)));
		const readings = await Promise.all(
			changing.map(id => {
				watchFolder(join(runs, id));
				return readJob(join(runs, id)).catch(() => undefined);
			}),
		);
		for (const job of readings) {
			if (!job) continue;
			jobs.set(job.id, job);
			if (job.state === 'ended') unwatch(join(runs, job.id));
		}
	}

	function say(): void {
		const all = [...jobs.values()].toSorted((a, b) => b.sinceMs - a.sinceMs);
		const text = JSON.stringify(
			all.map(job => (job.state === 'ended' ? `${job.id} ${job.notes.length}` : job)),
		);
		if (text === said) return;
		said = text;
		emit(all);
	}

	async function follow(): Promise<void> {
		for (const job of await listJobs(runs).catch(() => [])) jobs.set(job.id, job);
		for (;;) {
			await read();
			if (end.signal.aborted) return;
			say();
			const isOpen = [...jobs.values()].some(({state}) => state !== 'ended');
			const everyMs = isOpen ? openEveryMs : idleEveryMs;
			const timer = new AbortController();
			await Promise.race([
				wake.promise,
				pause(everyMs, undefined, {
					signal: AbortSignal.any([end.signal, timer.signal]),
					ref: false,
				}).catch(() => undefined),
			]);
			timer.abort();
			await pause(gatherMs);
			wake = Promise.withResolvers<undefined>();
		}
	}

	void follow();
	return {
		now,
		stop() {
			end.abort();
			for (const folder of watchers.keys()) unwatch(folder);
		},
	};
}
