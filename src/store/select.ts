import {lostServices, type LostService} from '../domain/lost-services.ts';
import {type Reading, valueOf} from '../domain/reading.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import {type Data, type PanelId, panels, type Screen, type State} from './state.ts';

/** The data that is on the screen: frozen if the operator froze it. */
export function shown(state: State): Data {
	return state.frozen ?? state.data;
}

/** The screen on top. */
export function currentScreen(state: State): Screen {
	return state.ui.screens.at(-1) ?? {kind: 'dashboard'};
}

/** The target of the sources that exist once. */
export const engineTarget = 'engine';
export const hostTarget = 'host';
export const logsTarget = 'logs';

/** The reading of a source that exists once on a host. */
export function single<Id extends SourceId>(
	data: Data,
	source: Id,
): Reading<SourceValues[Id]> | undefined {
	return Object.values(data.readings[source])[0];
}

/** The Compose services that should have a container and have none. */
export function lostOf({data, settings}: State): readonly LostService[] {
	const containers = valueOf(single(data, 'docker.containers'))?.containers ?? [];
	return lostServices({containers, seen: data.seenServices, expected: settings.services});
}

/** Which panels have something to show; one without a target takes no space. */
export function visiblePanels(data: Data): readonly PanelId[] {
	const {targets} = data;
	const found = (area: 'postgres' | 'redis') =>
		targets[area].length > 0 ||
		targets.missing.some(missing => missing.area === area && missing.name !== 'host');
	return panels.filter(panel => {
		if (panel === 'postgres') return found('postgres');
		if (panel === 'redis') return found('redis');
		return true;
	});
}

/** The targets between which `[` and `]` switch in a panel. */
export function targetIds(data: Data, panel: PanelId): readonly string[] {
	if (panel === 'postgres') return data.targets.postgres.map(target => target.id);
	if (panel === 'redis') return data.targets.redis.map(target => target.id);
	return [];
}
