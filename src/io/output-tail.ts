import type {ActStream, Feed} from './act.ts';

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
	/** What the caller's own callback or input failed with; it is the failure of the whole. */
	failure(): unknown;
	/** The caller's input, watched for a failure. */
	readonly input: Feed | undefined;
};

/** Makes the outputs of one program. */
export function createOutputs(options: ActStream): Outputs {
	const tails = {stdout: createTail(), stderr: createTail()};
	const {input} = options;
	const watched = input === undefined ? undefined : watchFeed(input);
	let failure: unknown;
	return {
		input: watched?.feed,
		failure: () => failure ?? watched?.failure(),
		async take(stream, chunk) {
			tails[stream].add(chunk);
			try {
				await (stream === 'stdout' ? options.onOutput?.(chunk) : options.onError?.(chunk));
			} catch (error) {
				failure ??= error;
				throw error;
			}
		},
		texts: () => ({stdout: tails.stdout.text(), stderr: tails.stderr.text()}),
	};
}

/** A feed whose own failure can be told from the failure of what it is fed to. */
export function watchFeed(feed: Feed): {readonly feed: Feed; failure(): unknown} {
	let failure: unknown;
	async function* watched(): Feed {
		try {
			yield* feed;
		} catch (error) {
			failure ??= error;
			throw error;
		}
	}

	return {feed: watched(), failure: () => failure};
}
