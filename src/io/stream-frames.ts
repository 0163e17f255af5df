const headerBytes = 8;

/** One piece of a multiplexed stream; a frame may come in several pieces, and an empty one is left out. */
export type FramePiece = {readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array};

/** Takes a multiplexed stream apart without keeping more than a header of it. */
export type FrameSplitter = {
	split(chunk: Uint8Array): FramePiece[];
	/** Whether the stream may end here: not inside a frame. */
	isComplete(): boolean;
};

/** Makes a splitter: header of stream number, three zeros and length (Docker Engine API, "attach to a container"). */
export function createFrameSplitter(): FrameSplitter {
	const header = new Uint8Array(headerBytes);
	const view = new DataView(header.buffer);
	let headerLength = 0;
	let rest = 0;
	let stream: FramePiece['stream'] = 'stdout';
	return {
		split(chunk) {
			const pieces: FramePiece[] = [];
			let at = 0;
			while (at < chunk.length) {
				if (rest > 0) {
					const bytes = chunk.subarray(at, at + rest);
					pieces.push({stream, bytes});
					rest -= bytes.length;
					at += bytes.length;
					continue;
				}

				const part = chunk.subarray(at, at + headerBytes - headerLength);
				header.set(part, headerLength);
				headerLength += part.length;
				at += part.length;
				if (headerLength === headerBytes) {
					// 3 is the engine's own error text.
					stream = (header[0] ?? 0) >= 2 ? 'stderr' : 'stdout';
					rest = view.getUint32(4);
					headerLength = 0;
				}
			}

			return pieces;
		},
		isComplete: () => rest === 0 && headerLength === 0,
	};
}
