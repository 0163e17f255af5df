import type {Job} from '../domain/job.ts';
import type {Problem} from '../domain/problem.ts';
import {endOfRun} from '../domain/unproved.ts';
import type {CheckResult} from '../runbooks/checklist.ts';
import type {Diagnosis} from '../runbooks/diagnosis.ts';
import type {Runbook, Wizard} from '../runbooks/runbook.ts';
import type {Activity, Walk} from '../runbooks/walk.ts';
import type {Effect, Update} from './events.ts';
import {only} from './open-dialog.ts';
import {withRunbook} from './runbook-open.ts';
import type {ListedWalk} from './runbook-state.ts';
import type {State} from './state.ts';

/** Facts about runbooks. */
export type RunbookEvent =
	| {
			readonly type: 'runbooks-arrived';
			readonly runbooks: Readonly<Record<string, Runbook>>;
			readonly badFiles: number;
			readonly walks: readonly ListedWalk[];
			readonly lastChecks: Readonly<Record<string, number>>;
	  }
	| {readonly type: 'diagnosed'; readonly diagnosis: Diagnosis}
	| {
			readonly type: 'walk-moved';
			readonly wizard: Wizard;
			readonly walk: Walk;
			readonly activity: Activity;
			readonly heldBy?: string;
			/** An older walk about the same thing is open too; when something happened in it last. */
			readonly olderAtMs?: number;
	  }
	| {readonly type: 'check-arrived'; readonly result: CheckResult; readonly isSigned: boolean}
	| {readonly type: 'check-failed'; readonly problem: Problem};

/** What a fact about runbooks does to the state. */
export function updateRunbooks(state: State, event: RunbookEvent): Update {
	switch (event.type) {
		case 'runbooks-arrived': {
			const {runbooks, badFiles, walks, lastChecks} = event;
			return only(withRunbook(state, {runbooks, badFiles, walks, lastChecks}));
		}

		case 'diagnosed':
			return only(withRunbook(state, {diagnosis: event.diagnosis, isDiagnosing: false}));
		case 'walk-moved': {
			const {wizard, walk, activity, heldBy, olderAtMs} = event;
			const before = state.runbook.walk;
			const isSame = before?.walk.id === walk.id && before.walk.at === walk.at;
			const {planNumber, planId, isScrolledBack, selected = 0} = isSame ? before : {};
			const next = {
				wizard,
				walk,
				activity,
				selected,
				...(isScrolledBack && {isScrolledBack}),
				...(heldBy !== undefined && {heldBy}),
				...(olderAtMs !== undefined && {olderAtMs}),
				...(planNumber !== undefined && {planNumber}),
				...(planId !== undefined && {planId}),
			};
			const known = withRunbook(state, {walk: next});
			// Its operation may have ended while nobody walked.
			return only(known, ...endedOnWalk(known, known.jobs ?? []));
		}

		case 'check-arrived': {
			const {check} = state.runbook;
			const {result, isSigned} = event;
			if (check?.checklist.id !== result.checklist) return only(state);
			const answers = Object.fromEntries(
				result.items.flatMap(({id, answer}) => (answer ? [[id, answer] as const] : [])),
			);
			return only(withRunbook(state, {check: {...check, result, isSigned, answers}}));
		}

		case 'check-failed': {
			const {check} = state.runbook;
			return only(check ? withRunbook(state, {check: {...check, problem: event.problem}}) : state);
		}
	}
}

/** The plan of a walk's node came: the run that it becomes belongs to the walk. */
export function withPlanned(state: State, number: number, planId: string): State {
	const {walk} = state.runbook;
	return walk?.planNumber === number ? withRunbook(state, {walk: {...walk, planId}}) : state;
}

/** What has to be told to the walk when its operation was refused before it began. */
export function refusedOnWalk(state: State, number: number, problem: Problem): readonly Effect[] {
	const {walk: open} = state.runbook;
	if (open?.planNumber !== number) return [];
	const move = {type: 'acted', node: open.walk.at, end: 'failed', problem} as const;
	return [{type: 'walk-move', move}];
}

/** What has to be told to the walk when its operation has begun. */
export function begunOnWalk(state: State, run: string): readonly Effect[] {
	const {walk: open} = state.runbook;
	if (open?.planId !== run) return [];
	return [{type: 'walk-move', move: {type: 'began', at: open.walk.at, run}}];
}

/** What has to be told to the walk when its operation has ended. */
export function endedOnWalk(state: State, jobs: readonly Job[]): readonly Effect[] {
	const {walk: open} = state.runbook;
	if (!open || open.heldBy !== undefined || open.walk.run === undefined) return [];
	const {run, at} = open.walk;
	const job = jobs.find(({id}) => id === run);
	if (job?.state !== 'ended') return [];
	const {problem} = job;
	const end = endOfRun(job);
	const move = {type: 'acted', node: at, end, run, ...(problem && {problem})} as const;
	return [{type: 'walk-move', move}];
}
