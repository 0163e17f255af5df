import type {Alert} from '../domain/alerts.ts';
import type {ErrorGroup} from '../domain/errors.ts';
import {valueOf} from '../domain/reading.ts';
import {passes} from './filter.ts';
import {remember} from './remember.ts';
import {raisedAlerts} from './select-alerts.ts';
import {containerRows} from './select-containers.ts';
import {shown, single} from './select.ts';
import type {PanelId, State} from './state.ts';

const severityOrder: Readonly<Record<ErrorGroup['severity'], number>> = {
	fatal: 0,
	error: 1,
	warning: 2,
};

/** The error groups as filtered: fatal ones, errors, then warnings, each with the newest first. */
export const errorRows: (state: State) => readonly ErrorGroup[] = remember(
	state => [single(shown(state), 'logs.errors'), state.ui.filter, state.ui.isTroubleOnly],
	state =>
		(valueOf(single(shown(state), 'logs.errors'))?.groups ?? [])
			.filter(group => !state.ui.isTroubleOnly || group.severity !== 'warning')
			.filter(({example, signature, project = '', services}) =>
				passes(state.ui.filter, example, signature, project, ...services),
			)
			.toSorted(
				(a, b) => severityOrder[a.severity] - severityOrder[b.severity] || b.lastAtMs - a.lastAtMs,
			),
);

/**
 * The alerts as filtered. Of the figures of one target that are not known only the first is a row, so that a server
 * that does not answer does not push real alerts away; a backup set that cannot be read has its own line.
 */
export const alertRows: (state: State) => readonly Alert[] = remember(
	state => {
		const data = shown(state);
		return [raisedAlerts(data), data.readings['backups.set'], state.ui.filter];
	},
	state => {
		const data = shown(state);
		const seen = new Set<string>();
		return raisedAlerts(data)
			.filter(({level, target}) => {
				if (level !== 'unknown') return true;
				if (data.readings['backups.set'][target]?.kind === 'failed' || seen.has(target))
					return false;
				seen.add(target);
				return true;
			})
			.filter(alert => passes(state.ui.filter, alert.metric, alert.subject, alert.target));
	},
);

/** The keys of a panel's list in the order shown; empty for a panel without a list. */
export function listKeys(state: State, panel: PanelId): readonly string[] {
	switch (panel) {
		case 'containers':
			return containerRows(state).map(row => row.container.key);
		case 'errors':
			return errorRows(state).map(group => group.id);
		case 'backups':
			return alertRows(state).map(alert => alert.id);
		case 'host':
		case 'postgres':
		case 'redis':
			return [];
	}
}

/** The selected key of a list: the chosen one where it is still there, else the first. */
export function selectedKey(state: State, panel: PanelId): string | undefined {
	const keys = listKeys(state, panel);
	const chosen = state.ui.selected[panel];
	return chosen !== undefined && keys.includes(chosen) ? chosen : keys[0];
}
