import {parseEvent} from '../../domain/container-events.ts';
import {jsonLines} from '../../domain/json-lines.ts';
import {listeningPorts} from '../../domain/listening.ts';
import {serviceContainer, type PublishedPort} from '../../domain/service-facts.ts';
import {stopVerdict} from '../../domain/service-grace.ts';
import {textOf} from '../../domain/unknown.ts';
import type {Look, Tools} from '../operation.ts';
import {inspect} from './find.ts';
import {knock, publishedHost} from './ports.ts';
import {refuse} from './refuse.ts';

const releaseMs = 10_000;
const pollMs = 100;

/** Says how a container ended: with status 0 or by its stop signal nothing, else a warning. */
export function sayEnd(
	tools: Pick<Tools, 'warn' | 'note'>,
	ended: {
		readonly name: string;
		readonly exitCode: number;
		readonly isOutOfMemory: boolean;
		readonly stopSignal: string | undefined;
	},
): void {
	const {name, exitCode, isOutOfMemory, stopSignal} = ended;
	const params = {name, exitCode};
	const verdict = stopVerdict({
		exitCode,
		isOutOfMemory,
		...(stopSignal !== undefined && {stopSignal}),
	});
	switch (verdict) {
		case 'clean':
			tools.note({code: 'service-ended', params});
			break;
		case 'killed':
			tools.warn({code: 'service-killed-after-grace', params});
			break;
		case 'out-of-memory':
			tools.warn({code: 'service-ended-out-of-memory', params});
			break;
		case 'status':
			tools.warn({code: 'service-ended-badly', params});
			break;
	}
}

/** Those of the ports that somebody listens on, by knocking at the machine that they are published on. */
async function openPorts(look: Look, wanted: readonly number[]): Promise<ReadonlySet<number>> {
	const host = publishedHost(look);
	const answers = await Promise.all(wanted.map(port => knock(look, {host, port})));
	return new Set(wanted.filter((_, index) => answers[index] === 'open'));
}

/** Ports of the host that somebody listens on: by /proc, and where that cannot be read (macOS, another host) by knocking. */
async function heldPorts(look: Look, wanted: readonly number[]): Promise<ReadonlySet<number>> {
	const {io} = look;
	if (!io.docker.address.startsWith('unix:')) return openPorts(look, wanted);
	const texts = await Promise.all(
		['/proc/net/tcp', '/proc/net/tcp6'].map(path =>
			io.files.readText(path, 16 * 1024 * 1024).catch(() => undefined),
		),
	);
	return texts[0] === undefined ? openPorts(look, wanted) : listeningPorts(texts.join('\n'));
}

/** Waits until nobody listens on the ports of a stopped container any more; rejects where somebody still does. */
export async function proveReleased(
	look: Look,
	name: string,
	ports: readonly PublishedPort[],
): Promise<void> {
	const wanted = ports.filter(({protocol}) => protocol === 'tcp').map(({hostPort}) => hostPort);
	const endMs = look.io.clock.monotonic() + releaseMs;
	for (;;) {
		const held = wanted.length === 0 ? undefined : await heldPorts(look, wanted);
		const port = wanted.find(each => held?.has(each) === true);
		if (port === undefined) return;
		if (look.io.clock.monotonic() >= endMs) throw refuse('service-port-held', {name, port});
		await look.io.clock.sleep(pollMs, look.signal);
	}
}

/** Rejects unless a container ends in time; says how it did. What was removed at its end (`--rm`) has ended. */
export async function proveEnded(
	tools: Tools,
	{id, name}: {readonly id: string; readonly name: string},
	waitMs: number = releaseMs,
): Promise<void> {
	const {look} = tools;
	const endMs = look.io.clock.monotonic() + waitMs;
	for (;;) {
		const inspection = await inspect(look, id);
		if (inspection === undefined) {
			tools.note({code: 'service-ended-removed', params: {name}});
			return;
		}

		const {container, ports, stopSignal} = serviceContainer(inspection);
		const {state, exitCode = 0, oomKilled} = container;
		if (state === 'exited' || state === 'created' || state === 'dead') {
			sayEnd(tools, {name, exitCode, isOutOfMemory: oomKilled, stopSignal});
			await proveReleased(look, name, ports);
			return;
		}

		if (look.io.clock.monotonic() >= endMs) throw refuse('service-still-runs', {name, state});
		await look.io.clock.sleep(pollMs, look.signal);
	}
}

/** Exit code of the last end of a container since a time, from the engine's events; a restart leaves no other trace. */
export async function lastExitCode(
	{io, signal}: Look,
	id: string,
	sinceMs: number,
): Promise<number | undefined> {
	const filters = JSON.stringify({type: ['container'], event: ['die'], container: [id]});
	const [since, until] = [sinceMs, io.clock.now()].map(ms => (ms / 1000).toFixed(3));
	const query = `since=${since ?? ''}&until=${until ?? ''}&filters=${encodeURIComponent(filters)}`;
	let exitCode: number | undefined;
	for await (const line of jsonLines(await io.docker.stream(`/events?${query}`, signal))) {
		const code = Number.parseInt(textOf(parseEvent(line)?.attributes['exitCode']), 10);
		if (Number.isInteger(code)) exitCode = code;
	}

	return exitCode;
}
