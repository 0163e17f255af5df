import {usualPace, type GatePace} from '../../domain/health-gate.ts';
import {serviceContainer, type ServiceContainer} from '../../domain/service-facts.ts';
import {graceSeconds} from '../../domain/service-grace.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Operation, StepCode, Tools} from '../operation.ts';
import {proveEnded} from './ended.ts';
import {endingDraft, endingFirst} from './ending-first.ts';
import {evidenceCode} from './evidence.ts';
import {inspect, nameOf} from './find.ts';
import {containerOf, engineCommand, expectDone, pairCode} from './pairs.ts';
import {prepareCode} from './prepare.ts';
import {parseServices, type ServiceRequest} from './request.ts';
import {runAgain} from './restart-code.ts';
import {confirmNameOf, namesOf} from './titles.ts';

const up: readonly string[] = ['running', 'restarting', 'paused'];

async function hasEnded(tools: Tools): Promise<boolean> {
	const {id} = containerOf(tools);
	const inspection = await inspect(tools.look, id);
	return inspection === undefined || !up.includes(serviceContainer(inspection).container.state);
}

const stopCode: StepCode = {
	async run(tools) {
		const {name, command} = containerOf(tools);
		expectDone(await tools.engine(command), name);
	},
	// What ran before runs again, where several are stopped and not all of them can be.
	undo: runAgain,
	holds: hasEnded,
};

/** How long it stays stopped, by its restart policy (SAFETY section 1). */
export function staysStopped(member: ServiceContainer): Phrase {
	const params = {name: nameOf(member)};
	if (member.isRemovedAtEnd) return {code: 'service-removed-at-end', params};
	return member.restartPolicy === 'always'
		? {code: 'service-stays-stopped-always', params}
		: {code: 'service-stays-stopped', params};
}

/** Stops chosen services, dependants first, each proven to have ended and to have released its ports. */
export function createStopService(pace: GatePace = usualPace): Operation<ServiceRequest> {
	return {
		id: 'stop-service',
		title: {code: 'service-title-stop'},
		parse: parseServices,
		async plan(look, request, id) {
			const {units, members, ending} = await endingFirst(look, request, {verb: 'stop', states: up});
			const deeds = members.map(member => ({
				member,
				command: engineCommand(member, 'stop', {
					name: 't',
					value: graceSeconds(member, pace.leastGraceSeconds),
				}),
				undo: [engineCommand(member, 'start')],
				actTitle: 'service-step-stop' as const,
				proveTitle: 'service-step-prove-ended' as const,
			}));
			const removed = members.filter(({isRemovedAtEnd}) => isRemovedAtEnd);
			return {
				...endingDraft(look, id, ending, {deeds, pace}),
				title: {code: 'service-plan-stop', params: {names: namesOf(units)}},
				confirmName: confirmNameOf(units),
				risk: removed.length > 0 ? 'destructive' : ending.risk,
				outages: members.map(member => ({
					what: nameOf(member),
					basis: {
						code: 'service-outage-stop',
						params: {seconds: graceSeconds(member, pace.leastGraceSeconds)},
					},
				})),
				deletes: removed.map(member => ({
					name: nameOf(member),
					why: {code: 'service-removed-at-end', params: {name: nameOf(member)}},
				})),
				warnings: [...ending.warnings, ...members.map(staysStopped)],
				undo: {code: 'service-undo-stop', params: {names: namesOf(units)}},
			};
		},
		steps: {
			evidence: evidenceCode,
			save: prepareCode,
			...pairCode(stopCode, {run: tools => proveEnded(tools, containerOf(tools))}),
		},
		isCommitted: hasEnded,
	};
}

/** `stop-service` as it is registered. */
export const stopService: Operation<ServiceRequest> = createStopService();
