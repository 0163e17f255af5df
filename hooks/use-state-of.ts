import {useMemo} from 'react';
import {useStore} from 'zustand';
import {remember} from '../src/store/remember.ts';
import type {State} from '../src/store/state.ts';
import {useAppStore} from './store-context.ts';

/**
 * The state as it was when something that the view reads changed last: `reads` names those things (compared by
 * identity), so that a view is not drawn again for what it does not show. `reads` must be the same function each time.
 */
export function useStateOf(reads: (state: State) => readonly unknown[]): State {
	const select = useMemo(() => remember<State, State>(reads, state => state), [reads]);
	return useStore(useAppStore().api, select);
}
