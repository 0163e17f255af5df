import type {PlanDraft} from '../../domain/plan.ts';
import type {GatePace} from '../../domain/health-gate.ts';
import type {ServiceContainer} from '../../domain/service-facts.ts';
import type {Look} from '../operation.ts';
import {identityOf, lookAtEnding, type Ending} from './ending.ts';
import {evidenceFolder, evidenceStep} from './evidence.ts';
import {findUnits, type FoundUnit} from './find.ts';
import {inOrder} from './order.ts';
import {pairSteps, type Deed} from './pairs.ts';
import {refuse} from './refuse.ts';
import type {ServiceRequest} from './request.ts';
import {namesOf} from './titles.ts';

/** Containers that are to end, dependants first, and what that means. */
export type EndingFirst = {
	readonly units: readonly FoundUnit[];
	readonly members: readonly ServiceContainer[];
	readonly ending: Ending;
};

/** The chosen containers in one of these states. Rejects with `service-none-running` where none is. */
export async function endingFirst(
	look: Look,
	request: ServiceRequest,
	{verb, states}: {readonly verb: 'stop' | 'kill'; readonly states: readonly string[]},
): Promise<EndingFirst> {
	const found = await findUnits(look, request, verb);
	const units = found
		.map(unit => ({
			...unit,
			members: unit.members.filter(({container}) => states.includes(container.state)),
		}))
		.filter(({members}) => members.length > 0);
	if (units.length === 0) throw refuse('service-none-running', {names: namesOf(found)});
	const started = await inOrder(look, units);
	const ordered = {...started, members: started.members.toReversed()};
	return {units, members: ordered.members, ending: await lookAtEnding(look, ordered)};
}

/** What plans have in common that end containers in their good time: what they are, saving first, steps, locks. */
export function endingDraft(
	look: Look,
	id: string,
	ending: Ending,
	{deeds, pace}: {readonly deeds: readonly Deed[]; readonly pace: GatePace},
): Pick<PlanDraft, 'identity' | 'steps' | 'locks' | 'space'> {
	const members = deeds.map(({member}) => member);
	return {
		identity: {...identityOf(members), ...(ending.redis !== undefined && {redis: ending.redis})},
		steps: [
			evidenceStep(look, id, members),
			...ending.save,
			...pairSteps(deeds, {folder: evidenceFolder(look, id), pace}),
		],
		locks: ending.locks,
		space: [],
	};
}
