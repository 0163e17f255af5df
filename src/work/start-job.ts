import {join} from 'node:path';
import {exitStatuses, exitStatusOfRun} from '../domain/exit-status.ts';
import type {Operator} from '../domain/operator.ts';
import type {Plan} from '../domain/plan.ts';
import type {Problem} from '../domain/problem.ts';
import type {Settings} from '../domain/settings.ts';
import type {Io} from '../io/io.ts';
import type {JobEnd, Operation} from '../operations/operation.ts';
import {followJob, requestCancel} from './jobs.ts';
import {lookAround} from './look.ts';
import {makePlan} from './make-plan.ts';
import {problemOfError} from './perform.ts';
import {startOperation, type Launch} from './start.ts';
import type {StateFolders} from './state-folders.ts';
import type {StartJob} from './tools.ts';
import {nameOfOperator} from './who.ts';

/** What starting jobs from a run needs; `operator` is who confirmed the run. */
export type JobFacts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly state: StateFolders;
	readonly operations: Readonly<Record<string, Operation>>;
	readonly launch: Launch;
	readonly operator: Operator;
};

function refusedEnd(problem: Problem, exitStatus = exitStatusOfRun('refused', problem)): JobEnd {
	return {outcome: 'refused', exitStatus, problem};
}

/** Only what needs no confirmation of its own: nobody is asked. */
function refusalOfRisk({risk, operation}: Plan): Problem | undefined {
	if (risk === 'safe') return undefined;
	return {code: 'job-not-safe', params: {operation}, retry: 'rarely'};
}

/**
 * Makes the function by which a run starts others: each is planned with a fresh look, carried out by a worker of its own
 * under the confirmation of the run, and waited for. What is refused is an end, not a failure.
 */
export function createStartJob(facts: JobFacts): StartJob {
	const {io, settings, state, operations, launch, operator} = facts;
	return async ({operation, request}, signal) => {
		let plan: Plan;
		try {
			const look = await lookAround(io, settings, state, signal);
			plan = await makePlan({look, operations}, operation, request);
		} catch (error) {
			signal.throwIfAborted();
			return refusedEnd(problemOfError(error, operation));
		}

		const unsafe = refusalOfRisk(plan);
		if (unsafe) return refusedEnd(unsafe);
		const confirmation = {operator, atMs: io.clock.now()};
		const started = await startOperation({plan, confirmation, state, launch});
		if ('refused' in started) return refusedEnd(started.refused, started.exitStatus);
		const folder = join(state.runs, started.id);
		const cancel = () => {
			void requestCancel(folder, nameOfOperator(operator)).catch(() => undefined);
		};
		signal.addEventListener('abort', cancel, {once: true});
		try {
			const never = new AbortController().signal;
			const job = await followJob(folder, () => undefined, never);
			const {outcome = 'manual', exitStatus = exitStatuses.manual, problem, result} = job;
			return {
				id: started.id,
				outcome,
				exitStatus,
				...(problem && {problem}),
				...(result !== undefined && {result}),
			};
		} finally {
			signal.removeEventListener('abort', cancel);
		}
	};
}
