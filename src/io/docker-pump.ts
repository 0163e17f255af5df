import type {Duplex} from 'node:stream';

import type {Feed} from './act.ts';
import type {Outputs} from './output-tail.ts';
import {createFrameSplitter} from './stream-frames.ts';

/** Thrown where a multiplexed stream ends inside a frame. */
export const cutStream = 'the stream ended inside a frame';

/** Gives everything of a multiplexed stream to the outputs, not faster than they take it. */
export async function drain(
	source: AsyncIterable<unknown>,
	head: Uint8Array,
	outputs: Outputs,
): Promise<void> {
	const splitter = createFrameSplitter();
	const give = async (chunk: Uint8Array) => {
		for (const {stream, bytes} of splitter.split(chunk)) {
			await outputs.take(stream, bytes);
		}
	};

	await give(head);
	for await (const chunk of source) {
		if (chunk instanceof Uint8Array) await give(chunk);
	}

	if (!splitter.isComplete()) throw new Error(cutStream);
}

/** Writes a feed and closes the writing half; a reader that has gone is not an error, its exit code tells. */
export async function feedInto(socket: Duplex, feed: Feed): Promise<void> {
	for await (const chunk of feed) {
		if (!(await writeTo(socket, chunk))) return;
	}

	socket.end();
}

/** Writes a chunk and waits until it is taken; false where nobody takes it any more. */
export function writeTo(
	stream: NodeJS.WritableStream & {readonly destroyed?: boolean},
	chunk: Uint8Array,
): Promise<boolean> {
	return new Promise(resolve => {
		const closed = () => resolve(false);
		stream.once('close', closed);
		if (stream.destroyed === true || !stream.writable) {
			closed();
			return;
		}

		stream.write(chunk, error => {
			stream.off('close', closed);
			resolve(!error);
		});
	});
}
