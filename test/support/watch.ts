import type {Alert} from '../../src/domain/alerts.ts';
import {valueOf} from '../../src/domain/reading.ts';
import type {ErrorGroup} from '../../src/domain/errors.ts';
import type {MetricId} from '../../src/domain/metrics.ts';
import type {Settings} from '../../src/domain/settings.ts';
import {startEngine} from '../../src/engine/engine.ts';
import {createIo} from '../../src/io/create-io.ts';
import {single} from '../../src/store/select.ts';
import {initialState, type State} from '../../src/store/state.ts';
import {createAppStore} from '../../src/store/store.ts';
import {loadSettings} from '../../config/load.ts';
import {fileURLToPath} from 'node:url';

const profilesFolder = fileURLToPath(new URL('../../config/systems', import.meta.url));

/** The program without its screen, watching for as long as a test wants. */
export type Watch = {
	state: () => State;
	/** An alert, raised or waiting for its hold time, by metric and part of its subject (`_db_` also means `-db-`). */
	alert: (metric: MetricId, subject: string) => Alert | undefined;
	/** An error group of a service by a part of its text. */
	group: (service: string, text: string) => ErrorGroup | undefined;
	stop: () => Promise<void>;
};

/** Settings as the program makes them from a configuration file. */
export async function settingsFrom(
	file: string,
	environment: Readonly<Record<string, string>> = {},
): Promise<Settings> {
	const loaded = await loadSettings({flags: {config: file}, environment, profilesFolder});
	if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
	return loaded.settings;
}

/** Starts watching with the real engine, sources and store. */
export function startWatch(settings: Settings, dockerHost = settings.docker.host): Watch {
	const io = createIo(dockerHost === undefined ? {} : {host: dockerHost});
	const store = createAppStore(
		initialState({
			settings,
			hostname: 'test',
			nowMs: io.clock.now(),
			columns: 80,
			rows: 24,
			isAscii: false,
		}),
		() => undefined,
	);
	const engine = startEngine({io, settings, send: event => store.send(event)});
	return {
		state: () => store.state(),
		alert: (metric, subject) =>
			store
				.state()
				.data.alerts.find(
					one => one.metric === metric && one.subject.replaceAll('-', '_').includes(subject),
				),
		group: (service, text) =>
			valueOf(single(store.state().data, 'logs.errors'))?.groups.find(
				one =>
					one.services.includes(service) &&
					`${one.example} ${one.details.join(' ')}`.includes(text),
			),
		stop: () => engine.stop(),
	};
}
