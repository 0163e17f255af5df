import {listOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Io} from '../../io/io.ts';

const firstDelayMs = 200;
const maxDelayMs = 2000;
const maxEventBytes = 1024 * 1024;

function idOfEvent(line: string): string | undefined {
	try {
		const event = objectOf(JSON.parse(line));
		return textOf(event['id']) || textOf(objectOf(event['Actor'])['ID']) || undefined;
	} catch {
		return undefined;
	}
}

async function readEvents(
	io: Io,
	onStart: (id?: string) => void,
	signal: AbortSignal,
): Promise<void> {
	const filters = encodeURIComponent(JSON.stringify({type: ['container'], event: ['start']}));
	const chunks = await io.docker.stream(`/events?filters=${filters}`, signal);
	// What started while nobody listened is not told: everybody looks once.
	onStart();
	const decoder = new TextDecoder();
	let rest = '';
	for await (const chunk of chunks) {
		const lines = (rest + decoder.decode(chunk, {stream: true})).split('\n');
		rest = (lines.pop() ?? '').slice(0, maxEventBytes);
		for (const id of listOf(lines.map(idOfEvent))) {
			if (typeof id === 'string') onStart(id);
		}
	}
}

/** Calls back with the id of each container that starts, and without one when the engine came back. Runs until the signal. */
export async function followStarts(
	io: Io,
	onStart: (id?: string) => void,
	signal: AbortSignal,
): Promise<void> {
	let delayMs = firstDelayMs;
	while (!signal.aborted) {
		const startMs = io.clock.monotonic();
		await readEvents(io, onStart, signal).catch(() => undefined);
		delayMs =
			io.clock.monotonic() - startMs > 5000 ? firstDelayMs : Math.min(maxDelayMs, delayMs * 2);
		await io.clock.sleep(delayMs * (0.75 + Math.random() / 2), signal);
	}
}
