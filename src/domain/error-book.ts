import {createRateRing, type RateRing} from './rate-ring.ts';
import {foldRoute} from './log-access.ts';
import {createRateBook, type RateBook} from './log-rates.ts';
import type {ErrorGroup, ErrorsValue, LogEvent, Severity} from './errors.ts';
import {idOf, signatureOf} from './signature.ts';

const maxGroups = 500;
const maxServices = 20;
const maxProjects = 200;
const minuteMs = 60_000;
const secondsBucketMs = 5000;

type Entry = {
	readonly id: string;
	readonly signature: string;
	readonly severity: Severity;
	readonly project: string | undefined;
	example: string;
	details: readonly string[];
	count: number;
	firstAtMs: number;
	lastAtMs: number;
	readonly services: Set<string>;
	readonly minutes: RateRing;
	readonly seconds: RateRing;
};

/** Groups the errors of all logs in bounded memory. Pure: events and times come from the caller. */
export type ErrorBook = {
	/** Takes an event; true if it opened a new group. Times in the future count as now. */
	add(event: LogEvent, nowMs: number): boolean;
	/** Counts lines that were read, and how many of them were only counted. */
	countLines(read: number, skipped: number): void;
	/** Grows with every change that an operator would see, lines alone excepted. */
	changes(): number;
	linesRead(): number;
	snapshot(nowMs: number, followed: ErrorsValue['followed']): ErrorsValue;
};

/** Two signatures of one event are never equal by chance: a request's is made of method, route and status. */
function signatureOfEvent(event: LogEvent): string {
	const {request} = event;
	return request === undefined
		? signatureOf(event.message, event.details)
		: `${request.method} ${foldRoute(request.route)} → ${request.status}`;
}

function isTrouble(severity: LogEvent['severity']): severity is Severity {
	return severity === 'warning' || severity === 'error' || severity === 'fatal';
}

function toGroup(entry: Entry, nowMs: number): ErrorGroup {
	return {
		id: entry.id,
		signature: entry.signature,
		example: entry.example,
		details: entry.details,
		severity: entry.severity,
		count: entry.count,
		perMinute: entry.seconds.sum(nowMs, minuteMs),
		firstAtMs: entry.firstAtMs,
		lastAtMs: entry.lastAtMs,
		...(entry.project !== undefined && {project: entry.project}),
		services: [...entry.services],
		history: entry.minutes.counts(nowMs),
	};
}

function compareGroups(a: ErrorGroup, b: ErrorGroup): number {
	const rank = (group: ErrorGroup): number => (group.severity === 'warning' ? 1 : 0);
	return rank(a) - rank(b) || b.lastAtMs - a.lastAtMs;
}

function openEntry(event: LogEvent, severity: Severity, signature: string, id: string): Entry {
	return {
		id,
		signature,
		severity,
		project: event.project,
		example: event.message,
		details: event.details,
		count: 0,
		firstAtMs: event.atMs,
		lastAtMs: event.atMs,
		services: new Set(),
		minutes: createRateRing(30, minuteMs),
		seconds: createRateRing(12, secondsBucketMs),
	};
}

function record(entry: Entry, event: LogEvent, atMs: number, nowMs: number): void {
	entry.count++;
	entry.firstAtMs = Math.min(entry.firstAtMs, atMs);
	if (atMs >= entry.lastAtMs) {
		entry.lastAtMs = atMs;
		entry.example = event.message;
		entry.details = event.details;
	}

	if (entry.services.size < maxServices) entry.services.add(event.service);
	entry.minutes.add(atMs, nowMs);
	entry.seconds.add(atMs, nowMs);
}

/** Makes an empty book: at most 500 groups, of which the one that was quiet for longest makes room. */
export function createErrorBook(): ErrorBook {
	const entries = new Map<string, Entry>();
	const rates = createRateBook();
	const byProject = new Map<string | undefined, RateBook>();
	const tally = {linesRead: 0, linesSkipped: 0, groupsDropped: 0, changes: 0};

	function ratesOf(project: string | undefined): RateBook {
		const book = byProject.get(project) ?? createRateBook();
		// Last in the map is the one seen last.
		byProject.delete(project);
		byProject.set(project, book);
		const [oldest] = byProject.keys();
		if (byProject.size > maxProjects) byProject.delete(oldest);
		return book;
	}

	function makeRoom(): void {
		const oldest = entries.keys().next();
		if (oldest.done === true) return;
		entries.delete(oldest.value);
		tally.groupsDropped++;
	}

	function addTrouble(event: LogEvent, severity: Severity, atMs: number, nowMs: number): boolean {
		const signature = signatureOfEvent(event);
		// The same words of another project are another project's trouble.
		const place = event.project === undefined ? '' : `${event.project}\n`;
		const id = idOf(`${place}${severity}\n${signature}`);
		const known = entries.get(id);
		const entry = known ?? openEntry({...event, atMs}, severity, signature, id);
		record(entry, event, atMs, nowMs);
		// Last in the map is the one seen last.
		entries.delete(id);
		entries.set(id, entry);
		if (entries.size > maxGroups) makeRoom();
		tally.changes++;
		return known === undefined;
	}

	function projectRates(nowMs: number): Pick<ErrorsValue, 'projects'> {
		const known = [...byProject];
		if (known.every(([project]) => project === undefined)) return {};
		const projects = known.map(([project, book]) => ({
			...(project !== undefined && {project}),
			...book.snapshot(nowMs),
		}));
		return {projects};
	}

	return {
		add(event, nowMs) {
			const atMs = Math.min(event.atMs, nowMs);
			if (event.request !== undefined || isTrouble(event.severity)) {
				rates.add(event, atMs, nowMs);
				ratesOf(event.project).add(event, atMs, nowMs);
			}

			if (!isTrouble(event.severity)) return false;
			return addTrouble(event, event.severity, atMs, nowMs);
		},
		countLines(read, skipped) {
			tally.linesRead += read;
			tally.linesSkipped += skipped;
		},
		changes: () => tally.changes,
		linesRead: () => tally.linesRead,
		snapshot: (nowMs, followed) => ({
			groups: [...entries.values()].map(entry => toGroup(entry, nowMs)).sort(compareGroups),
			...rates.snapshot(nowMs),
			...projectRates(nowMs),
			linesRead: tally.linesRead,
			linesSkipped: tally.linesSkipped,
			groupsDropped: tally.groupsDropped,
			followed,
		}),
	};
}
