import {maxLineBytes} from './log-frames.ts';

/** Cuts bytes into lines, however they come in blocks; characters that are split between blocks stay whole. */
export type LineReader = {
	/** The complete lines of this block and of what was kept; longer ones than the limit are cut and marked. */
	read(block: Uint8Array): string[];
	/** Counts the complete lines of a block instead. */
	count(block: Uint8Array): number;
	/** What was kept as a last line without a line feed, if anything. */
	end(): string | undefined;
};

const lineFeed = 10;
const maxKeptBytes = 4 * maxLineBytes;

function cut(line: string): string {
	const text = line.charCodeAt(0) === 0 ? line.replace(/^\0+/, '') : line;
	return text.length > maxLineBytes ? `${text.slice(0, maxLineBytes)}…` : text;
}

/** Makes a reader for one file. */
export function createLineReader(): LineReader {
	const decoder = new TextDecoder();
	let kept: Uint8Array[] = [];
	let keptBytes = 0;

	function keep(bytes: Uint8Array): void {
		if (bytes.length === 0 || keptBytes > maxKeptBytes) return;
		kept.push(bytes.slice(0, maxKeptBytes));
		keptBytes += bytes.length;
	}

	function takeKept(): Uint8Array {
		const whole = new Uint8Array(kept.reduce((sum, part) => sum + part.length, 0));
		let at = 0;
		for (const part of kept) {
			whole.set(part, at);
			at += part.length;
		}

		kept = [];
		keptBytes = 0;
		return whole;
	}

	return {
		read(block) {
			const end = block.lastIndexOf(lineFeed);
			if (end < 0) {
				keep(block);
				return [];
			}

			const first = block.indexOf(lineFeed);
			keep(block.subarray(0, first));
			const lines = [cut(decoder.decode(takeKept()))];
			if (end > first) {
				for (const line of decoder.decode(block.subarray(first + 1, end)).split('\n'))
					lines.push(cut(line));
			}

			keep(block.subarray(end + 1));
			return lines;
		},
		count(block) {
			const first = block.indexOf(lineFeed);
			if (first < 0) {
				keep(block);
				return 0;
			}

			takeKept();
			let lines = 0;
			let at = first;
			for (; at >= 0; at = block.indexOf(lineFeed, at + 1)) lines++;
			keep(block.subarray(block.lastIndexOf(lineFeed) + 1));
			return lines;
		},
		end() {
			const bytes = takeKept();
			return bytes.length === 0 ? undefined : cut(decoder.decode(bytes));
		},
	};
}
