import {randomBytes} from 'node:crypto';

import {objectOf, numberOf, textOf} from '../domain/unknown.ts';
import type {ActStream, DockerAct, ProgramResult} from './act.ts';
import {endExec} from './act-exec-end.ts';
import {actProblem, unlessAborted} from './act-problem.ts';
import {call, expectCall, refusalOf} from './docker-call.ts';
import {dockerFailure} from './docker-failure.ts';
import {hijack, type Hijacked} from './docker-hijack.ts';
import {bodyOf, type DockerLink} from './docker-link.ts';
import {cutStream, drain, feedInto} from './docker-pump.ts';
import {createOutputs, type Outputs} from './output-tail.ts';
import {pause} from './pause.ts';

type ExecRequest = Parameters<DockerAct['exec']>[0];

/** A running exec: its container, id, and the mark in the environment of its processes. */
export type ExecRef = {
	readonly containerId: string;
	readonly id: string;
	readonly mark: string;
	readonly program: string;
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

/** Runs a program inside a container to its end; when the signal fires, the program is ended as well. */
export async function runExec(
	link: DockerLink,
	exec: ExecRequest,
	options: ActStream,
): Promise<ProgramResult> {
	const mark = randomBytes(16).toString('hex');
	const {signal} = options;
	const {json} = await expectCall(
		link,
		['POST', `/containers/${encodeURIComponent(exec.containerId)}/exec`, 201],
		{
			body: {
				AttachStdin: options.input !== undefined,
				AttachStdout: true,
				AttachStderr: true,
				Tty: false,
				Cmd: exec.argv,
				Env: Object.entries({...exec.environment, [markVariable]: mark}).map(
					([name, value]) => `${name}=${value}`,
				),
				...(exec.user !== undefined && {User: exec.user}),
			},
			signal,
		},
	);
	const ref = {
		containerId: exec.containerId,
		id: textOf(objectOf(json)['Id']),
		mark,
		program: exec.argv[0] ?? '',
	};
	const outputs = createOutputs(options);
	try {
		await follow(link, ref, options, outputs);
		return {exitCode: await exitOf(link, ref.id, signal), ...outputs.texts()};
	} catch (error) {
		await endExec(link, ref, error);
		throw dockerFailure(error, link.address, signal);
	}
}

/** Starts an exec and passes its streams on until the program closed them. */
async function follow(
	link: DockerLink,
	ref: ExecRef,
	options: ActStream,
	outputs: Outputs,
): Promise<void> {
	const {signal} = options;
	const body = {Detach: false, Tty: false};
	const hijacked = await link.exchange(signal, api =>
		unlessAborted(hijack(link, `/v${api}/exec/${ref.id}/start`, body, signal), signal),
	);
	await passStreams(hijacked, ref, options, outputs);
}

/** Passes the streams of an exec or an attached container on, until the other side ends them or the signal fires. */
export async function passStreams(
	hijacked: Hijacked,
	place: {readonly containerId: string; readonly program: string},
	options: ActStream,
	outputs: Outputs,
): Promise<void> {
	const {signal, input} = options;
	if (hijacked.kind === 'answer') {
		const {answer} = hijacked;
		if (answer.statusCode !== 200 || input) {
			throw await notRaw(answer, place);
		}
	}

	const [stream, head] =
		hijacked.kind === 'raw' ? [hijacked.socket, hijacked.head] : [hijacked.answer, Buffer.alloc(0)];
	const destroy = () => void stream.destroy();
	signal.addEventListener('abort', destroy, {once: true});
	try {
		signal.throwIfAborted();
		const reading = drain(stream, head, outputs);
		if (input && hijacked.kind === 'raw') {
			// Where the feed fails the program must not take what came so far for the whole.
			await Promise.all([reading, feedInto(hijacked.socket, input)]);
		} else {
			await reading;
		}

		signal.throwIfAborted();
	} catch (error) {
		signal.throwIfAborted();
		throw error instanceof Error && error.message === cutStream
			? actProblem('act-exec-stream', {
					program: place.program,
					container: place.containerId.slice(0, 12),
					cause: cutStream,
				})
			: error;
	} finally {
		signal.removeEventListener('abort', destroy);
		destroy();
	}
}

async function notRaw(
	answer: Extract<Hijacked, {kind: 'answer'}>['answer'],
	place: {readonly containerId: string; readonly program: string},
): Promise<Error> {
	const status = answer.statusCode ?? 0;
	if (status === 200) {
		answer.destroy();
		return actProblem('act-exec-stream', {
			program: place.program,
			container: place.containerId.slice(0, 12),
			cause: 'no upgrade',
		});
	}

	return refusalOf({status, json: await bodyOf(answer)});
}

/** Starts a program inside a container without following it; resolves with its exit code. */
export async function runQuietly(
	link: DockerLink,
	exec: {readonly containerId: string; readonly argv: readonly string[]; readonly user: string},
	signal: AbortSignal,
): Promise<number> {
	const path = `/containers/${encodeURIComponent(exec.containerId)}/exec`;
	const body = {Cmd: exec.argv, User: exec.user};
	const {json} = await expectCall(link, ['POST', path, 201], {body, signal});
	const id = textOf(objectOf(json)['Id']);
	const started = await call(link, 'POST', `/exec/${id}/start`, {
		body: {Detach: true, Tty: false},
		signal,
	});
	if (started.status !== 200) throw refusalOf(started);
	return await exitOf(link, id, signal);
}
