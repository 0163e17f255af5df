import {createContext, useContext} from 'react';
import {useStore} from 'zustand';
import type {State} from '../src/store/state.ts';
import type {Store} from '../src/store/store.ts';

/** Carries the store to the views. */
export const StoreContext = createContext<Store | undefined>(undefined);

/** The store; a programmer's error outside of its provider. */
export function useAppStore(): Store {
	const store = useContext(StoreContext);
	if (!store) throw new Error('StoreContext is missing above this view');
	return store;
}

/** Subscribes a view to a part of the state. */
export function useShown<T>(select: (state: State) => T): T {
	return useStore(useAppStore().api, select);
}
