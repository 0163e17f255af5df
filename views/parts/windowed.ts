import type {Look} from '../../hooks/use-look.ts';

/**
 * The first row to show so that row `at` of `count` is in sight in a window of `height` rows. The first rows, which matter
 * most, stay in sight as long as they can; one row below the selected one says that the list goes on.
 */
export function windowed(count: number, at: number, height: number): number {
	if (count <= height || height <= 0) return 0;
	const below = height > 2 ? 1 : 0;
	return Math.max(0, Math.min(at + below - height + 1, count - height));
}

/** Which part of a longer text or list is on the screen: `1-8 of 55`; empty where all of it is. */
export function partNote(look: Look, first: number, height: number, count: number): string {
	if (count <= height) return '';
	const last = Math.min(count, first + Math.max(1, height));
	return look.say('list.part', {first: first + 1, last, count});
}
