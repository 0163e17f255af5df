import type {Look} from '../../hooks/use-look.ts';
import type {Container} from '../../src/domain/containers.ts';
import {
	absent,
	formatAge,
	formatClock,
	formatDurationShort,
	formatLatencyShort,
} from '../../src/domain/format.ts';
import {standingOomKill} from '../../src/domain/oom-kill.ts';
import {type ContainerRow, urgencyOf} from '../../src/store/select-containers.ts';

/** State and health in one word. */
export function stateText(container: Container, look: Look): string {
	if (container.isCrashLooping) return look.say('state.crash-loop');
	if (container.state === 'running' && container.health !== 'none') {
		return look.say(`state.${container.health}`);
	}

	const word = look.say(`state.${container.state}`);
	const {exitCode} = container;
	return container.state === 'exited' && exitCode !== undefined ? `${word} (${exitCode})` : word;
}

/** How long a running container runs. */
export function uptimeText(container: Container, nowMs: number): string {
	if (container.state !== 'running' || container.startedAtMs === undefined) return absent;
	return formatDurationShort(Math.max(0, nowMs - container.startedAtMs) / 1000);
}

/** Status and latency of the probe that matters most. */
export function probeText({endpoints}: ContainerRow, look: Look): string {
	const probe = endpoints.find(endpoint => !endpoint.isUp) ?? endpoints[0];
	if (!probe) return '';
	// Why it does not answer is in the column of reasons.
	if (probe.status === undefined) return probe.isUp ? '' : look.say('endpoint.down');
	return `${probe.status} ${formatLatencyShort(probe.p95Ms ?? probe.latencyMs)}`;
}

/** The published ports: `8080>80`. */
export function publishedText(container: Container): string {
	const ports = container.ports
		.filter(port => port.hostPort !== undefined)
		.map(port => `${port.hostPort ?? ''}>${port.containerPort}`);
	return [...new Set(ports)].join(' ');
}

/** Exit codes that say which signal ended the process: 128 and its number (signal(7)). */
const crashSignals: Readonly<Record<number, string>> = {
	132: 'SIGILL',
	134: 'SIGABRT',
	135: 'SIGBUS',
	136: 'SIGFPE',
	139: 'SIGSEGV',
};

/** How a container that does not run came to its end: stopped, killed, crashed, failed; and how long ago. */
function endReasons(container: Container, look: Look, nowMs: number): readonly string[] {
	const {state, exitCode, finishedAtMs} = container;
	if (state === 'created') return [look.say('why.never-started')];
	const age =
		finishedAtMs === undefined ? [] : [formatAge(Math.max(0, nowMs - finishedAtMs), look.language)];
	// What the kernel killed says so already.
	if (standingOomKill(container, nowMs) || exitCode === undefined) return age;
	const signal = crashSignals[exitCode];
	if (signal !== undefined) return [look.say('why.crashed', {signal}), ...age];
	if (exitCode === 137) return [look.say('why.killed'), ...age];
	if (exitCode === 143) return [look.say('why.terminated'), ...age];
	return [look.say(exitCode === 0 ? 'why.stopped' : 'why.failed', {code: exitCode}), ...age];
}

const ended: ReadonlySet<Container['state']> = new Set(['created', 'exited', 'dead']);

/** Why a container is in trouble, in words; empty where it is not. */
export function whyText(row: ContainerRow, look: Look, nowMs: number): string {
	const {container, endpoints} = row;
	const reasons: string[] = [];
	const kill = standingOomKill(container, nowMs);
	if (kill) reasons.push(look.say('why.oom'));
	if (kill?.isOver && kill.atMs !== undefined && container.state === 'running') {
		reasons.push(formatAge(Math.max(0, nowMs - kill.atMs), look.language));
	}

	if (container.isCrashLooping) {
		reasons.push(look.say('why.restarts', {count: container.recentRestarts}));
	}

	const hasEnded = ended.has(container.state) && !container.isCrashLooping;
	// A job that ran to its end is no trouble.
	if (hasEnded && urgencyOf(row) !== 'ok') reasons.push(...endReasons(container, look, nowMs));
	// The engine forgets the code of a container that runs again.
	const isBetween = container.state !== 'running' && !hasEnded;
	if (isBetween && container.exitCode !== undefined) {
		reasons.push(look.say('why.exit', {code: container.exitCode}));
	}

	if (container.health === 'unhealthy' && container.healthOutput !== undefined && !hasEnded) {
		reasons.push(look.say('why.health', {output: container.healthOutput}));
	}

	const failing = endpoints.find(endpoint => !endpoint.isUp);
	if (failing) {
		const url = pathOf(failing.url);
		reasons.push(look.say('why.endpoint', {url, failure: failing.failure ?? ''}));
	}

	const {recovery} = row;
	if (recovery && (reasons.length === 0 || kill?.isOver)) {
		const until = recovery.untilMs === undefined ? '' : formatClock(recovery.untilMs).slice(0, 5);
		reasons.push(look.say(until === '' ? 'why.recovering' : 'why.recovering-until', {until}));
	}

	return reasons.join(look.say('comma'));
}

/** Service and number of a container, with its project where several are shown. */
export function nameText(container: Container, projects: number): string {
	if (container.service === undefined) return container.name;
	const number =
		container.number !== undefined && container.number > 1 ? `-${container.number}` : '';
	const name = `${container.service}${number}`;
	return projects > 1 && container.project !== undefined ? `${container.project}/${name}` : name;
}

/** Of how many projects the containers are. */
export function projectsOf(rows: readonly ContainerRow[]): number {
	return new Set(rows.map(row => row.container.project ?? '')).size;
}

/** The path of an address, which is enough beside the name of its service. */
export function pathOf(url: string): string {
	return url.replace(/^[a-z]+:\/\/[^/]*/, '').replace(/[?#].*$/, '') || '/';
}
