import type {LiveList} from '../sources/source.ts';

/** A list that the engine sets and sources look at. */
export type SettableList<T> = LiveList<T> & {set(items: readonly T[]): void};

/** Makes an empty live list. */
export function createLiveList<T>(): SettableList<T> {
	let items: readonly T[] = [];
	const listeners = new Set<() => void>();
	return {
		current: () => items,
		onChange(listener, signal) {
			if (signal.aborted) return;
			listeners.add(listener);
			signal.addEventListener('abort', () => listeners.delete(listener), {once: true});
		},
		set(next) {
			items = next;
			for (const listener of listeners) listener();
		},
	};
}
