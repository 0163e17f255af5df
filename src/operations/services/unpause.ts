import type {GatePace} from '../../domain/health-gate.ts';
import {lastCheckMs, serviceContainer} from '../../domain/service-facts.ts';
import {numberOf} from '../../domain/unknown.ts';
import type {StepCode, Tools} from '../operation.ts';
import {inspect} from './find.ts';
import {proveWorking} from './gate.ts';
import {containerOf, expectDone} from './pairs.ts';
import {refuse} from './refuse.ts';

async function stateOf(tools: Tools): Promise<string> {
	const {id, name} = containerOf(tools);
	const inspection = await inspect(tools.look, id);
	if (inspection === undefined) throw refuse('service-gone', {name});
	return serviceContainer(inspection).container.state;
}

/** What is kept about a paused container: its last health check before it went on, and that its proof has begun. */
const keptNames = (id: string) => ({check: `unpause-${id}`, proof: `unpause-proof-${id}`});

async function unpause(tools: Tools): Promise<void> {
	const {id, name, command} = containerOf(tools);
	const inspection = await inspect(tools.look, id);
	if (inspection === undefined) throw refuse('service-gone', {name});
	// Somebody else was quicker: the engine would call that an error.
	if (serviceContainer(inspection).container.state === 'running') return;
	await tools.keep(keptNames(id).check, lastCheckMs(inspection));
	expectDone(await tools.engine(command), name);
}

/** Pauses again what this run let go on and did not come to prove. */
async function pauseAgain(tools: Tools): Promise<void> {
	const {id, name} = containerOf(tools);
	const {check, proof} = keptNames(id);
	const [pause] = tools.step.undo ?? [];
	if (tools.kept[check] === undefined || tools.kept[proof] === true) return;
	if (pause?.kind !== 'engine' || (await stateOf(tools)) !== 'running') return;
	expectDone(await tools.engine(pause), name);
	tools.note({code: 'service-paused-again', params: {name}});
}

/** Lets a paused container go on. */
export const unpauseCode: StepCode = {
	run: unpause,
	undo: pauseAgain,
	holds: async tools => (await stateOf(tools)) === 'running',
};

/** Whether the container of a step was paused when the plan was made. */
export function isUnpause(tools: Tools): boolean {
	return containerOf(tools).command.path.endsWith('/unpause');
}

/** Watches a container that goes on as one that was started; what was found before the pause counts for nothing. */
export async function proveUnpaused(tools: Tools, pace: GatePace): Promise<void> {
	const about = containerOf(tools);
	const {check, proof} = keptNames(about.id);
	await tools.keep(proof, true);
	const isJob = tools.step.title.code === 'service-step-prove-job';
	const before = numberOf(tools.kept[check]) ?? 0;
	await proveWorking(tools, {...about, pace, isJob, lastCheckMs: before});
}
