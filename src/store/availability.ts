import type {BackupKind} from '../domain/manifest.ts';
import type {PostgresActivity, Session} from '../domain/postgres.ts';
import type {Problem} from '../domain/problem.ts';
import type {ProblemCode} from '../words/index.ts';
import {sayProblem} from '../words/say-problem.ts';
import {sayPhrase} from '../words/phrases/phrase.ts';
import {jobsOn} from './jobs.ts';
import {single} from './select.ts';
import type {State} from './state.ts';
import {containerOf, type Thing} from './things.ts';

/** Why something is not possible now, from what the screen already knows; undefined where nothing speaks against it. */
export type Obstacle = (state: State, thing: Thing) => Problem | undefined;

function because(code: ProblemCode, params: Problem['params'] = {}): Problem {
	return {code, params, retry: 'soon'};
}

/** The first reason that speaks against it. */
export function firstOf(...obstacles: readonly Obstacle[]): Obstacle {
	return (state, thing) => {
		for (const obstacle of obstacles) {
			const problem = obstacle(state, thing);
			if (problem) return problem;
		}

		return undefined;
	};
}

/** A read-only console changes nothing; where an unsafe configuration is the cause, that is the reason. */
export const readOnly: Obstacle = ({settings, ui, denied}) => {
	if (!settings.isReadOnly) return denied;
	const unsafe = settings.problems.find(
		({code}) => code === 'config-writable-by-others' || code === 'config-secret-readable',
	);
	if (!unsafe) return because('action-read-only');
	const {summary, hint} = sayProblem(ui.language, unsafe);
	return because('action-unsafe-settings', {cause: summary, hint});
};

/** The engine has to answer. */
export const noEngine: Obstacle = ({data}) => {
	const reading = single(data, 'docker.containers');
	return reading?.kind === 'fresh' ? undefined : because('action-no-engine');
};

/** The very container has to be there. */
export const gone: Obstacle = (state, thing) => {
	if (thing.kind !== 'container' || containerOf(state, thing)) return undefined;
	return because('action-gone', {name: thing.name});
};

/** Something that is done to the same thing now. */
export const busy: Obstacle = (state, thing) => {
	const [job] = jobsOn(state, thing);
	return job && because('action-busy', {title: sayPhrase(state.ui.language, job.title)});
};

/** Only a container that is stopped can be started. */
export const runsAlready: Obstacle = (state, thing) => {
	const container = thing.kind === 'container' ? containerOf(state, thing) : undefined;
	if (container?.state !== 'running' && container?.state !== 'restarting') return undefined;
	return because('action-runs-already', {name: container.name});
};

/** Only a container that runs can be stopped, or entered. */
export const notRunning: Obstacle = (state, thing) => {
	const container = thing.kind === 'container' ? containerOf(state, thing) : undefined;
	if (!container || container.state === 'running' || container.state === 'restarting')
		return undefined;
	return because('action-not-running', {name: container.name, state: container.state});
};

/** Only a service of a Compose project can be made anew. */
export const noCompose: Obstacle = (_state, thing) => {
	if (thing.kind !== 'container' || (thing.project !== undefined && thing.service !== undefined))
		return undefined;
	return because('action-no-compose', {name: thing.name});
};

const cancelProblems = {
	own: 'action-session-own',
	superuser: 'action-session-superuser',
	rights: 'action-session-rights',
} as const;

/** Why the statement of a session is not cancelled from here; undefined where it may be. */
export function cancelObstacle({
	pid,
	user,
	cannotCancel,
}: Pick<Session, 'pid' | 'user' | 'cannotCancel'>): Problem | undefined {
	return cannotCancel && because(cancelProblems[cannotCancel], {pid, user});
}

/** There has to be a statement that can be cancelled; of several that cannot, the first says why. */
function queryObstacle({active}: Pick<PostgresActivity, 'active'>, name: string) {
	if (active.length === 0) return because('action-no-query', {name});
	const reasons = active.map(cancelObstacle);
	return reasons.includes(undefined) ? undefined : reasons[0];
}

/** The server has to answer, and to be the one that takes writes. */
export function server(...needs: readonly ('answer' | 'writes' | 'queries')[]): Obstacle {
	return (state, thing) => {
		if (thing.kind === 'postgres') {
			const reading = state.data.readings['postgres.activity'][thing.id];
			if (reading?.kind !== 'fresh') return because('action-no-answer', {name: thing.id});
			if (needs.includes('writes') && reading.value.role === 'standby')
				return because('action-standby', {name: thing.id});
			if (needs.includes('queries')) return queryObstacle(reading.value, thing.id);
		}

		if (thing.kind === 'redis') {
			const reading = state.data.readings['redis.server'][thing.id];
			if (reading?.kind !== 'fresh') return because('action-no-answer', {name: thing.id});
			if (needs.includes('writes') && reading.value.role === 'replica')
				return because('action-replica', {name: thing.id});
		}

		return undefined;
	};
}

/** A server of this area has to be watched here. */
export function needsServer(area: 'postgres' | 'redis'): Obstacle {
	return ({data}) => (data.targets[area].length > 0 ? undefined : because('action-no-server'));
}

/** There has to be a backup of the kind; while the catalogue is read, nothing speaks against it. */
export function noBackup(...kinds: readonly BackupKind[]): Obstacle {
	return ({backups}) => {
		if (backups?.kind === 'failed') return backups.problem;
		if (backups?.kind !== 'ready') return undefined;
		return backups.backups.some(({kind}) => kinds.includes(kind))
			? undefined
			: because('action-no-backup');
	};
}
