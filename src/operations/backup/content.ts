import type {Look} from '../operation.ts';

const pieceBytes = 1024 * 1024;

/** A file piece by piece, for the standard input of a program that cannot open it. */
export async function* contentOf(
	{io, signal}: Pick<Look, 'io' | 'signal'>,
	path: string,
	onBytes?: (done: number) => void,
): AsyncIterable<Uint8Array> {
	for (let offset = 0; ; offset += pieceBytes) {
		signal.throwIfAborted();
		const piece = await io.files.readBytes(path, offset, pieceBytes);
		if (piece.length === 0) return;
		yield piece;
		onBytes?.(offset + piece.length);
		if (piece.length < pieceBytes) return;
	}
}
