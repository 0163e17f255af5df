import {randomBytes} from 'node:crypto';

import {objectOf, textOf} from '../domain/unknown.ts';
import type {ActStream, DockerAct, ProgramResult} from './act.ts';
import {endExec} from './act-exec-end.ts';
import {unlessAborted} from './act-problem.ts';
import {expectCall} from './docker-call.ts';
import {dockerFailure} from './docker-failure.ts';
import {hijack} from './docker-hijack.ts';
import type {DockerLink} from './docker-link.ts';
import {passStreams} from './docker-streams.ts';
import {exitOf, markVariable, type ExecRef} from './exec-state.ts';
import {createOutputs, type Outputs} from './output-tail.ts';

type ExecRequest = Parameters<DockerAct['exec']>[0];

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
		user: exec.user,
	};
	const outputs = createOutputs(options);
	try {
		await follow(link, ref, options, outputs);
		return {exitCode: await exitOf(link, ref.id, signal), ...outputs.texts()};
	} catch (error) {
		await endExec(link, ref, error);
		throw outputs.failure() ?? dockerFailure(error, link.address, signal);
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
