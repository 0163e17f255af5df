import {join} from 'node:path';
import type {Problem} from '../../src/domain/problem.ts';
import type {Eyes} from '../../src/engine/eyes.ts';
import {operations} from '../../src/operations/index.ts';
import {valuesOf} from '../../src/runbooks/evidence.ts';
import {requestOf} from '../../src/runbooks/request.ts';
import type {Node} from '../../src/runbooks/runbook.ts';
import type {Walk} from '../../src/runbooks/walk.ts';
import {followJob} from '../../src/work/jobs.ts';
import {lookAround} from '../../src/work/look.ts';
import {makePlan} from '../../src/work/make-plan.ts';
import {problemOfError} from '../../src/work/perform.ts';
import {startOperation} from '../../src/work/start.ts';
import {whoAmI} from '../../src/work/who.ts';
import type {PlayConsole} from './does-ground.ts';

/** How an operation ended; `refused` also where not even a plan could be made. */
export type Acted = {
	readonly outcome: string;
	readonly run?: string;
	readonly problem?: Problem;
};

/** Whether an end counts as done. */
export function isDone({outcome}: Acted): boolean {
	return outcome === 'done' || outcome === 'warnings';
}

/** Carries out what a `do` asks for on the same road as the screen: plan, confirmation, a worker of its own, journal. */
export async function actAt(
	node: Node & {readonly kind: 'do'},
	{at, scope, seen}: Pick<Walk, 'at' | 'scope' | 'seen'>,
	{own, eyes}: {readonly own: PlayConsole; readonly eyes: Eyes},
): Promise<Acted> {
	const {io, settings, state, launch} = own;
	const made = requestOf(node, {scope, here: eyes.here(), valueOf: valuesOf(seen)});
	if (!made.ok) throw new Error(`${at} cannot be asked for: ${made.missing.join(', ')}`);
	let plan;
	try {
		const look = await lookAround(io, settings, state);
		plan = await makePlan({look, operations}, made.operation, made.request);
	} catch (error) {
		return {outcome: 'refused', problem: problemOfError(error, made.operation)};
	}

	const {confirm} = plan;
	const operator = await whoAmI();
	const confirmation = {
		operator,
		atMs: io.clock.now(),
		...(confirm !== undefined && {typed: confirm}),
	};
	const started = await startOperation({plan, confirmation, state, launch});
	if ('refused' in started) return {outcome: 'refused', problem: started.refused};
	const never = new AbortController().signal;
	const {
		outcome = 'unfinished',
		problem,
		id,
	} = await followJob(join(state.runs, started.id), () => undefined, never);
	return {outcome, run: id, ...(problem && {problem})};
}
