import {ProblemError} from '../domain/problem.ts';
import type {Docker, Io} from '../io/io.ts';

/** So long after it was asked for, an answer is good for every look that runs at the same time. */
const sharedMs = 250;
const answerMs = 3500;

type Flight = {readonly startedAtMs: number; readonly answer: Promise<unknown>};

const flights = new WeakMap<Docker, Map<string, Flight>>();

/** The answer of a request that another look sends at this moment, else of an own one. */
function flightOf({docker, clock}: Pick<Io, 'docker' | 'clock'>, path: string): Promise<unknown> {
	const known = flights.get(docker) ?? new Map<string, Flight>();
	flights.set(docker, known);
	const nowMs = clock.monotonic();
	for (const [key, {startedAtMs}] of known) {
		if (nowMs - startedAtMs > sharedMs) known.delete(key);
	}

	const flight = known.get(path);
	if (flight !== undefined) return flight.answer;
	const answer = docker.get(path, AbortSignal.timeout(answerMs));
	known.set(path, {startedAtMs: nowMs, answer});
	// A failure is told to those who wait for it now; whoever comes later asks anew.
	answer.catch(() => known.delete(path));
	return answer;
}

type Access = {readonly io: Pick<Io, 'docker' | 'clock'>; readonly signal: AbortSignal};

/**
 * `GET` of the engine for looks: "what is wrong" asks the same of many containers at once, so answers of the last quarter
 * of a second are shared. Rejects with a ProblemError, or with the signal's reason.
 */
export function getShared({io, signal}: Access, path: string): Promise<unknown> {
	signal.throwIfAborted();
	return new Promise((resolve, reject) => {
		const abort = () => reject(signal.reason as Error);
		signal.addEventListener('abort', abort, {once: true});
		const end = () => signal.removeEventListener('abort', abort);
		flightOf(io, path).then(resolve, reject).finally(end);
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
