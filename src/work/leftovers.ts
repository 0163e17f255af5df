import type {Command, Plan} from '../domain/plan.ts';
import type {Act} from '../io/act.ts';
import type {Look} from '../operations/operation.ts';
import {postgresOf} from './sessions.ts';

const timeoutMs = 30_000;

/** Own sessions of a run, by the application name that all of them carry. */
const endBackends = `
	SELECT pg_terminate_backend(pid)
	FROM pg_stat_activity
	WHERE application_name = $1 AND pid <> pg_backend_pid()
`;

function has(plan: Plan, kinds: readonly Command['kind'][]): boolean {
	return plan.steps.some(({commands, undo = []}) =>
		[...commands, ...undo].some(({kind}) => kinds.includes(kind)),
	);
}

/**
 * Ends what a run may have left running: its sidecars (with the programs in them) and its database sessions. Rejects where
 * that could not be made sure of.
 */
export async function clearLeftovers(
	plan: Plan,
	act: Act,
	look: Pick<Look, 'targets'>,
): Promise<void> {
	const signal = AbortSignal.timeout(timeoutMs);
	if (has(plan, ['sidecar'])) await act.docker.removeSidecars(plan.id, signal);
	if (plan.identity.postgres === undefined || !has(plan, ['sql', 'sidecar', 'exec', 'program'])) {
		return;
	}

	const session = await act.postgres(postgresOf(plan, look), 'postgres', plan.id);
	try {
		await session.query(endBackends, [`opsc:${plan.id}`], signal);
	} finally {
		await session.close();
	}
}
