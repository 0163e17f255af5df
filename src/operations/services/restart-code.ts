import type {GatePace} from '../../domain/health-gate.ts';
import {serviceContainer} from '../../domain/service-facts.ts';
import type {StepCode, Tools} from '../operation.ts';
import {lastExitCode, sayEnd} from './ended.ts';
import {beforeOf} from './evidence.ts';
import {inspect} from './find.ts';
import {proveWorking} from './gate.ts';
import {containerOf, expectDone} from './pairs.ts';
import {refuse} from './refuse.ts';

/** How long the engine gets to finish what it began for a worker that died, in ms. */
const settleMs = 10_000;
/** How long a container that was started again must run to count as running, in ms. */
const staysMs = 1000;
const pollMs = 200;

async function restart(tools: Tools): Promise<void> {
	const {id, name, command} = containerOf(tools);
	const {clock} = tools.look.io;
	const sinceMs = clock.now();
	expectDone(await tools.engine(command), name);
	const inspection = await inspect(tools.look, id);
	if (inspection === undefined) throw refuse('service-gone', {name});
	const {container, stopSignal} = serviceContainer(inspection);
	const exitCode = await lastExitCode(tools.look, id, sinceMs);
	if (exitCode === undefined) return;
	sayEnd(tools, {name, exitCode, isOutOfMemory: container.oomKilled, stopSignal});
}

/** Waits until the container runs, for a while; false where it does not. */
async function runsSoon(tools: Tools, id: string): Promise<boolean> {
	const {look} = tools;
	const endMs = look.io.clock.monotonic() + settleMs;
	for (;;) {
		const inspection = await inspect(look, id);
		if (inspection === undefined) return false;
		if (serviceContainer(inspection).container.state === 'running') return true;
		if (look.io.clock.monotonic() >= endMs) return false;
		await look.io.clock.sleep(pollMs, look.signal);
	}
}

/** Whether a started container runs for a while; one that breaks at once runs for a moment too. */
async function staysUp({look}: Tools, id: string): Promise<boolean> {
	const endMs = look.io.clock.monotonic() + staysMs;
	for (;;) {
		const inspection = await inspect(look, id);
		if (inspection === undefined) return false;
		const {state, restartCount} = serviceContainer(inspection).container;
		if (state !== 'running' || restartCount > 0) return false;
		if (look.io.clock.monotonic() >= endMs) return true;
		await look.io.clock.sleep(pollMs, look.signal);
	}
}

/** Whether it was started since the evidence was taken: it must not be restarted twice. */
async function wasRestarted(tools: Tools): Promise<boolean> {
	const {id} = containerOf(tools);
	const before = beforeOf(tools, id);
	if (before === undefined || !(await runsSoon(tools, id))) return false;
	const {startedAt} = serviceContainer(await inspect(tools.look, id));
	return startedAt !== before.startedAt;
}

/** Sees to it that a service that ran before runs: the way back of a restart. Rejects where it cannot be had. */
export async function runAgain(tools: Tools): Promise<void> {
	const {id, name} = containerOf(tools);
	const before = beforeOf(tools, id);
	const inspection = await inspect(tools.look, id);
	if (inspection === undefined) throw refuse('service-gone', {name});
	const {state, health} = serviceContainer(inspection).container;
	const wasRunning = before?.state === 'running';
	const [start] = tools.step.undo ?? [];
	if (wasRunning && (state === 'exited' || state === 'created') && start?.kind === 'engine') {
		expectDone(await tools.engine(start), name);
		if (!(await staysUp(tools, id))) throw refuse('service-left-broken', {name, state});
		tools.note({code: 'service-started-again', params: {name}});
	} else if (wasRunning && (state === 'restarting' || health === 'unhealthy')) {
		throw refuse('service-left-broken', {name, state: state === 'running' ? health : state});
	}
}

/** Restarts by the engine, which goes on with it when the worker dies. */
export const restartCode: StepCode = {run: restart, undo: runAgain, holds: wasRestarted};

/** Waits until the started container works; see `proveWorking`. */
export function proveCode(pace: GatePace): StepCode {
	return {
		run: tools => {
			const isJob = tools.step.title.code === 'service-step-prove-job';
			return proveWorking(tools, {...containerOf(tools), pace, isJob});
		},
	};
}
