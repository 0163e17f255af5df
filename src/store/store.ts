import {createStore, type StoreApi} from 'zustand/vanilla';
import type {Effect, Event} from './events.ts';
import type {State} from './state.ts';
import {update} from './update.ts';

/** The one place that holds the state; changed by events only. */
export type Store = {
	readonly api: StoreApi<State>;
	state(): State;
	send(event: Event): void;
};

/** Makes the store; `onEffect` carries out what events ask for. */
export function createAppStore(initial: State, onEffect: (effect: Effect) => void): Store {
	const api = createStore<State>(() => initial);
	return {
		api,
		state: () => api.getState(),
		send(event) {
			const {state, effects} = update(api.getState(), event);
			if (state !== api.getState()) api.setState(state, true);
			for (const effect of effects) onEffect(effect);
		},
	};
}
