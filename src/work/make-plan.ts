import {randomBytes} from 'node:crypto';
import {clean} from '../domain/clean.ts';
import type {JsonValue, Plan} from '../domain/plan.ts';
import {ProblemError} from '../domain/problem.ts';
import type {Io} from '../io/io.ts';
import type {Look, Operation} from '../operations/operation.ts';

/** What a plan is made with. */
export type PlanContext = {
	readonly look: Look;
	readonly operations: Readonly<Record<string, Operation>>;
	/** The id of the run, where the plan of one is made again to compare it. */
	readonly id?: string;
};

/** Id of a run: UTC time and random part, `20261121T101500Z-3f9c2a1b`. */
export function newId(nowMs: number): string {
	const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
	return `${time}-${randomBytes(4).toString('hex')}`;
}

/** First eight digits of /etc/machine-id; empty where there is none. */
async function machineOf({files}: Io): Promise<string> {
	const text = await files.readText('/etc/machine-id', 100).catch(() => '');
	return /^[0-9a-f]{8}/.exec(text)?.[0] ?? '';
}

/** The operation of this id; rejects with `operation-unknown`. */
export function operationOf(
	operations: Readonly<Record<string, Operation>>,
	id: string,
): Operation {
	const operation = Object.hasOwn(operations, id) ? operations[id] : undefined;
	if (operation !== undefined) return operation;
	throw new ProblemError({
		code: 'operation-unknown',
		params: {name: clean(id, 60)},
		retry: 'rarely',
	});
}

/**
 * Looks at the server and describes what an operation would do to it. Changes nothing; rejects with a ProblemError
 * where the operation is refused.
 */
export async function makePlan(
	context: PlanContext,
	operationId: string,
	request: unknown,
): Promise<Plan> {
	const {look, operations} = context;
	const operation = operationOf(operations, operationId);
	const checked: JsonValue = operation.parse(request);
	const id = context.id ?? newId(look.io.clock.now());
	const {confirmName, identity, ...draft} = await operation.plan(look, checked, id);
	const {kind, name} = look.settings.environment;
	// What has no name is called by its kind, so that there is always something to type before the slash.
	const environment = {kind, name: name === '' ? kind : name};
	if (draft.risk === 'destructive' && (confirmName ?? '') === '') {
		throw new Error(`the plan of ${operationId} is destructive and names nothing to type`);
	}

	return {
		...draft,
		version: 1,
		operation: operationId,
		id,
		request: checked,
		identity: {
			...identity,
			environment,
			hostname: clean(look.io.host.hostname(), 64),
			machine: await machineOf(look.io),
		},
		...(draft.risk === 'destructive' && {
			confirm: `${environment.name}/${clean(confirmName ?? '', 200)}`,
		}),
	};
}
