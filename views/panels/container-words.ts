import type {Look} from '../../hooks/use-look.ts';
import type {Container} from '../../src/domain/containers.ts';
import {absent, formatDurationShort, formatLatencyShort} from '../../src/domain/format.ts';
import type {ContainerRow} from '../../src/store/select.ts';

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

/** Why a container is in trouble, in words; empty where it is not. */
export function whyText({container, endpoints}: ContainerRow, look: Look): string {
	const reasons: string[] = [];
	if (container.oomKilled) reasons.push(look.say('why.oom'));
	if (container.isCrashLooping) {
		reasons.push(look.say('why.restarts', {count: container.recentRestarts}));
	}

	// The state column says `exited (1)` already.
	const isExitShown = container.state === 'exited' && !container.isCrashLooping;
	const isDown = container.state !== 'running' || container.isCrashLooping;
	if (isDown && !isExitShown && container.exitCode !== undefined) {
		reasons.push(look.say('why.exit', {code: container.exitCode}));
	}

	if (container.health === 'unhealthy' && container.healthOutput !== undefined) {
		reasons.push(look.say('why.health', {output: container.healthOutput}));
	}

	const failing = endpoints.find(endpoint => !endpoint.isUp);
	if (failing) {
		const url = pathOf(failing.url);
		reasons.push(look.say('why.endpoint', {url, failure: failing.failure ?? ''}));
	}

	return reasons.join(', ');
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
