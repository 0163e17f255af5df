import {lstat} from 'node:fs/promises';
import type {Io} from './io/io.ts';
import {foldersOf} from './own-state.ts';
import {figuresOf} from './report/figures-now.ts';
import type {State} from './store/state.ts';
import {appendFigures} from './work/figures.ts';

/**
 * Remembers a reading for the reports of a period, where there already is a state folder that is ours alone: looking
 * makes none. Never rejects; what cannot be written is only missing from the reports.
 */
export async function keepFigures(io: Io, state: State): Promise<void> {
	try {
		const {root} = foldersOf(io, state.settings);
		const facts = await lstat(root);
		const isOurs = facts.isDirectory() && facts.uid === io.host.userId();
		if (!isOurs || (facts.mode & 0o077) !== 0) return;
		await appendFigures({root}, figuresOf(state));
	} catch {
		// A status that was read is worth more than its memory.
	}
}
