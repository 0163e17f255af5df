import {nothingSeen, valuesOf} from '../runbooks/evidence.ts';
import {requestOf} from '../runbooks/request.ts';
import type {Argued} from '../runbooks/runbook.ts';
import type {Scope} from '../runbooks/scope.ts';
import type {Update} from './events.ts';
import {only, withDialog} from './open-dialog.ts';
import {withRunbook} from './runbook-open.ts';
import {hereOf, type OpenWalk} from './runbook-state.ts';
import type {State} from './state.ts';

/** Asks what an operation would do, as the menu does. */
export function askForPlan(
	state: State,
	wanted: {
		readonly operation: string;
		readonly request: Readonly<Record<string, Argued>>;
		readonly scope: Scope;
		readonly walk?: OpenWalk;
	},
): Update {
	const {operation, scope, walk} = wanted;
	const valueOf = valuesOf(walk?.walk.seen ?? nothingSeen);
	const made = requestOf(wanted, {scope, here: hereOf(state), valueOf});
	if (!made.ok) {
		const params = {operation, parts: made.missing.join(', ')};
		const problem = {code: 'runbook-request', params, retry: 'rarely'} as const;
		return only(withDialog(state, {kind: 'refused', problem}));
	}

	const number = state.planCount + 1;
	const next = walk ? withRunbook(state, {walk: {...walk, planNumber: number}}) : state;
	return only(
		{...withDialog(next, {kind: 'planning', operation, number}), planCount: number},
		{type: 'plan', number, operation: made.operation, request: made.request},
	);
}
