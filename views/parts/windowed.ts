import type {Look} from '../../hooks/use-look.ts';

/** The first row to show so that row `at` of `count` is in sight in a window of `height` rows. */
export function windowed(count: number, at: number, height: number): number {
	if (count <= height || height <= 0) return 0;
	const middle = at - Math.floor(height / 2);
	return Math.max(0, Math.min(middle, count - height));
}

/** Which part of a longer text or list is on the screen: `1-8 of 55`; empty where all of it is. */
export function partNote(look: Look, first: number, height: number, count: number): string {
	if (count <= height) return '';
	const last = Math.min(count, first + Math.max(1, height));
	return look.say('list.part', {first: first + 1, last, count});
}
