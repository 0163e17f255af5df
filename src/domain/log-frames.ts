/** Longest line that is looked at, in bytes; what is longer is cut and marked. */
export const maxLineBytes = 16_384;

/** Which output of a container; a terminal has only one. */
export type LogStream = 'stdout' | 'stderr';

/**
 * One piece of a container's log: usually a whole line, or a part of one that the engine cut at 16 KiB.
 * `stamp` is the engine's time as text (nanoseconds); such texts order like their times.
 */
export type LogPiece = {
	readonly stream: LogStream;
	readonly stamp: string;
	/** Without the stamp and without the line feed; empty where the reader only counts. */
	readonly text: string;
	/** False where the rest of the line is in the next piece of the same stream. */
	readonly isEnd: boolean;
};

/** Takes the body of `GET /containers/{id}/logs?timestamps=1` apart, however it was cut into chunks. */
export type FrameReader = {
	/** All complete pieces of this chunk and what was kept of those before. */
	read(chunk: Uint8Array, countOnly: boolean): LogPiece[];
};

const headerBytes = 8;
const maxFrameBytes = 4 * 1024 * 1024;
const lineFeed = 10;
const space = 32;
const stampBytes = 40;

function join(kept: Uint8Array, chunk: Uint8Array): Uint8Array {
	if (kept.length === 0) return chunk;
	const whole = new Uint8Array(kept.length + chunk.length);
	whole.set(kept);
	whole.set(chunk, kept.length);
	return whole;
}

const decoder = new TextDecoder();

function pieceOf(
	bytes: Uint8Array,
	range: {readonly start: number; readonly end: number},
	stream: LogStream,
	countOnly: boolean,
): LogPiece {
	const isEnd = bytes[range.end - 1] === lineFeed;
	const end = isEnd ? range.end - 1 : range.end;
	const gap = bytes.subarray(range.start, Math.min(end, range.start + stampBytes)).indexOf(space);
	const textStart = gap < 0 ? end : range.start + gap + 1;
	const textEnd = countOnly ? textStart : Math.min(end, textStart + maxLineBytes);
	const stampEnd = gap < 0 ? Math.min(end, range.start + stampBytes) : range.start + gap;
	const cut = !countOnly && end > textEnd ? '…' : '';
	return {
		stream,
		stamp: decoder.decode(bytes.subarray(range.start, stampEnd)),
		text: textEnd === textStart ? '' : decoder.decode(bytes.subarray(textStart, textEnd)) + cut,
		isEnd,
	};
}

/**
 * Makes a reader. Without a terminal each piece has a header of eight bytes (stream, three zeros, length);
 * with one (`isTerminal`) the body is plain text. Docker Engine API, "attach to a container".
 */
export function createFrameReader(isTerminal: boolean): FrameReader {
	let kept: Uint8Array = new Uint8Array(0);
	let skipsLine = false;

	function readFrames(bytes: Uint8Array, countOnly: boolean): LogPiece[] {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const pieces: LogPiece[] = [];
		let at = 0;
		while (at + headerBytes <= bytes.length) {
			const length = view.getUint32(at + 4);
			const end = at + headerBytes + length;
			if (length > maxFrameBytes) {
				// Not a frame: there is no way to find the next one in these bytes.
				at = bytes.length;
				break;
			}

			if (end > bytes.length) break;
			const stream = bytes[at] === 2 ? 'stderr' : 'stdout';
			if (length > 0) {
				pieces.push(pieceOf(bytes, {start: at + headerBytes, end}, stream, countOnly));
			}

			at = end;
		}

		kept = bytes.slice(at);
		return pieces;
	}

	function readLines(bytes: Uint8Array, countOnly: boolean): LogPiece[] {
		const pieces: LogPiece[] = [];
		let at = 0;
		for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, at)) {
			if (!skipsLine) pieces.push(pieceOf(bytes, {start: at, end: end + 1}, 'stdout', countOnly));
			skipsLine = false;
			at = end + 1;
		}

		// A line without an end in sight: its start is given out as a whole line, the rest is passed over.
		if (bytes.length - at > 4 * maxLineBytes) {
			if (!skipsLine) {
				const piece = pieceOf(bytes, {start: at, end: bytes.length}, 'stdout', countOnly);
				pieces.push({...piece, isEnd: true});
			}

			skipsLine = true;
			at = bytes.length;
		}

		kept = bytes.slice(at);
		return pieces;
	}

	return {
		read(chunk, countOnly) {
			const bytes = join(kept, chunk);
			return isTerminal ? readLines(bytes, countOnly) : readFrames(bytes, countOnly);
		},
	};
}
