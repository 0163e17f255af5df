import {hostname} from 'node:os';
import {clean} from './domain/clean.ts';
import type {Settings} from './domain/settings.ts';
import {type Engine, startEngine} from './engine/engine.ts';
import type {Io} from './io/io.ts';
import {initialState} from './store/state.ts';
import {createAppStore, type Store} from './store/store.ts';

/** How long connections may take to close, in ms; the process ends after that anyway. */
const closeMs = 300;

/** An engine that reads into a store of its own, for what has no screen. */
export type StartedReading = {
	readonly store: Store;
	readonly engine: Engine;
	/** Stops reading; resolves when every connection is closed, or when the time for it is over. */
	readonly close: () => Promise<void>;
};

/** Starts to read everything. Nothing that an event asks for is carried out. */
export function startReading(io: Io, settings: Settings): StartedReading {
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
	return {
		store,
		engine,
		async close() {
			const own = new AbortController();
			const over = clock.sleep(closeMs, own.signal).catch(() => undefined);
			await Promise.race([engine.stop(), over]);
			own.abort();
		},
	};
}
