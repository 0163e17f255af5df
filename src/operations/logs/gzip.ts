import {createSha256} from '../../domain/sha256.ts';
import type {FileWriter} from '../../io/act.ts';
import type {Look} from '../operation.ts';

/** Size and SHA-256 of some content. */
export type Content = {readonly bytes: number; readonly sha256: string};

/** What is written into compressed. */
export type Compressor = {
	write(bytes: Uint8Array): Promise<void>;
	/** Ends the stream and the file; the content is what was written before it was compressed. */
	finish(): Promise<{readonly file: Content; readonly content: Content}>;
};

/** Compresses (gzip) into a file while it is written. A failure of the file rejects the next write. */
export function createCompressor(file: FileWriter): Compressor {
	const stream = new CompressionStream('gzip');
	const input = stream.writable.getWriter();
	const sum = createSha256();
	let bytes = 0;
	const drained = (async () => {
		for await (const piece of stream.readable) await file.write(piece);
	})();
	// Whoever writes next is told.
	drained.catch(() => undefined);
	input.closed.catch(() => undefined);
	return {
		async write(piece) {
			sum.add(piece);
			bytes += piece.length;
			const written = input.write(new Uint8Array(piece));
			written.catch(() => undefined);
			// A file that fails takes nothing any more, and the write would wait for ever.
			await Promise.race([written, drained]);
		},
		async finish() {
			const closed = input.close();
			closed.catch(() => undefined);
			await drained;
			await closed;
			return {file: await file.finish(), content: {bytes, sha256: sum.hex()}};
		},
	};
}

const sliceBytes = 1024 * 1024;

/**
 * Reads a compressed file to its end; size and SHA-256 of what is in it. Rejects where it is damaged or cut off, and as
 * soon as it unpacks to more than `mostBytes`: a thousand times its size may be in it.
 */
export async function readCompressed(
	{io, signal}: Pick<Look, 'io' | 'signal'>,
	path: string,
	mostBytes: number,
): Promise<Content> {
	const stream = new DecompressionStream('gzip');
	const input = stream.writable.getWriter();
	input.closed.catch(() => undefined);
	const sum = createSha256();
	let found = 0;
	const drained = (async () => {
		for await (const piece of stream.readable) {
			sum.add(piece);
			found += piece.length;
			if (found > mostBytes) throw new Error('it unpacks to more than it should hold');
		}
	})();
	drained.catch(() => undefined);
	const {bytes} = await io.files.lstat(path);
	for (let at = 0; at < bytes; at += sliceBytes) {
		signal.throwIfAborted();
		const piece = await io.files.readBytes(path, at, Math.min(sliceBytes, bytes - at));
		const written = input.write(new Uint8Array(piece));
		written.catch(() => undefined);
		await Promise.race([written, drained]);
	}

	input.close().catch(() => undefined);
	await drained;
	return {bytes: found, sha256: sum.hex()};
}
