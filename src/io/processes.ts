import {constants} from 'node:fs';
import {access} from 'node:fs/promises';
import {delimiter, join} from 'node:path';

import {ProblemError} from '../domain/problem.ts';
import type {Processes} from './io.ts';

const maxOutputCharacters = 4 * 1024 * 1024;

type Environment = Readonly<Record<string, string | undefined>>;

/** Options that every program gets: no shell, no input, the C locale, the output capped, killed when we end. */
function optionsFor(environment: Environment, signal: AbortSignal) {
	return {
		env: {...environment, LC_ALL: 'C'},
		extendEnv: false,
		stdin: 'ignore',
		cancelSignal: signal,
		forceKillAfterDelay: 1000,
		reject: false,
	} as const;
}

/** The problem of a program that could not be started. */
function notStarted(program: string, cause: unknown): ProblemError {
	const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
	return new ProblemError(
		{code: 'unexpected', params: {what: program, cause: reason}, retry: 'rarely'},
		{cause},
	);
}

/** Whether one of the folders of PATH has this program, executable by us. */
async function has(program: string, environment: Environment): Promise<boolean> {
	const folders = (environment['PATH'] ?? '').split(delimiter).filter(folder => folder !== '');
	for (const folder of folders) {
		const isFound = await access(join(folder, program), constants.X_OK).then(
			() => true,
			() => false,
		);
		if (isFound) {
			return true;
		}
	}

	return false;
}

/** Read-only programs by argument array; execa is loaded at the first use, because it costs 18 ms. */
export function createProcesses(environment: Environment): Processes {
	return {
		async run([program, ...args], signal) {
			signal.throwIfAborted();
			const {execa} = await import('execa');
			const result = await execa(program, args, {
				...optionsFor(environment, signal),
				maxBuffer: maxOutputCharacters,
			});
			signal.throwIfAborted();
			// Output over the cap ends the program; what came until then is still of use.
			if (result.exitCode === undefined && !result.isMaxBuffer && !result.isTerminated) {
				throw notStarted(program, result.cause);
			}

			return {
				exitCode: result.exitCode ?? (result.isMaxBuffer ? 0 : 128),
				stdout: result.stdout,
				stderr: result.stderr,
			};
		},
		async *lines([program, ...args], signal) {
			signal.throwIfAborted();
			const {execa} = await import('execa');
			const running = execa(program, args, {
				...optionsFor(environment, signal),
				buffer: false,
				stderr: 'ignore',
			});
			for await (const line of running) {
				yield line;
			}

			const result = await running;
			if (result.exitCode === undefined && !signal.aborted && !result.isTerminated) {
				throw notStarted(program, result.cause);
			}
		},
		has: program => has(program, environment),
	};
}
