import {numberOf, objectOf, textOf} from '../domain/unknown.ts';
import {call, expectCall, refusalOf} from './docker-call.ts';
import type {DockerLink} from './docker-link.ts';
import {pause} from './pause.ts';

/** A running exec: its container, id, and the mark in the environment of its processes. */
export type ExecRef = {
	readonly containerId: string;
	readonly id: string;
	readonly mark: string;
	readonly program: string;
	readonly user: string | undefined;
};

/** What the engine says of an exec. */
export type ExecState = {
	readonly isRunning: boolean;
	readonly exitCode: number | undefined;
	/** Number of the process on the machine of the engine; 0 before it runs. */
	readonly pid: number;
	/** The whole id of its container. */
	readonly containerId: string;
};

/** Variable whose value marks the processes of one exec, so that they can be found again inside the container. */
export const markVariable = 'OPSCONSOLE_EXEC';

/** Asks the engine for the state of an exec. */
export async function readExec(
	link: DockerLink,
	id: string,
	signal: AbortSignal,
): Promise<ExecState> {
	const {json} = await expectCall(link, ['GET', `/exec/${id}/json`, 200], {signal});
	const state = objectOf(json);
	return {
		isRunning: state['Running'] === true,
		exitCode: numberOf(state['ExitCode']),
		pid: numberOf(state['Pid']) ?? 0,
		containerId: textOf(state['ContainerID']),
	};
}

/** Waits until the engine knows how an exec ended. */
export async function exitOf(link: DockerLink, id: string, signal: AbortSignal): Promise<number> {
	for (let waitMs = 10; ; waitMs = Math.min(250, waitMs * 2)) {
		const state = await readExec(link, id, signal);
		if (!state.isRunning && state.exitCode !== undefined) return state.exitCode;
		await pause(waitMs, signal);
	}
}

/** Starts a program inside a container without following it; resolves with its exit code. */
export async function runQuietly(
	link: DockerLink,
	exec: {
		readonly containerId: string;
		readonly argv: readonly string[];
		readonly user?: string | undefined;
	},
	signal: AbortSignal,
): Promise<number> {
	const path = `/containers/${encodeURIComponent(exec.containerId)}/exec`;
	const body = {Cmd: exec.argv, ...(exec.user !== undefined && {User: exec.user})};
	const {json} = await expectCall(link, ['POST', path, 201], {body, signal});
	const id = textOf(objectOf(json)['Id']);
	const started = await call(link, 'POST', `/exec/${id}/start`, {
		body: {Detach: true, Tty: false},
		signal,
	});
	if (started.status !== 200) throw refusalOf(started);
	return await exitOf(link, id, signal);
}
