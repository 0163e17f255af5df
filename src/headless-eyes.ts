import type {Settings} from './domain/settings.ts';
import {createEyes, type Eyes} from './engine/eyes.ts';
import {isComplete} from './headless.ts';
import type {Io} from './io/io.ts';
import {keepFigures} from './keep-figures.ts';
import {startReading} from './start-reading.ts';
import type {StateFolders} from './work/state-folders.ts';

/** How long the first readings have before it is looked at what there is, in ms. */
const firstMs = 2500;

/** How long the search for what there is has: an address that answers slowly is one that somebody asks about. */
const searchMs = 5000;

/** Reads everything while `work` looks at it, without a screen; ends the reading with it. */
export async function withEyes<T>(
	facts: {readonly io: Io; readonly settings: Settings; readonly folders: StateFolders},
	work: (eyes: Eyes) => Promise<T>,
): Promise<T> {
	const {io, settings, folders} = facts;
	const {clock} = io;
	const {store, engine, close} = startReading(io, settings);
	const eyes = createEyes({
		io,
		settings,
		folders,
		state: () => store.state(),
		onChange: listener => store.api.subscribe(listener),
		refresh: () => engine.refresh(),
	});
	try {
		const never = new AbortController().signal;
		const began = clock.monotonic();
		const isReady = () => engine.hasSearched() && isComplete(store.state());
		const limitMs = () => (engine.hasSearched() ? firstMs : searchMs);
		while (clock.monotonic() - began < limitMs() && !isReady()) await clock.sleep(25, never);

		const result = await work(eyes);
		// What was read only in part would be remembered as unknown.
		if (isComplete(store.state())) await keepFigures(io, store.state());
		return result;
	} finally {
		await close();
	}
}
