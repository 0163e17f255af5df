import type {Command, Plan} from '../domain/plan.ts';
import {canonical} from './canonical.ts';

/** A command without the memory that its container may use: that follows what a server holds, which moves all the time. */
function settled(command: Command): unknown {
	if (command.kind !== 'sidecar') return command;
	const {memoryBytes: _moves, ...sidecar} = command.sidecar;
	return {...command, sidecar};
}

/** The parts of a plan that must still be the same when it is carried out; figures that move by themselves are left out. */
function essence(plan: Plan): Readonly<Record<string, unknown>> {
	return {
		operation: plan.operation,
		request: plan.request,
		environment: plan.identity.environment,
		host: [plan.identity.hostname, plan.identity.machine],
		project: [plan.identity.project, plan.identity.folder],
		containers: plan.identity.containers,
		PostgreSQL: plan.identity.postgres,
		Redis: plan.identity.redis,
		backup: plan.identity.backup,
		risk: [plan.risk, plan.confirm],
		steps: plan.steps.map(({id, commands, undo, isCommitPoint}) => ({
			id,
			commands: commands.map(settled),
			undo: undo?.map(settled),
			isCommitPoint,
		})),
		locks: plan.locks,
		deletes: plan.deletes.map(({name}) => name),
	};
}

/** Whether a tenth more, and ten, would go under a name than was confirmed. */
function goesMore(confirmed: Plan, now: Plan): boolean {
	return now.deletes.some(({count = 0}, index) => {
		const {count: before = 0} = confirmed.deletes[index] ?? {};
		return count > before * 1.1 + 10;
	});
}

/** Names what differs between the plan that was confirmed and the one that would be made now; undefined: nothing. */
export function differenceOf(confirmed: Plan, now: Plan): string | undefined {
	const before = essence(confirmed);
	const after = essence(now);
	return (
		Object.keys(before).find(key => canonical(before[key]) !== canonical(after[key])) ??
		(goesMore(confirmed, now) ? 'deletes' : undefined)
	);
}
