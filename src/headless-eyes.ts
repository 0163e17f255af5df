import {hostname} from 'node:os';
import {clean} from './domain/clean.ts';
import type {Settings} from './domain/settings.ts';
import {startEngine} from './engine/engine.ts';
import {createEyes, type Eyes} from './engine/eyes.ts';
import {isComplete} from './headless.ts';
import type {Io} from './io/io.ts';
import {keepFigures} from './keep-figures.ts';
import {initialState} from './store/state.ts';
import {createAppStore} from './store/store.ts';
import type {StateFolders} from './work/state-folders.ts';

/** How long the first readings have before it is looked at what there is, in ms. */
const firstMs = 2500;

/** How long the search for what there is has: an address that answers slowly is one that somebody asks about. */
const searchMs = 5000;

/** How long connections may take to close. */
const closeMs = 300;

/** Reads everything while `work` looks at it, without a screen; ends the reading with it. */
export async function withEyes<T>(
	facts: {readonly io: Io; readonly settings: Settings; readonly folders: StateFolders},
	work: (eyes: Eyes) => Promise<T>,
): Promise<T> {
	const {io, settings, folders} = facts;
	const {clock} = io;
	const store = createAppStore(
		initialState({
			settings,
			hostname: clean(hostname(), 64),
			nowMs: clock.now(),
			columns: 80,
			rows: 24,
			isAscii: false,
		}),
		() => undefined,
	);
	const engine = startEngine({io, settings, send: event => store.send(event)});
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
		const own = new AbortController();
		const closed = clock.sleep(closeMs, own.signal).catch(() => undefined);
		await Promise.race([engine.stop(), closed]);
		own.abort();
	}
}
