import type {Command, Step} from '../../domain/plan.ts';
import {gateRules, type GatePace} from '../../domain/health-gate.ts';
import type {ServiceContainer} from '../../domain/service-facts.ts';
import {graceSeconds} from '../../domain/service-grace.ts';
import {objectOf, textOf} from '../../domain/unknown.ts';
import type {PhraseCode} from '../../words/phrases/index.ts';
import type {EngineAnswer} from '../../io/act.ts';
import type {StepCode, Tools} from '../operation.ts';
import {evidenceFile} from './evidence.ts';
import {nameOf} from './find.ts';
import {refuse} from './refuse.ts';
import {maxContainers} from './request.ts';

export type EngineCommand = Command & {kind: 'engine'};

/** Time beyond grace and gate that the engine itself may take, in ms. */
const engineMs = 60_000;

/** A call of the engine on one container and what an operator would type for it. */
export function engineCommand(
	{container}: ServiceContainer,
	action: 'start' | 'stop' | 'restart' | 'kill' | 'pause' | 'unpause',
	option?: {readonly name: 't' | 'signal'; readonly value: string | number},
): EngineCommand {
	const {id, name} = container;
	const query = option === undefined ? '' : `?${option.name}=${option.value}`;
	const flag = option?.name === 't' ? '--time' : '--signal';
	const words = option === undefined ? '' : ` ${flag} ${option.value}`;
	return {
		kind: 'engine',
		method: 'POST',
		path: `/containers/${id}/${action}${query}`,
		say: `docker ${action}${words} ${name}`,
	};
}

/** What is done to one container, and how it is looked at afterwards. */
export type Deed = {
	readonly member: ServiceContainer;
	/** How its acting step is called, before the number; `act` where absent. */
	readonly act?: 'act' | 'unpause';
	readonly command: EngineCommand;
	readonly undo?: readonly EngineCommand[];
	readonly actTitle: PhraseCode;
	readonly proveTitle: PhraseCode;
};

/**
 * Two steps for each container, in this order: the deed, then its proof. Where there is only one container the deed is
 * the commit point, so that a run whose worker died goes on and proves; with several, what was begun is taken back.
 */
export function pairSteps(
	deeds: readonly Deed[],
	facts: {readonly folder: string; readonly pace: GatePace},
): readonly Step[] {
	return deeds.flatMap((deed, index): readonly Step[] => {
		const {member, act = 'act', command, undo, actTitle, proveTitle} = deed;
		const name = nameOf(member);
		const {deadlineMs} = gateRules(facts.pace, member.healthCheck);
		return [
			{
				id: `${act}-${index + 1}`,
				title: {code: actTitle, params: {name}},
				commands: [command],
				...(undo !== undefined && {undo}),
				...(deeds.length === 1 && {isCommitPoint: true}),
				deadlineMs: graceSeconds(member) * 1000 + engineMs,
			},
			{
				id: `prove-${index + 1}`,
				title: {code: proveTitle, params: {name}},
				commands: [evidenceFile(facts.folder, name, 'after')],
				deadlineMs: deadlineMs + engineMs,
			},
		];
	});
}

/** The container that a step is about, from the planned call of the engine with the same number. */
export function containerOf({plan, step}: Pick<Tools, 'plan' | 'step'>): {
	readonly id: string;
	readonly name: string;
	readonly command: EngineCommand;
} {
	const number = step.id.slice(step.id.lastIndexOf('-') + 1);
	const act = plan.steps.find(({id}) => id === `act-${number}` || id === `unpause-${number}`);
	const command = act?.commands.find(each => each.kind === 'engine');
	const id = /^\/containers\/([^/]+)\//.exec(command?.path ?? '')?.[1];
	const container = plan.identity.containers?.find(each => each.id === id);
	if (command === undefined || container === undefined) {
		throw new Error(`step ${step.id} names no container`);
	}

	return {id: container.id, name: container.name, command};
}

/** The same code for as many steps of a name as a plan may have. */
export function numbered(name: string, code: StepCode): Readonly<Record<string, StepCode>> {
	const numbers = Array.from({length: maxContainers}, (_, index) => index + 1);
	return Object.fromEntries(numbers.map(number => [`${name}-${number}`, code]));
}

/** Code for as many pairs as a plan may have. */
export function pairCode(act: StepCode, prove: StepCode): Readonly<Record<string, StepCode>> {
	return {...numbered('act', act), ...numbered('prove', prove)};
}

/** Rejects unless the engine did it (204) or it was so already (304). */
export function expectDone({status, json}: EngineAnswer, name: string): void {
	if (status < 300 || status === 304) return;
	const said = textOf(objectOf(json)['message']) || `status ${status}`;
	throw status === 404 ? refuse('service-gone', {name}) : refuse('service-refused', {name, said});
}
