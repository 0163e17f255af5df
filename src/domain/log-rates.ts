import type {LogEvent, LogRates} from './errors.ts';
import {createRateRing} from './rate-ring.ts';

const bucketMs = 5000;
const minuteMs = 60_000;
const fiveMinutesMs = 300_000;

/** Counts the errors and the requests of some logs over the last five minutes. Pure: times come from the caller. */
export type RateBook = {
	add(event: Pick<LogEvent, 'severity' | 'request'>, atMs: number, nowMs: number): void;
	snapshot(nowMs: number): LogRates;
};

/** Makes an empty book of rates. */
export function createRateBook(): RateBook {
	const errors = createRateRing(60, bucketMs);
	const requests = createRateRing(60, bucketMs);
	const serverErrors = createRateRing(60, bucketMs);
	let firstRequestAtMs = Number.POSITIVE_INFINITY;

	function requestFigures(nowMs: number): Omit<LogRates, 'errorsPerMinute'> {
		if (firstRequestAtMs === Number.POSITIVE_INFINITY) return {};
		const total = requests.sum(nowMs, fiveMinutesMs);
		const seenForMs = Math.min(fiveMinutesMs, Math.max(bucketMs, nowMs - firstRequestAtMs));
		return {
			requestsPerSecond: total / (seenForMs / 1000),
			...(total === 0
				? {}
				: {serverErrorPercent: (serverErrors.sum(nowMs, fiveMinutesMs) / total) * 100}),
		};
	}

	return {
		add({severity, request}, atMs, nowMs) {
			if (request === undefined) {
				if (severity === 'error' || severity === 'fatal') errors.add(atMs, nowMs);
				return;
			}

			firstRequestAtMs = Math.min(firstRequestAtMs, atMs);
			requests.add(atMs, nowMs);
			if (request.status >= 500) serverErrors.add(atMs, nowMs);
		},
		snapshot: nowMs => ({
			errorsPerMinute: errors.sum(nowMs, fiveMinutesMs) / (fiveMinutesMs / minuteMs),
			...requestFigures(nowMs),
		}),
	};
}
