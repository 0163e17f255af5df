import type {Reading} from '../../src/domain/reading.ts';
import type {Data} from '../../src/store/state.ts';

/** What to draw again for when readings are shown: themselves, and the second as long as one shows its age. */
export function timed(
	data: Data,
	...readings: readonly Readonly<Record<string, Reading<unknown>>>[]
): readonly unknown[] {
	const isAging = readings
		.flatMap(byTarget => Object.values(byTarget))
		.some(reading => reading.kind === 'stale' || reading.kind === 'failed');
	return [...readings, isAging ? secondOf(data) : 0];
}

/** The clock in whole seconds, for views that show ages. */
export function secondOf(data: Data): number {
	return Math.floor(data.nowMs / 1000);
}
