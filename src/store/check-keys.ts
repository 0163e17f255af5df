import type {Update} from './events.ts';
import {only} from './open-dialog.ts';
import {openNext} from './runbook-open.ts';
import {askForPlan} from './runbook-plan.ts';
import type {State} from './state.ts';
import {askWords} from './walk-keys.ts';

/** What can be done about the selected line of a checklist that did not pass. */
export function fixItem(state: State): Update {
	const {check, runbooks = {}} = state.runbook;
	const item = check?.checklist.items.find(({id}) => id === check.selected);
	const {outcome, scope} = check?.result?.items.find(({id}) => id === item?.id) ?? {};
	if (!check || !item?.fix || outcome === 'pass' || outcome === 'not-applicable')
		return only(state);
	const {fix} = item;
	if (fix.kind === 'runbook') {
		const runbook = Object.hasOwn(runbooks, fix.runbook) ? runbooks[fix.runbook] : undefined;
		const before = {scope: check.scope, on: check.checklist.on};
		return runbook ? openNext(state, runbook, before) : only(state);
	}

	// Of several servers the one that is worst is mended, not the first.
	const about = scope ?? check.scope;
	return askForPlan(state, {operation: fix.operation, request: fix.request, scope: about});
}

/** Answers the selected line of a checklist, where a person answers it. */
export function answerItem(state: State, value: 'yes' | 'no' | 'not-applicable'): Update {
	const {check} = state.runbook;
	const item = check?.checklist.items.find(({id}) => id === check.selected);
	if (!check?.result || item?.by !== 'person') return only(state);
	return only(state, {type: 'answer-check', item: item.id, value});
}

/** Asks for what the operator has to say before a checklist is signed. */
export function askToSign(state: State): Update {
	return state.runbook.check?.result ? askWords(state, 'sign') : only(state);
}
