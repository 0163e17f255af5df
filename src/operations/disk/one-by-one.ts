import type {Command, JsonValue, PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {StepCode, Tools} from '../operation.ts';
import {fieldsOf, mayInteger} from '../shared/request.ts';

/** A call of the engine. */
export type EngineCommand = Command & {kind: 'engine'};

/** A day in ms. */
export const dayMs = 24 * 3_600_000;

/** Reads a request that may say an age in days. Throws where it says anything else. */
export function parseDays(request: JsonValue): {readonly days?: number} {
	const days = mayInteger(fieldsOf(request, ['days']), 'days', [1, 3650]);
	return days === undefined ? {} : {days};
}

/** Nothing is old enough and unused. */
export function nothingToClean(what: string): ProblemError {
	return new ProblemError({code: 'disk-nothing-to-clean', params: {what}, retry: 'rarely'});
}

/** What plans have in common that delete things of the engine one by one; `resource` is what nobody else may clean. */
export function oneByOneDraft(
	resource: 'images' | 'build-cache',
	commands: readonly EngineCommand[],
): Pick<PlanDraft, 'identity' | 'risk' | 'confirmName' | 'steps' | 'locks' | 'space' | 'outages'> {
	return {
		identity: {},
		risk: 'destructive',
		confirmName: resource,
		steps: [
			{
				id: 'delete',
				title: {code: 'step-clean-one-by-one'},
				commands,
				deadlineMs: 30 * 60_000,
			},
		],
		locks: [{resource, mode: 'exclusive'}],
		space: [],
		outages: [],
	};
}

/** The step of such a plan: each command in turn, until it is cancelled. */
export function oneByOne<R extends JsonValue>(
	deleteOne: (tools: Tools<R>, command: EngineCommand) => Promise<void>,
): {readonly delete: StepCode<R>} {
	return {
		delete: {
			async run(tools) {
				for (const command of tools.step.commands) {
					tools.look.signal.throwIfAborted();
					if (command.kind === 'engine') await deleteOne(tools, command);
				}
			},
		},
	};
}
