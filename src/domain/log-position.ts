import type {LogPiece, LogStream} from './log-frames.ts';

type Seen = {stamp: string; count: number};

/**
 * Remembers how far a container's log was read, so that after a lost connection nothing is missing and nothing
 * comes twice. Several pieces may share a timestamp; they are counted per stream.
 */
export type LogPosition = {
	/** The engine's `since` for the next request; undefined before the first piece. */
	since(): string | undefined;
	/** To be called before each request. */
	restart(): void;
	/** True for a piece that was not seen before. */
	accept(piece: LogPiece): boolean;
};

// The two outputs of a container may be written to the log a little out of order.
const slackSeconds = 1;

function sinceOf(stamp: string): string | undefined {
	const seconds = Math.floor(Date.parse(stamp) / 1000);
	const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? '0';
	return Number.isFinite(seconds)
		? `${seconds - slackSeconds}.${fraction.padEnd(9, '0')}`
		: undefined;
}

/** Makes a position before the first piece of a log. */
export function createLogPosition(): LogPosition {
	const seen = new Map<LogStream, Seen>();
	/** Pieces at the last timestamp that were met again since `restart`. */
	const again = new Map<LogStream, number>();
	const catchingUp = new Set<LogStream>();
	let floor: string | undefined;

	function isKnown(piece: LogPiece, last: Seen | undefined): boolean {
		if (last === undefined) return floor !== undefined && piece.stamp < floor;
		if (piece.stamp !== last.stamp) return piece.stamp < last.stamp;
		const met = (again.get(piece.stream) ?? 0) + 1;
		again.set(piece.stream, met);
		return met <= last.count;
	}

	return {
		since() {
			const stamps = [...seen.values()].map(last => last.stamp).sort();
			return stamps[0] === undefined ? undefined : sinceOf(stamps[0]);
		},
		restart() {
			again.clear();
			if (seen.size > 0) catchingUp.add('stdout').add('stderr');
		},
		accept(piece) {
			floor ??= piece.stamp;
			const last = seen.get(piece.stream);
			if (catchingUp.has(piece.stream) && isKnown(piece, last)) return false;
			catchingUp.delete(piece.stream);
			if (last === undefined || piece.stamp > last.stamp) {
				seen.set(piece.stream, {stamp: piece.stamp, count: 1});
			} else if (piece.stamp === last.stamp) last.count++;
			return true;
		},
	};
}
