import type {Problem} from '../domain/problem.ts';
import type {Action} from './actions/action.ts';
import {backupActions} from './actions/backup-actions.ts';
import {hostActions} from './actions/host-actions.ts';
import {postgresActions} from './actions/postgres-actions.ts';
import {redisActions} from './actions/redis-actions.ts';
import {serviceActions} from './actions/service-actions.ts';
import type {Entry} from './dialog.ts';
import type {State} from './state.ts';
import {type Thing, thingId} from './things.ts';

/** Every action, in the order of the menu. An operation that is not registered is left out. */
export const actions: readonly Action[] = [
	...serviceActions,
	...postgresActions,
	...redisActions,
	...backupActions,
	...hostActions,
];

/** The actions that can be done to a thing here, in a stable order. */
export function actionsOn(state: State, thing: Thing): readonly Action[] {
	return actions.filter(
		({id, on, terminal}) =>
			on.includes(thing.kind) && (terminal !== undefined || state.operations.includes(id)),
	);
}

/** The entries of a menu for some things. */
export function entriesOf(state: State, things: readonly Thing[]): readonly Entry[] {
	return things.flatMap(thing =>
		actionsOn(state, thing).map(({id}) => ({key: `${thingId(thing)} ${id}`, action: id, thing})),
	);
}

/** The action behind an entry. */
export function actionOf({action, thing}: Entry): Action | undefined {
	return actions.find(({id, on}) => id === action && on.includes(thing.kind));
}

/** Why an entry is not possible now. */
export function obstacleOf(state: State, entry: Entry): Problem | undefined {
	return actionOf(entry)?.obstacle(state, entry.thing);
}
