import type {JournalEntry, JournalLine} from '../domain/journal.ts';

/** Where a run is written down. */
export type Journal = {
	/** Everything so far, oldest first. */
	lines(): readonly JournalEntry[];
	/** Resolves when the entry is on the disk (progress: when it was handed over). Rejects with `journal-unwritable`. */
	append(entry: JournalEntry): Promise<void>;
	close(): Promise<void>;
};

/** A journal that is kept in memory, for runs in tests. */
export function createMemoryJournal(lines: (JournalEntry | JournalLine)[] = []): Journal {
	return {
		lines: () => lines,
		append(entry) {
			lines.push(entry);
			return Promise.resolve();
		},
		close: () => Promise.resolve(),
	};
}
