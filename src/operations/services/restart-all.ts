import {usualPace, type GatePace} from '../../domain/health-gate.ts';
import type {Operation} from '../operation.ts';
import {evidenceCode} from './evidence.ts';
import {findUnits} from './find.ts';
import {inOrder} from './order.ts';
import {pairCode} from './pairs.ts';
import {prepareCode} from './prepare.ts';
import {refuse} from './refuse.ts';
import {parseProject, type ProjectRequest} from './request.ts';
import {proveCode, restartCode} from './restart-code.ts';
import {restartPlan} from './restart-plan.ts';

/**
 * Restarts everything of a project that runs (H2-22): dependencies first, one container at a time, each proven to work
 * before the next; the first failure ends it and what was begun is seen to run. Nothing is ever removed.
 */
export function createRestartAll(pace: GatePace = usualPace): Operation<ProjectRequest> {
	return {
		id: 'restart-all',
		title: {code: 'service-title-restart-all'},
		parse: parseProject,
		async plan(look, request, id) {
			const found = await findUnits(look, {...request, services: 'all'}, 'restart');
			const running = found
				.map(unit => ({
					...unit,
					members: unit.members.filter(({container: {state}}) =>
						['running', 'restarting'].includes(state),
					),
				}))
				.filter(({members}) => members.length > 0);
			const project = found[0]?.project ?? '';
			if (running.length === 0) throw refuse('service-none-running', {names: project});
			return restartPlan(look, id, await inOrder(look, running), {
				title: {code: 'service-plan-restart-all', params: {project, count: running.length}},
				confirmName: project,
				pace,
			});
		},
		steps: {evidence: evidenceCode, save: prepareCode, ...pairCode(restartCode, proveCode(pace))},
		isCommitted: async tools => (await restartCode.holds?.(tools)) === true,
	};
}

/** `restart-all` as it is registered. */
export const restartAll: Operation<ProjectRequest> = createRestartAll();
