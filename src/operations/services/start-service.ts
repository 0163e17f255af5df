import {usualPace, type GatePace} from '../../domain/health-gate.ts';
import {serviceContainer, type ServiceContainer} from '../../domain/service-facts.ts';
import type {Operation, StepCode, Tools} from '../operation.ts';
import {identityOf, serviceLocks} from './ending.ts';
import {createCode, isCreation, missingService, planMissing} from './create-missing.ts';
import {evidenceCode, evidenceFolder, evidenceStep} from './evidence.ts';
import {findUnits, inspect, type FoundUnit} from './find.ts';
import {inOrder, isJob} from './order.ts';
import {
	containerOf,
	engineCommand,
	expectDone,
	numbered,
	pairCode,
	pairSteps,
	type Deed,
} from './pairs.ts';
import {proveRecreated} from './recreate-code.ts';
import {refuse} from './refuse.ts';
import {parseServices, type ServiceRequest} from './request.ts';
import {proveCode} from './restart-code.ts';
import {dependencyWarnings} from './restart-plan.ts';
import {namesOf} from './titles.ts';
import {isUnpause, proveUnpaused, unpauseCode} from './unpause.ts';

async function isRunning(tools: Tools): Promise<boolean> {
	if (isCreation(tools)) return (await createCode.holds?.(tools)) === true;
	const {id} = containerOf(tools);
	const inspection = await inspect(tools.look, id);
	return inspection !== undefined && serviceContainer(inspection).container.state === 'running';
}

const startCode: StepCode = {
	async run(tools) {
		if (isCreation(tools)) {
			await createCode.run(tools);
			return;
		}

		const {name, command} = containerOf(tools);
		expectDone(await tools.engine(command), name);
	},
	holds: isRunning,
};

/** A started or continued container is watched; one that was made must be of the planned configuration too. */
function provenBy(pace: GatePace): StepCode {
	const started = proveCode(pace);
	const made = proveRecreated(pace);
	return {
		run(tools) {
			if (isCreation(tools)) return made.run(tools);
			return isUnpause(tools) ? proveUnpaused(tools, pace) : started.run(tools);
		},
	};
}

const startable: readonly string[] = ['exited', 'created', 'paused'];

function isPaused({container}: ServiceContainer): boolean {
	return container.state === 'paused';
}

/** What is done to a container that is stopped or paused. */
function deedOf(member: ServiceContainer): Omit<Deed, 'proveTitle'> {
	return isPaused(member)
		? {
				member,
				act: 'unpause',
				command: engineCommand(member, 'unpause'),
				undo: [engineCommand(member, 'pause')],
				actTitle: 'service-step-unpause',
			}
		: {member, command: engineCommand(member, 'start'), actTitle: 'service-step-start'};
}

/** Only what does not run or is paused; rejects where nothing is left. */
function stopped(units: readonly FoundUnit[]): readonly FoundUnit[] {
	const left = units
		.map(unit => ({
			...unit,
			members: unit.members.filter(({container: {state}}) => startable.includes(state)),
		}))
		.filter(({members}) => members.length > 0);
	if (left.length === 0) throw refuse('service-runs-already', {names: namesOf(units)});
	return left;
}

/**
 * Starts chosen services that do not run and lets paused ones go on, dependencies first, each proven to work. One that does
 * not is left as it is, so that it can be looked at; what follows is not started. A service that has no container is made
 * from its Compose file.
 */
export function createStartService(pace: GatePace = usualPace): Operation<ServiceRequest> {
	return {
		id: 'start-service',
		title: {code: 'service-title-start'},
		parse: parseServices,
		async plan(look, request, id) {
			const missing = await missingService(look, request);
			if (missing) return planMissing(missing);
			const units = stopped(await findUnits(look, request, 'start'));
			const ordered = await inOrder(look, units);
			const {members} = ordered;
			const deeds = members.map(member => ({
				...deedOf(member),
				proveTitle: isJob(ordered, member)
					? ('service-step-prove-job' as const)
					: ('service-step-prove' as const),
			}));
			return {
				title: {code: 'service-plan-start', params: {names: namesOf(units)}},
				identity: identityOf(members),
				risk: 'safe',
				steps: [
					evidenceStep(look, id, members),
					...pairSteps(deeds, {folder: evidenceFolder(look, id), pace}),
				],
				locks: serviceLocks(members),
				space: [],
				outages: [],
				deletes: [],
				warnings: [...ordered.warnings, ...dependencyWarnings(ordered)],
				undo: {
					code: members.every(isPaused) ? 'service-undo-unpause' : 'service-undo-start',
					params: {names: namesOf(units)},
				},
			};
		},
		steps: {
			evidence: evidenceCode,
			...pairCode(startCode, provenBy(pace)),
			...numbered('unpause', unpauseCode),
		},
		isCommitted: isRunning,
	};
}

/** `start-service` as it is registered. */
export const startService: Operation<ServiceRequest> = createStartService();
