import {cleanLine} from '../../domain/clean.ts';
import {
	gateRules,
	gateStart,
	nextGate,
	rulesAfterPause,
	type GateFailure,
	type GatePace,
	type GateVerdict,
} from '../../domain/health-gate.ts';
import type {Problem} from '../../domain/problem.ts';
import {gateSample, serviceContainer} from '../../domain/service-facts.ts';
import type {Look, Tools} from '../operation.ts';
import {judgeStart} from './after-start.ts';
import {describe, writeEvidence} from './evidence.ts';
import {inspect, nameOf} from './find.ts';
import {probeOf} from './probe.ts';
import {refuse} from './refuse.ts';

/** Lines of the log that go into the job's own log when something fails. */
const shownLines = 10;
/** How long the evidence of a failure may take to read, in ms. */
const evidenceMs = 10_000;

const codes: Readonly<Record<GateFailure, Problem['code']>> = {
	gone: 'service-gone',
	exited: 'service-exited',
	'out-of-memory': 'service-out-of-memory',
	restarted: 'service-restarted',
	paused: 'service-paused',
	unhealthy: 'service-unhealthy',
	'never-running': 'service-never-running',
	'never-stable': 'service-never-running',
	'never-healthy': 'service-never-healthy',
	'never-answered': 'service-never-answered',
};

/** How one container is watched. */
export type Watch = {
	readonly id: string;
	readonly name: string;
	readonly pace: GatePace;
	readonly restartCount?: number;
	readonly isJob?: boolean;
	/** From when on its log is judged; its start where absent. By the wall clock, in ms. */
	readonly sinceMs?: number;
	/** False for a container that ran before and was left alone: its log and ports are not judged. */
	readonly isJudged?: boolean;
	/** For one that was paused: when its last health check before that began, by the engine's clock; earlier ones count for nothing. */
	readonly lastCheckMs?: number;
};

/** The verdict and the last inspection that led to it. */
export type Watched = {
	readonly verdict: GateVerdict;
	readonly inspection: unknown;
	readonly seconds: number;
};

/** Looks at a started container again and again until the gate has a verdict other than waiting. */
export async function watchContainer(look: Look, watch: Watch): Promise<Watched> {
	const {clock} = look.io;
	const {id, pace, restartCount = 0, isJob = false, lastCheckMs} = watch;
	let inspection = await inspect(look, id);
	const first = serviceContainer(inspection);
	const usual = gateRules(pace, first.healthCheck, {restartCount, isJob});
	const rules = lastCheckMs === undefined ? usual : rulesAfterPause(usual, first.healthCheck);
	const probe = inspection === undefined ? undefined : probeOf(look, first);
	const beganMs = clock.monotonic();
	let state = gateStart;
	for (;;) {
		const isUp = serviceContainer(inspection).container.state === 'running';
		const answer =
			probe === undefined || inspection === undefined
				? 'none'
				: isUp && (await probe(inspection))
					? 'ok'
					: 'failed';
		const atMs = clock.monotonic();
		state = nextGate(rules, state, gateSample(inspection, {atMs, probe: answer, lastCheckMs}));
		if (state.verdict.kind !== 'waiting') {
			return {verdict: state.verdict, inspection, seconds: Math.ceil((atMs - beganMs) / 1000)};
		}

		await clock.sleep(pace.everyMs, look.signal);
		inspection = await inspect(look, id);
	}
}

/** Puts what a failed container said into the job's log and, where planned, into a file beside the evidence. */
async function keepFailure(tools: Tools, {name}: Watch, inspection: unknown): Promise<void> {
	if (inspection === undefined) return;
	const {text, lines} = await describe(tools.look, inspection, AbortSignal.timeout(evidenceMs));
	for (const line of lines.slice(-shownLines)) {
		tools.note({code: 'service-said', params: {name, line: cleanLine(line, 300)}});
	}

	const command = tools.step.commands.find(
		each => each.kind === 'file' && each.action === 'write' && each.path.endsWith('.after.log'),
	);
	if (command?.kind === 'file' && command.action === 'write') {
		await writeEvidence(tools, {...command, action: 'write'}, text);
	}
}

/** Watches a container until it works; rejects with what is wrong with it, its exit code and what it last said. */
export async function proveWorking(tools: Tools, watch: Watch): Promise<void> {
	const {verdict, inspection, seconds} = await watchContainer(tools.look, watch);
	const {name} = watch;
	if (verdict.kind === 'healthy') {
		await judgeStart(tools, watch, inspection);
		tools.note({code: 'service-works', params: {name, seconds}});
		return;
	}

	if (verdict.kind === 'waiting') throw new Error('the gate ended without a verdict');
	await keepFailure(tools, watch, inspection);
	const {container, error} = serviceContainer(inspection);
	throw refuse(codes[verdict.reason], {
		name,
		seconds,
		exitCode: container.exitCode ?? '-',
		restarts: container.restartCount,
		said: error ?? container.healthOutput ?? '-',
	});
}

/** Name of a container after it was looked up anew. */
export function nameNow(inspection: unknown): string {
	return nameOf(serviceContainer(inspection));
}
