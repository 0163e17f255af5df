import {cronFileName, isOurs, isUnitName} from '../domain/schedule.ts';
import {
	lastEnds,
	scheduleRunsOf,
	type Installed,
	type ScheduleTarget,
} from '../domain/schedule-runs.ts';
import type {Io} from '../io/io.ts';
import type {PolledSource} from './source.ts';

const folders = {systemd: '/etc/systemd/system', cron: '/etc/cron.d'} as const;
const maxFileBytes = 100_000;
/** So much of the end of an audit file is read: some hundred entries. */
const tailBytes = 256 * 1024;

/** Our files in one of the usual places; undefined where there are none, or they cannot be read. */
async function installedIn(
	{files}: Io,
	form: 'systemd' | 'cron',
	folder: string,
): Promise<Installed | undefined> {
	const entries = await files.names(folder, 20_000).catch(() => []);
	const own = entries.filter(({name, kind}) => {
		if (kind !== 'file') return false;
		return form === 'cron' ? name === cronFileName : isUnitName(name);
	});
	const found = await Promise.all(
		own.map(async ({name}) => {
			const path = `${folder}/${name}`;
			const text = await files.readText(path, maxFileBytes).catch(() => '');
			const atMs = await files.lstat(path).then(
				({modifiedAtMs}) => modifiedAtMs,
				() => 0,
			);
			return {name, text, atMs};
		}),
	);
	const ours = found.filter(({text}) => isOurs(text));
	if (ours.length === 0) return undefined;
	return {form, files: ours, sinceMs: ours.reduce((latest, {atMs}) => Math.max(latest, atMs), 0)};
}

/** When each operation ended last, from the ends of the two newest files of the audit. */
async function endsIn({files}: Io, folder: string): Promise<ReadonlyMap<string, number>> {
	const names = await files.names(folder, 10_000).catch(() => []);
	const months = names
		.map(({name}) => name)
		.filter(name => /^audit-\d{4}-\d{2}\.jsonl$/.test(name))
		.toSorted()
		.slice(-2);
	const decoder = new TextDecoder();
	const ends = new Map<string, number>();
	for (const name of months) {
		const path = `${folder}/${name}`;
		const {bytes} = await files.lstat(path);
		const from = Math.max(0, bytes - tailBytes);
		const text = decoder.decode(await files.readBytes(path, from, bytes - from));
		for (const [operation, atMs] of lastEnds(text)) ends.set(operation, atMs);
	}

	return ends;
}

/** Every minute: whether the scheduled runs of the jobs that are installed here took place. */
export const scheduleRuns: PolledSource<'schedule.runs', ScheduleTarget> = {
	id: 'schedule.runs',
	kind: 'polled',
	everyMs: 60_000,
	timeoutMs: 10_000,
	open: (io, {jobs, auditFolder}) => ({
		async read(signal) {
			const [systemd, cron, ends] = await Promise.all([
				installedIn(io, 'systemd', folders.systemd),
				installedIn(io, 'cron', folders.cron),
				endsIn(io, auditFolder),
			]);
			signal.throwIfAborted();
			const places = [systemd, cron].flatMap(place => place ?? []);
			return scheduleRunsOf(jobs, {places, ends, nowMs: io.clock.now()});
		},
	}),
};
