import {clean} from '../../domain/clean.ts';
import {ProblemError, type Problem} from '../../domain/problem.ts';
import {numberOf, objectOf, textOf, textsOf} from '../../domain/unknown.ts';
import type {dockerFailures} from '../../runbooks/looks/own.ts';
import type {ProblemCode} from '../../words/index.ts';
import {sayProblem} from '../../words/say-problem.ts';
import {someText} from '../figures.ts';
import {maybe, within} from '../maybe.ts';
import type {LookFacts, LookReader} from '../reader.ts';

type Failure = (typeof dockerFailures)[number];

const answerMs = 3000;
const slowMs = 1000;

const byCode: Readonly<Partial<Record<ProblemCode, Failure>>> = {
	'docker-not-installed': 'not-installed',
	'docker-not-running': 'not-running',
	'docker-no-permission': 'no-right',
	'docker-version-too-old': 'version',
	'docker-version-too-new': 'version',
	'docker-tls': 'tls',
	'timed-out': 'timeout',
};

/** Names the failure behind a problem of the engine. */
export function dockerFailure({code, params}: Problem): Failure {
	const isLate = /TIMEDOUT/.test(String(params['cause'] ?? ''));
	return byCode[code] ?? (isLate ? 'timeout' : 'other');
}

const unknown = {
	version: undefined,
	ping: undefined,
	'is-slow': undefined,
	containers: undefined,
	running: undefined,
	paused: undefined,
	stopped: undefined,
	'storage-driver': undefined,
	'log-driver': undefined,
	'restores-containers': undefined,
	warnings: undefined,
};

/** How long one small answer takes, once the connection stands. */
async function ping({io, signal}: LookFacts) {
	const limited = within(answerMs, signal);
	await io.docker.version(limited);
	const startMs = io.clock.monotonic();
	const answer = objectOf(await io.docker.get('/version', limited));
	return {answer, ms: io.clock.monotonic() - startMs};
}

/** Whether the engine answers, how quickly, and what it says about itself. */
export const readDockerEngine: LookReader<'docker.engine'> = async facts => {
	const {io, signal, settings} = facts;
	try {
		const {answer, ms} = await ping(facts);
		const left = within(Math.max(500, answerMs - ms), signal);
		const info = objectOf(await maybe(io.docker.get('/info', left), signal));
		const isLive = info['LiveRestoreEnabled'];
		const warnings = Array.isArray(info['Warnings']) ? textsOf(info['Warnings']) : undefined;
		return {
			values: {
				answers: true,
				failure: 'none',
				version: someText(clean(textOf(answer['Version']), 60)),
				ping: ms,
				'is-slow': ms > slowMs,
				containers: numberOf(info['Containers']),
				running: numberOf(info['ContainersRunning']),
				paused: numberOf(info['ContainersPaused']),
				stopped: numberOf(info['ContainersStopped']),
				'storage-driver': someText(clean(textOf(info['Driver']), 60)),
				'log-driver': someText(clean(textOf(info['LoggingDriver']), 60)),
				'restores-containers': typeof isLive === 'boolean' ? isLive : undefined,
				// The engine leaves the list out where it has none to give.
				warnings: info['ID'] === undefined ? undefined : (warnings?.length ?? 0),
			},
			lines: (warnings ?? []).slice(0, 20).map(warning => clean(warning, 300)),
		};
	} catch (error) {
		signal.throwIfAborted();
		const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
		if (isTimeout) return {values: {answers: false, failure: 'timeout', ...unknown}};
		if (!(error instanceof ProblemError)) throw error;
		const {summary} = sayProblem(settings.language, error.problem);
		return {
			values: {answers: false, failure: dockerFailure(error.problem), ...unknown},
			lines: [clean(summary, 300)],
		};
	}
};
