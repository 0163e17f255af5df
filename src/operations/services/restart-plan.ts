import {usualGateMs, type GatePace} from '../../domain/health-gate.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import type {ServiceContainer} from '../../domain/service-facts.ts';
import {graceSeconds} from '../../domain/service-grace.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look} from '../operation.ts';
import {composeFor} from './compose.ts';
import {endingDraft} from './ending-first.ts';
import {lookAtEnding} from './ending.ts';
import {nameOf} from './find.ts';
import {isJob, missingDependencies, type Ordered} from './order.ts';
import {engineCommand} from './pairs.ts';
import {isHashStripped} from './recreate-plan.ts';

/** How a plan of restarts is called. */
export type RestartTitle = {readonly title: Phrase; readonly confirmName: string};

const startMs = 2000;

/** Usual time without an answer: two seconds and the first health check; measured, the stop of a good service is short. */
export function expectedOutageMs({healthCheck}: ServiceContainer): number {
	return (
		startMs + (healthCheck === undefined ? 0 : healthCheck.startPeriodMs + healthCheck.intervalMs)
	);
}

/** Services whose file has changed since they were made: a restart does not bring the change. */
async function changedServices(
	look: Look,
	members: readonly ServiceContainer[],
): Promise<readonly Phrase[]> {
	const projects = [...new Set(members.flatMap(({compose}) => compose?.project ?? []))];
	const all = await Promise.all(
		projects.map(async (project): Promise<readonly Phrase[]> => {
			const own = members.filter(({compose}) => compose?.project === project);
			const place = own[0]?.compose;
			// Without program or files there is nothing to compare; a restart needs neither.
			const compose = place && (await composeFor(look, place).catch(() => undefined));
			if (compose === undefined) return [];
			const changed = own.filter(({compose: own}) => {
				const [hash, service] = own
					? [compose.hashes.get(own.service), compose.services.get(own.service)]
					: [];
				const isComparable = service !== undefined && !isHashStripped(own, service);
				return isComparable && hash !== undefined && hash !== own?.hash;
			});
			return changed.map(member => ({
				code: 'service-config-changed',
				params: {name: nameOf(member)},
			}));
		}),
	);
	look.signal.throwIfAborted();
	return all.flat();
}

/** Warnings about what a service needs and what does not run. */
export function dependencyWarnings(ordered: Ordered): readonly Phrase[] {
	return ordered.members.flatMap((member): readonly Phrase[] => {
		const services = missingDependencies(ordered, member);
		if (services.length === 0) return [];
		const params = {name: nameOf(member), services: services.join(', ')};
		return [{code: 'service-dependency-down', params}];
	});
}

/** The plan of restarting these containers, one after the other in this order. */
export async function restartPlan(
	look: Look,
	id: string,
	ordered: Ordered,
	facts: RestartTitle & {readonly pace: GatePace},
): Promise<PlanDraft> {
	const {members} = ordered;
	const {title, confirmName, pace} = facts;
	const [ending, changed] = await Promise.all([
		lookAtEnding(look, ordered),
		changedServices(look, members),
	]);
	const deeds = members.map(member => ({
		member,
		command: engineCommand(member, 'restart', {
			name: 't',
			value: graceSeconds(member, pace.leastGraceSeconds),
		}),
		undo: [engineCommand(member, 'start')],
		actTitle: 'service-step-restart' as const,
		proveTitle: isJob(ordered, member)
			? ('service-step-prove-job' as const)
			: ('service-step-prove' as const),
	}));
	return {
		title,
		confirmName,
		...endingDraft(look, id, ending, {deeds, pace}),
		risk: ending.risk,
		outages: members.map(member => ({
			what: nameOf(member),
			expectedMs: expectedOutageMs(member),
			basis: {
				code: 'service-outage-restart',
				params: {seconds: graceSeconds(member, pace.leastGraceSeconds)},
			},
		})),
		// With the proof, which takes longer than what is not answered meanwhile.
		expectedMs: members.reduce(
			(sum, {healthCheck}) => sum + startMs + usualGateMs(pace, healthCheck),
			0,
		),
		deletes: [],
		warnings: [...ending.warnings, ...dependencyWarnings(ordered), ...changed],
		undo: {code: 'service-undo-restart'},
	};
}
