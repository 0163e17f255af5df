import {usualPace, type GatePace} from '../../domain/health-gate.ts';
import {serviceContainer, type ServiceContainer} from '../../domain/service-facts.ts';
import {graceSeconds} from '../../domain/service-grace.ts';
import {numberOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Operation, StepCode, Tools} from '../operation.ts';
import {proveEnded} from './ended.ts';
import {endingFirst} from './ending-first.ts';
import {identityOf} from './ending.ts';
import {beforeOf, evidenceCode, evidenceFolder, evidenceStep} from './evidence.ts';
import {inspect, nameOf} from './find.ts';
import {proveWorking} from './gate.ts';
import {containerOf, engineCommand, expectDone, pairCode, pairSteps} from './pairs.ts';
import {parseKill, type KillRequest} from './request.ts';
import {staysStopped} from './stop-service.ts';
import {confirmNameOf, namesOf} from './titles.ts';

const endingSignals: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'];

/** When the signal was sent; undefined where it was not. */
function sentAtMs(tools: Tools): number | undefined {
	return numberOf(tools.kept[`sent-${containerOf(tools).id}`]);
}

function isSent(tools: Tools): boolean {
	return sentAtMs(tools) !== undefined;
}

const killCode: StepCode = {
	async run(tools) {
		const {id, name, command} = containerOf(tools);
		const nowMs = tools.look.io.clock.now();
		expectDone(await tools.engine(command), name);
		await tools.keep(`sent-${id}`, nowMs);
	},
	holds: tools => Promise.resolve(isSent(tools)),
};

/** A reload must leave the service as it was; a signal that ends must end it, after its grace time at the latest. */
async function prove(tools: Tools, pace: GatePace): Promise<void> {
	const {id, name, command} = containerOf(tools);
	const signal = command.path.slice(command.path.indexOf('=') + 1);
	if (!endingSignals.includes(signal)) {
		const restartCount = beforeOf(tools, id)?.restartCount ?? 0;
		const sinceMs = sentAtMs(tools);
		await proveWorking(tools, {
			...{id, name, pace, restartCount},
			...(sinceMs !== undefined && {sinceMs}),
		});
		return;
	}

	const inspection = signal === 'SIGKILL' ? undefined : await inspect(tools.look, id);
	const waitMs =
		inspection === undefined ? undefined : graceSeconds(serviceContainer(inspection)) * 1000;
	await proveEnded(tools, {id, name}, waitMs);
}

function warningsOf(member: ServiceContainer, isEnding: boolean): readonly Phrase[] {
	const name = nameOf(member);
	const isData = member.kind !== 'app';
	if (isEnding) {
		return [
			...(isData ? [{code: 'service-kill-data', params: {name}} as const] : []),
			staysStopped(member),
		];
	}

	// The engine takes any signal by hand for a wish that it ends, and no longer starts it by itself.
	const isRestarted = member.restartPolicy !== 'no';
	return isRestarted ? [{code: 'service-kill-policy', params: {name}}] : [];
}

/** Sends a signal to chosen services: one that ends them at once, or one that makes them reload. */
export function createKillService(pace: GatePace = usualPace): Operation<KillRequest> {
	return {
		id: 'kill-service',
		title: {code: 'service-title-kill'},
		parse: parseKill,
		async plan(look, request, id) {
			const {signal} = request;
			const chosen = {verb: 'kill', states: ['running']} as const;
			const {units, members, ending} = await endingFirst(look, request, chosen);
			const isEnding = endingSignals.includes(signal);
			const isData = members.some(({kind}) => kind !== 'app');
			const deeds = members.map(member => ({
				member,
				command: engineCommand(member, 'kill', {name: 'signal', value: signal}),
				actTitle: 'service-step-kill' as const,
				proveTitle: isEnding
					? ('service-step-prove-ended' as const)
					: ('service-step-prove' as const),
			}));
			return {
				title: {code: 'service-plan-kill', params: {signal, names: namesOf(units)}},
				confirmName: confirmNameOf(units),
				identity: identityOf(members),
				risk: isEnding && isData ? 'destructive' : 'disruptive',
				steps: [
					evidenceStep(look, id, members),
					...pairSteps(deeds, {folder: evidenceFolder(look, id), pace}),
				],
				locks: ending.locks,
				space: [],
				outages: isEnding
					? members.map(member => ({
							what: nameOf(member),
							basis: {code: 'service-outage-stop', params: {seconds: graceSeconds(member)}},
						}))
					: [],
				deletes: [],
				warnings: [
					...(isEnding ? ending.warnings : []),
					...members.flatMap(member => warningsOf(member, isEnding)),
				],
				undo: {code: 'service-undo-kill', params: {names: namesOf(units)}},
			};
		},
		steps: {
			evidence: evidenceCode,
			...pairCode(killCode, {run: tools => prove(tools, pace)}),
		},
		isCommitted: tools => Promise.resolve(isSent(tools)),
	};
}

/** `kill-service` as it is registered. */
export const killService: Operation<KillRequest> = createKillService();
