import {ProblemError} from '../domain/problem.ts';
import type {Docker, Io} from '../io/io.ts';

const answerMs = 3500;

const flights = new WeakMap<Docker, Map<string, Promise<unknown>>>();

/** The answer of a request that another look waits for at this moment, else of an own one. */
function flightOf(docker: Docker, path: string): Promise<unknown> {
	const known = flights.get(docker) ?? new Map<string, Promise<unknown>>();
	flights.set(docker, known);
	const flight = known.get(path);
	if (flight !== undefined) return flight;
	const answer = docker.get(path, AbortSignal.timeout(answerMs));
	known.set(path, answer);
	// Whoever asks after the answer came wants to know what is then.
	const end = () => known.delete(path);
	answer.then(end, end);
	return answer;
}

type Access = {readonly io: Pick<Io, 'docker'>; readonly signal: AbortSignal};

/**
 * `GET` of the engine for looks: "what is wrong" asks the same of many containers at once, so whoever asks while another
 * waits for the same answer gets that one. Rejects with a ProblemError, or with the signal's reason.
 */
export function getShared({io, signal}: Access, path: string): Promise<unknown> {
	signal.throwIfAborted();
	return new Promise((resolve, reject) => {
		const abort = () => reject(signal.reason as Error);
		signal.addEventListener('abort', abort, {once: true});
		const end = () => signal.removeEventListener('abort', abort);
		flightOf(io.docker, path).then(resolve, reject).finally(end);
	});
}

/** As `getShared`; undefined where there is no such thing. */
export async function getIfThere(access: Access, path: string): Promise<unknown> {
	try {
		return await getShared(access, path);
	} catch (error) {
		if (error instanceof ProblemError && error.problem.code === 'docker-not-found') {
			return undefined;
		}

		throw error;
	}
}
