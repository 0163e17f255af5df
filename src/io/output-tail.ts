import type {ActStream} from './act.ts';

/** How much of each output is kept for the result. */
export const tailBytes = 64 * 1024;

/** Keeps the end of an output. */
export type Tail = {add(chunk: Uint8Array): void; text(): string};

/** A tail of 64 KiB; a character that was cut at its start is shown as replaced. */
export function createTail(): Tail {
	let chunks: Uint8Array[] = [];
	let length = 0;
	const whole = () => Buffer.concat(chunks, length).subarray(Math.max(0, length - tailBytes));
	return {
		add(chunk) {
			chunks.push(chunk);
			length += chunk.length;
			// Joined only now and then, so that many small chunks cost little.
			if (length > 2 * tailBytes || chunks.length > 4096) {
				const kept = Buffer.from(whole());
				chunks = [kept];
				length = kept.length;
			}
		},
		text: () => whole().toString('utf8'),
	};
}

/** The two outputs of a program: kept at their ends and handed on, in order and not faster than they are taken. */
export type Outputs = {
	take(stream: 'stdout' | 'stderr', chunk: Uint8Array): Promise<void>;
	texts(): {readonly stdout: string; readonly stderr: string};
};

/** Makes the outputs of one program. */
export function createOutputs(options: ActStream): Outputs {
	const tails = {stdout: createTail(), stderr: createTail()};
	return {
		async take(stream, chunk) {
			tails[stream].add(chunk);
			await (stream === 'stdout' ? options.onOutput?.(chunk) : options.onError?.(chunk));
		},
		texts: () => ({stdout: tails.stdout.text(), stderr: tails.stderr.text()}),
	};
}
