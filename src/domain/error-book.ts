import {createRateRing, type RateRing} from './rate-ring.ts';
import {foldRoute} from './log-access.ts';
import type {ErrorGroup, ErrorsValue, LogEvent, Severity} from './errors.ts';
import {idOf, signatureOf} from './signature.ts';

const maxGroups = 500;
const maxServices = 20;
const minuteMs = 60_000;
const secondsBucketMs = 5000;
const fiveMinutesMs = 300_000;

type Entry = {
	readonly id: string;
	readonly signature: string;
	readonly severity: Severity;
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
	const errors = createRateRing(60, secondsBucketMs);
	const requests = createRateRing(60, secondsBucketMs);
	const serverErrors = createRateRing(60, secondsBucketMs);
	const tally = {linesRead: 0, linesSkipped: 0, groupsDropped: 0, changes: 0};
	let hasRequests = false;
	let firstRequestAtMs = Number.POSITIVE_INFINITY;

	function countRequest(status: number, atMs: number, nowMs: number): void {
		hasRequests = true;
		firstRequestAtMs = Math.min(firstRequestAtMs, atMs);
		requests.add(atMs, nowMs);
		if (status >= 500) serverErrors.add(atMs, nowMs);
	}

	function makeRoom(): void {
		const oldest = entries.keys().next();
		if (oldest.done === true) return;
		entries.delete(oldest.value);
		tally.groupsDropped++;
	}

	function addTrouble(event: LogEvent, severity: Severity, atMs: number, nowMs: number): boolean {
		const signature = signatureOfEvent(event);
		const id = idOf(`${severity}\n${signature}`);
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

	function requestFigures(
		nowMs: number,
	): Pick<ErrorsValue, 'serverErrorPercent' | 'requestsPerSecond'> {
		if (!hasRequests) return {};
		const total = requests.sum(nowMs, fiveMinutesMs);
		const seenForMs = Math.min(fiveMinutesMs, Math.max(secondsBucketMs, nowMs - firstRequestAtMs));
		return {
			requestsPerSecond: total / (seenForMs / 1000),
			...(total === 0
				? {}
				: {serverErrorPercent: (serverErrors.sum(nowMs, fiveMinutesMs) / total) * 100}),
		};
	}

	return {
		add(event, nowMs) {
			const atMs = Math.min(event.atMs, nowMs);
			if (event.request !== undefined) countRequest(event.request.status, atMs, nowMs);
			if (!isTrouble(event.severity)) return false;
			if (event.request === undefined && event.severity !== 'warning') errors.add(atMs, nowMs);
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
			errorsPerMinute: errors.sum(nowMs, fiveMinutesMs) / (fiveMinutesMs / minuteMs),
			linesRead: tally.linesRead,
			linesSkipped: tally.linesSkipped,
			...requestFigures(nowMs),
			groupsDropped: tally.groupsDropped,
			followed,
		}),
	};
}
