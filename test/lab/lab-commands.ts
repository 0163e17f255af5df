import {freePortNear} from '../support/free-port.ts';
import {ensureEngine, engineAnswers, LabError} from './engine.ts';
import {existingStack, serviceStates} from './existing.ts';
import {faultNames, switchFault} from './fault.ts';
import {ensureImages, type Progress} from './images.ts';
import {personsRun} from './run-id.ts';
import {newStack, removeRun, startStack, waitUntilReady, serviceNames} from './stack.ts';
import type {StackFacts} from './stack.ts';

/** The project name of a lab that a person brings up, unless told otherwise. */
export const defaultProject = 'football-prediction';

function where(stack: StackFacts): string[] {
	const {ports, postgres} = stack;
	return [
		`nginx       http://127.0.0.1:${ports.nginx}/health`,
		`app         http://127.0.0.1:${ports.app}/health   /metrics   /fault`,
		`PostgreSQL  127.0.0.1:${ports.db}   user ${postgres.user}, database ${postgres.database}`,
		`Redis       127.0.0.1:${ports.redis}`,
		"The passwords are in the containers' environment, where the console finds them.",
	];
}

/** Whether there is anything of this lab on the engine. */
export async function labExists(project: string): Promise<boolean> {
	return (await engineAnswers()) && (await serviceStates(project)).length > 0;
}

/** Brings the lab up, or back to what it was where it is there already; returns lines that say where. */
export async function labUp(
	project: string,
	{install, progress}: {install: boolean; progress: Progress},
): Promise<string[]> {
	await ensureEngine({install});
	const known = await existingStack(project);
	const images = await ensureImages(progress);
	const stack =
		known ??
		newStack(
			project,
			personsRun,
			[
				await freePortNear(18_080),
				await freePortNear(18_000),
				await freePortNear(15_432),
				await freePortNear(16_379),
			],
			{LAB_HEALTH_INTERVAL: '5s'},
		);
	if (stack.run !== personsRun)
		throw new LabError(`The lab ${project} belongs to a test run; choose another name.`);
	progress(`starting ${serviceNames.join(', ')}`);
	await startStack(
		{...stack, environment: {LAB_HEALTH_INTERVAL: '5s', ...stack.environment}},
		images,
	);
	await waitUntilReady(stack, serviceNames);
	return [`The lab ${project} is up.`, ...where(stack)];
}

/** Removes the lab: its containers, network and volumes, and nothing else. */
export async function labDown(project: string): Promise<string[]> {
	if (!(await engineAnswers())) throw new LabError('No Docker engine answers.');
	await serviceStates(project);
	await removeRun(personsRun, project);
	return [`The lab ${project} is removed. Its images stay in the engine for the next time.`];
}

/** What runs of the lab, where it is, and which faults are on. */
export async function labStatus(project: string): Promise<string[]> {
	if (!(await engineAnswers())) return ['No Docker engine answers; there is no lab.'];
	const states = await serviceStates(project);
	const stack = await existingStack(project);
	if (states.length === 0 || !stack)
		return [`There is no lab ${project}. Bring it up with: npm run lab up`];
	const width = Math.max(...states.map(one => one.name.length));
	const lines = states.map(one => `${one.name.padEnd(width)}  ${one.status}`).sort();
	const faults = await fetch(`http://127.0.0.1:${stack.ports.app}/fault`).then(
		async answer =>
			[...(await answer.text()).matchAll(/"([\w-]+)":true/g)].map(match => match[1] ?? ''),
		() => undefined,
	);
	const on = faults ? faults.join(', ') || 'none' : 'unknown, the app does not answer';
	return [...lines, '', ...where(stack), `Faults on: ${on}`];
}

/** Switches a fault of the lab's app. */
export async function labFault(
	project: string,
	wanted: string | undefined,
	state: string | undefined,
): Promise<string[]> {
	const name = faultNames.find(one => one === wanted);
	if (name === undefined || (state !== undefined && state !== 'on' && state !== 'off'))
		throw new LabError(`Faults: ${faultNames.join(', ')}; each [on|off].`);
	const stack = await existingStack(project);
	if (!stack) throw new LabError(`There is no lab ${project}. Bring it up with: npm run lab up`);
	await switchFault(stack, name, state !== 'off');
	return [`The fault ${name} is ${state ?? 'on'}.`];
}
