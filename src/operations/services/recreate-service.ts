import {usualPace, gateRules, usualGateMs, type GatePace} from '../../domain/health-gate.ts';
import type {PlanDraft, Step} from '../../domain/plan.ts';
import {graceSeconds} from '../../domain/service-grace.ts';
import type {Look, Operation} from '../operation.ts';
import {composeFor} from './compose.ts';
import {identityOf, lookAtEnding} from './ending.ts';
import {evidenceCode, evidenceFile, evidenceFolder, evidenceStep} from './evidence.ts';
import {findServices, nameOf} from './find.ts';
import {inOrder} from './order.ts';
import {pairCode} from './pairs.ts';
import {prepareCode} from './prepare.ts';
import {proveRecreated, recreateCode, shortImage, shownDigits} from './recreate-code.ts';
import {recreationOf, sayChange, type Recreation} from './recreate-plan.ts';
import {refuse} from './refuse.ts';
import {parseServices, type ServiceRequest} from './request.ts';
import {dependencyWarnings, expectedOutageMs} from './restart-plan.ts';
import {confirmNameOf, namesOf} from './titles.ts';
import {upCommand} from './up.ts';

const engineMs = 120_000;

/** Every chosen service whose file or image has changed or that has lost a network; rejects where none has. */
async function recreations(look: Look, request: ServiceRequest): Promise<readonly Recreation[]> {
	const units = await findServices(look, request, 'recreate');
	const all: Recreation[] = [];
	for (const unit of units) {
		const place = unit.members[0]?.compose;
		if (place === undefined) throw refuse('service-not-compose', {name: unit.name});
		all.push(await recreationOf(look, unit, await composeFor(look, place)));
	}

	const changed = all.filter(({changes}) => changes.length > 0);
	if (changed.length === 0) throw refuse('service-unchanged', {names: namesOf(units)});
	return changed;
}

function stepsOf(
	all: readonly Recreation[],
	facts: {readonly folder: string; readonly pace: GatePace},
): readonly Step[] {
	return all.flatMap(({unit, compose, hash, imageId, changes}, index): readonly Step[] => {
		const count = unit.members.length;
		// Compose compares no networks: by itself it would leave such a container as it is.
		const isCut = changes.some(({what}) => what === 'network');
		const command = upCommand(compose, unit, count, isCut ? ['--force-recreate'] : []);
		const grace = Math.max(...unit.members.map(member => graceSeconds(member)));
		const gateMs = Math.max(
			...unit.members.map(({healthCheck}) => gateRules(facts.pace, healthCheck).deadlineMs),
		);
		const params = {
			name: unit.name,
			hash: hash.slice(0, shownDigits),
			image: shortImage(imageId),
			count,
		};
		return [
			{
				id: `act-${index + 1}`,
				title: {code: 'service-step-recreate', params},
				commands: [command],
				undo: [command],
				...(all.length === 1 && {isCommitPoint: true}),
				deadlineMs: count * grace * 1000 + engineMs,
			},
			{
				id: `prove-${index + 1}`,
				title: {code: 'service-step-prove', params: {name: unit.name}},
				commands: [evidenceFile(facts.folder, unit.name, 'after')],
				deadlineMs: count * gateMs + engineMs,
			},
		];
	});
}

/** Databases whose data lies in the container itself: recreating throws it away. */
function lostWith({unit}: Recreation): PlanDraft['deletes'] {
	return unit.members
		.filter(({kind, hasDataMount}) => kind !== 'app' && !hasDataMount)
		.map(member => ({
			name: nameOf(member),
			why: {code: 'service-data-inside', params: {name: nameOf(member)}},
		}));
}

/**
 * Replaces the containers of services whose Compose file or image has changed or that have lost a network, by `up` for
 * each service alone, and proves that the new ones are of the planned configuration and work.
 */
export function createRecreateService(pace: GatePace = usualPace): Operation<ServiceRequest> {
	return {
		id: 'recreate-service',
		title: {code: 'service-title-recreate'},
		parse: parseServices,
		async plan(look, request, id) {
			const found = await recreations(look, request);
			const units = found.map(({unit}) => unit);
			const ordered = await inOrder(look, units);
			const {members} = ordered;
			const rank = ({unit}: Recreation) => members.findIndex(each => unit.members.includes(each));
			const all = found.toSorted((a, b) => rank(a) - rank(b));
			const ending = await lookAtEnding(look, ordered);
			const deletes = all.flatMap(lostWith);
			return {
				title: {code: 'service-plan-recreate', params: {names: namesOf(units)}},
				confirmName: confirmNameOf(units),
				identity: {
					...identityOf(members),
					...(ending.redis !== undefined && {redis: ending.redis}),
				},
				risk: deletes.length > 0 ? 'destructive' : ending.risk,
				steps: [
					evidenceStep(look, id, members),
					...ending.save,
					...stepsOf(all, {folder: evidenceFolder(look, id), pace}),
				],
				locks: ending.locks,
				space: [],
				outages: members.map(member => ({
					what: nameOf(member),
					expectedMs: expectedOutageMs(member),
					basis: {code: 'service-outage-restart', params: {seconds: graceSeconds(member)}},
				})),
				// With the proof, which takes longer than what is not answered meanwhile.
				expectedMs: members.reduce((sum, {healthCheck}) => sum + usualGateMs(pace, healthCheck), 0),
				deletes,
				warnings: [
					...all.flatMap(({unit, changes}) => changes.map(change => sayChange(unit.name, change))),
					...ending.warnings,
					...dependencyWarnings(ordered),
				],
				undo: {code: 'service-undo-recreate'},
			};
		},
		steps: {
			evidence: evidenceCode,
			save: prepareCode,
			...pairCode(recreateCode, proveRecreated(pace)),
		},
		isCommitted: async tools => (await recreateCode.holds?.(tools)) === true,
	};
}

/** `recreate-service` as it is registered. */
export const recreateService: Operation<ServiceRequest> = createRecreateService();
