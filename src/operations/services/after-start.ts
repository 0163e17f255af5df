import {cleanLine} from '../../domain/clean.ts';
import {fatalLines} from '../../domain/fatal-lines.ts';
import {serviceContainer, type ServiceContainer} from '../../domain/service-facts.ts';
import type {Tools} from '../operation.ts';
import {beforeOf} from './evidence.ts';
import type {Watch} from './gate.ts';
import {inspect} from './find.ts';
import {lastLines} from './logs.ts';
import {silentPorts} from './ports.ts';

/** Lines since the start that are judged, and how long reading them may take, in ms. */
const judgedLines = 2000;
const logMs = 5000;

/** How long before the start time of the engine the program may have written, in ms: the time is taken afterwards. */
const earlyMs = 5000;

/** From when on what a container wrote is of its present run. */
function firstWordsMs({startedAt, finishedAtMs = 0}: ServiceContainer): number {
	return Math.max(finishedAtMs, Date.parse(startedAt) - earlyMs);
}

/** Says what the log since the start calls fatal, although the service runs: no false success. */
async function judgeLog(tools: Tools, watch: Watch, inspection: unknown): Promise<void> {
	const {look} = tools;
	const member = serviceContainer(inspection);
	const {container, isTerminal, kind} = member;
	const sinceMs = watch.sinceMs ?? firstWordsMs(member);
	const signal = AbortSignal.any([look.signal, AbortSignal.timeout(logMs)]);
	const about = {id: container.id, isTerminal};
	const lines = await lastLines({io: look.io, signal}, about, {count: judgedLines, sinceMs}).catch(
		() => undefined,
	);
	look.signal.throwIfAborted();
	const {name} = watch;
	if (lines === undefined) {
		tools.note({code: 'service-log-unread', params: {name}});
		return;
	}

	// Each line stands behind the engine's time of it.
	const said = lines.map(line => line.slice(line.indexOf(' ') + 1));
	for (const {kind: what, line, count} of fatalLines(said, kind)) {
		const params = {name, count, line: cleanLine(line, 200)};
		tools.warn({code: `service-fatal-${what}`, params});
	}
}

/** Waits until somebody listens behind every published port; what stays silent is said, and how it was before. */
async function judgePorts(tools: Tools, watch: Watch, inspection: unknown): Promise<void> {
	const {look} = tools;
	const {clock} = look.io;
	const {name, id, pace} = watch;
	const silentBefore = beforeOf(tools, id)?.silentPorts ?? [];
	const endMs = clock.monotonic() + pace.settleMs;
	let now = inspection;
	for (;;) {
		const silent = await silentPorts(look, now);
		const isNew = silent.some(({containerPort}) => !silentBefore.includes(containerPort));
		if (isNew && clock.monotonic() < endMs) {
			await clock.sleep(pace.everyMs, look.signal);
			now = await inspect(look, id);
			continue;
		}

		for (const {hostPort, containerPort} of silent) {
			const params = {name, port: hostPort, inside: containerPort};
			const wasSilent = silentBefore.includes(containerPort);
			if (wasSilent) tools.note({code: 'service-port-silent-still', params});
			else tools.warn({code: 'service-port-silent', params});
		}

		return;
	}
}

/** What the health gate does not see: fatal lines of the log since the start, and ports that nobody asked. */
export async function judgeStart(tools: Tools, watch: Watch, inspection: unknown): Promise<void> {
	if (watch.isJudged === false) return;
	await judgePorts(tools, watch, inspection);
	await judgeLog(tools, watch, inspection);
}
