import {constants} from 'node:fs';
import {open, readFile, type FileHandle} from 'node:fs/promises';
import {join} from 'node:path';
import type {IncidentEvent, IncidentLine} from '../incidents/event.ts';
import {isIncidentLine} from '../incidents/event-shape.ts';
import {redactEvent} from '../incidents/redact.ts';
import type {RecordDamage} from '../incidents/report-facts.ts';
import {sha256} from './canonical.ts';
import {withKernelLock} from './kernel-lock.ts';

/** Names of the files in an incident's folder. */
export const incidentFiles = {events: 'events.jsonl', lock: 'append.lock'} as const;

/** Longest line that is written, in bytes. */
const maxLineBytes = 64 * 1024;

/** What a file of events holds. */
export type ReadEvents = {
	readonly lines: readonly IncidentLine[];
	/** The first place where it is not as it was written; what can still be read is in `lines`. */
	readonly damage?: RecordDamage;
	/** Where the last whole line ends; what comes after it was torn off by a crash. */
	readonly goodBytes: number;
	/** Number of the whole lines, readable or not. */
	readonly count: number;
	/** Hash that the next line refers to. */
	readonly last: string;
};

function parse(raw: string): IncidentLine | undefined {
	try {
		const value: unknown = JSON.parse(raw);
		// The chain of hashes says whether this program wrote it; this, that it can be read.
		return isIncidentLine(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/**
 * Reads events line by line. A torn last line is no damage. After a line that is not as it was written the rest is still
 * read, because in an emergency half a record is better than none; `damage` says where the first such line is.
 */
export function readEvents(bytes: Uint8Array): ReadEvents {
	const text = Buffer.from(bytes);
	const lines: IncidentLine[] = [];
	let damage: RecordDamage | undefined;
	let start = 0;
	let count = 0;
	let last = sha256('');
	for (;;) {
		const end = text.indexOf(10, start);
		if (end < 0) break;
		const raw = text.subarray(start, end);
		const line = parse(raw.toString('utf8'));
		count += 1;
		const cause =
			line === undefined
				? 'it is no event'
				: line.seq !== count
					? `number ${line.seq} stands where ${count} should`
					: line.prev !== last
						? 'it does not follow the line before'
						: undefined;
		if (cause !== undefined) damage ??= {line: count, cause};
		if (line !== undefined) lines.push(line);
		last = sha256(raw);
		start = end + 1;
	}

	return {lines, ...(damage && {damage}), goodBytes: start, count, last};
}

/** Reads the events of an incident's folder; rejects with Node's error where there are none. */
export async function readEventFile(folder: string): Promise<ReadEvents> {
	return readEvents(await readFile(join(folder, incidentFiles.events)));
}

async function writeLine(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
	try {
		const {bytesWritten} = await file.write(bytes);
		if (bytesWritten < bytes.length) throw Object.assign(new Error('ENOSPC'), {code: 'ENOSPC'});
		await file.datasync();
	} catch (error) {
		await file.truncate(at).catch(() => undefined);
		throw error;
	}
}

/** An event that is to be written, with when and by whom. */
export type NewEvent = {
	readonly event: IncidentEvent;
	readonly by: string;
	readonly atMs: number;
};

/**
 * Appends events to the file of an incident, each in one write, and flushes them; they are on the disk when this resolves.
 * Others wait meanwhile, in this process or another. `eventsAfter` is asked under the lock for what follows on what is
 * there. A line that a crash tore off is cut away first. Rejects with Node's error, or with what `eventsAfter` throws.
 */
export async function appendEvents(
	folder: string,
	eventsAfter: (before: ReadEvents) => readonly NewEvent[],
): Promise<readonly IncidentLine[]> {
	return withKernelLock(join(folder, incidentFiles.lock), async () => {
		const {O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW} = constants;
		const path = join(folder, incidentFiles.events);
		const file = await open(path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW, 0o600);
		try {
			const before = readEvents(await file.readFile());
			const events = eventsAfter(before);
			await file.truncate(before.goodBytes);
			let {count, last, goodBytes} = before;
			const written: IncidentLine[] = [];
			for (const {event, by, atMs} of events) {
				const t = new Date(atMs).toISOString();
				const line: IncidentLine = {
					...{v: 1, seq: count + 1, t, by},
					event: redactEvent(event),
					prev: last,
				};
				const raw = Buffer.from(JSON.stringify(line));
				if (raw.length >= maxLineBytes) throw Object.assign(new Error('E2BIG'), {code: 'E2BIG'});
				await writeLine(file, Buffer.concat([raw, Buffer.from('\n')]), goodBytes);
				goodBytes += raw.length + 1;
				count += 1;
				last = sha256(raw);
				written.push(line);
			}

			return written;
		} finally {
			await file.close();
		}
	});
}
