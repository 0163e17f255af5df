import {usualPace, type GatePace} from '../../domain/health-gate.ts';
import type {Operation} from '../operation.ts';
import {evidenceCode} from './evidence.ts';
import {findUnits} from './find.ts';
import {inOrder} from './order.ts';
import {pairCode} from './pairs.ts';
import {prepareCode} from './prepare.ts';
import {refuse} from './refuse.ts';
import {parseServices, type ServiceRequest} from './request.ts';
import {proveCode, restartCode} from './restart-code.ts';
import {restartPlan} from './restart-plan.ts';
import {confirmNameOf, namesOf} from './titles.ts';

/** Restarts chosen services, one container after the other in the order of their dependencies, each proven to work. */
export function createRestartService(pace: GatePace = usualPace): Operation<ServiceRequest> {
	return {
		id: 'restart-service',
		title: {code: 'service-title-restart'},
		parse: parseServices,
		async plan(look, request, id) {
			const units = await findUnits(look, request, 'restart');
			const paused = units.flatMap(({members}) => members).find(isPaused);
			if (paused) throw refuse('service-paused', {name: paused.container.name});
			return restartPlan(look, id, await inOrder(look, units), {
				title: {code: 'service-plan-restart', params: {names: namesOf(units)}},
				confirmName: confirmNameOf(units),
				pace,
			});
		},
		steps: {evidence: evidenceCode, save: prepareCode, ...pairCode(restartCode, proveCode(pace))},
		isCommitted: async tools => (await restartCode.holds?.(tools)) === true,
	};
}

function isPaused({container}: {readonly container: {readonly state: string}}): boolean {
	return container.state === 'paused';
}

/** `restart-service` as it is registered. */
export const restartService: Operation<ServiceRequest> = createRestartService();
