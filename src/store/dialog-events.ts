import {nothingTyped, productionDwellMs, remainingDwellMs} from './confirm.ts';
import type {CardDialog} from './dialog.ts';
import type {Event, Update} from './events.ts';
import {refusedInIncident} from './incident-keys.ts';
import {foundJobs, isOpen, jobRows} from './jobs.ts';
import {only, withDialog, withoutDialog} from './open-dialog.ts';
import {begunOnWalk, endedOnWalk, refusedOnWalk, withPlanned} from './runbook-events.ts';
import type {State} from './state.ts';

type DialogEvent = Extract<
	Event,
	{
		readonly type:
			| 'jobs-arrived'
			| 'jobs-failed'
			| 'job-plan-arrived'
			| 'planned'
			| 'plan-refused'
			| 'job-started'
			| 'action-failed'
			| 'backups-arrived'
			| 'ticked';
	}
>;

/** How long the typed text of a card must stand before Enter counts, in ms. An unknown environment is production. */
export function dwellOf({plan}: CardDialog): number {
	const {kind} = plan.identity.environment;
	return kind === 'production' || kind === 'unknown' ? productionDwellMs : 0;
}

/** What an event about operations does to the state. */
export function updateDialog(state: State, event: DialogEvent): Update {
	const {dialog} = state;
	switch (event.type) {
		case 'planned': {
			if (dialog?.kind !== 'planning' || dialog.number !== event.number) return only(state);
			const {plan, atMs} = event;
			return only(
				withDialog(withPlanned(state, event.number, plan.id), {
					kind: 'card',
					...(dialog.menu && {menu: dialog.menu}),
					plan,
					shownAtMs: atMs,
					lastKeyAtMs: atMs,
					nowMs: atMs,
					focus: plan.risk === 'safe' ? 'run' : 'cancel',
					typed: nothingTyped,
				}),
			);
		}

		case 'plan-refused': {
			if (dialog?.kind !== 'planning' || dialog.number !== event.number) return only(state);
			const {problem, number} = event;
			const menu = dialog.menu && {menu: dialog.menu};
			const onWalk = refusedOnWalk(state, number, problem);
			// What a walk knows is written down as a part of the walk.
			const inIncident =
				onWalk.length > 0 ? [] : refusedInIncident(state, dialog.operation, problem);
			return only(withDialog(state, {kind: 'refused', ...menu, problem}), ...onWalk, ...inIncident);
		}

		case 'job-started': {
			const begun = begunOnWalk(state, event.id);
			if (begun.length > 0) return only(withoutDialog(state), ...begun);
			return dialog?.kind === 'starting' && dialog.plan.id === event.id
				? openJob(withoutDialog(state), event.id)
				: only(state);
		}

		case 'action-failed': {
			// Looking at everything may be what failed.
			const runbook = {...state.runbook, isDiagnosing: false};
			return only(withDialog({...state, runbook}, {kind: 'refused', problem: event.problem}));
		}

		case 'jobs-arrived':
			return only(withJobs(state, event.jobs), ...endedOnWalk(state, event.jobs));
		case 'jobs-failed':
			return only({...state, jobs: state.jobs ?? [], jobsProblem: event.problem});
		case 'job-plan-arrived':
			return only({...state, jobPlan: event.plan});
		case 'backups-arrived':
			return only({...state, backups: event.backups});
		case 'ticked': {
			if (dialog?.kind !== 'card') return only(state);
			const next = {...dialog, nowMs: Math.max(dialog.nowMs, event.atMs)};
			return only({...state, dialog: next}, ...tickFor(next));
		}
	}
}

/** The next tick of a countdown, if one runs. */
export function tickFor(dialog: CardDialog): readonly {readonly type: 'tick'; afterMs: number}[] {
	const left = remainingDwellMs(dialog.typed, dwellOf(dialog), dialog.nowMs) ?? 0;
	return left <= 0 ? [] : [{type: 'tick', afterMs: Math.ceil(left % 1000) || 1000}];
}

/** What is not over when the program starts is shown first. */
function withJobs(state: State, jobs: NonNullable<State['jobs']>): State {
	const {jobsProblem: _before, ...rest} = state;
	const next: State = {...rest, jobs};
	const open = jobRows(next).filter(isOpen);
	const [first] = open;
	// What was found and has been cleared away since leaves nothing to choose from.
	if (next.dialog?.kind === 'found' && foundJobs(next, next.dialog).length === 0) {
		return withoutDialog(next);
	}

	if (state.jobs !== undefined || state.dialog !== undefined || first === undefined) return next;
	return withDialog(next, {kind: 'found', ids: open.map(({id}) => id), selected: first.id});
}

/** Shows one operation on top of the present screen. */
export function openJob(state: State, id: string): Update {
	const {tail: _closed, jobPlan: _other, ...rest} = state;
	const top = rest.ui.screens.at(-1);
	const screens = top?.kind === 'job' ? rest.ui.screens.slice(0, -1) : rest.ui.screens;
	return only(
		{
			...rest,
			ui: {...rest.ui, screens: [...screens, {kind: 'job', id}], scroll: 0, filter: ''},
		},
		{type: 'read-job-plan', id},
	);
}
