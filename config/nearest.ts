/** Edits (insert, delete, replace, swap neighbours) that turn one text into the other; texts are cut at 64 characters. */
export function editDistance(left: string, right: string): number {
	const from = Array.from(left.slice(0, 64));
	const to = Array.from(right.slice(0, 64));
	let beforeLast: number[] = [];
	let last = Array.from({length: to.length + 1}, (_, index) => index);
	for (const [row, character] of from.entries()) {
		const line = [row + 1];
		for (const [column, other] of to.entries()) {
			const replaced = (last[column] ?? 0) + (character === other ? 0 : 1);
			const shifted = Math.min((last[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1);
			const isSwap = character === to[column - 1] && from[row - 1] === other;
			const swapped = isSwap ? (beforeLast[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
			line.push(Math.min(replaced, shifted, swapped));
		}

		beforeLast = last;
		last = line;
	}

	return last[to.length] ?? 0;
}

/** Lower case without separators, so that `maxAge` and `max-age` are next to `max_age`. */
function plain(text: string): string {
	return text.toLowerCase().replace(/[-_. ]/g, '');
}

/** The candidate that was probably meant: fewest edits, at most a third of its length (and one edit at least). */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
	const wanted = plain(text);
	let best: string | undefined;
	let bestDistance = Number.POSITIVE_INFINITY;
	for (const candidate of candidates) {
		const distance = editDistance(wanted, plain(candidate));
		const isClose = distance <= Math.max(1, Math.floor(plain(candidate).length / 3));
		const isPart = wanted.length >= 4 && plain(candidate).endsWith(wanted);
		const rank = isClose ? distance : isPart ? 4 : Number.POSITIVE_INFINITY;
		if (rank < bestDistance) {
			best = candidate;
			bestDistance = rank;
		}
	}

	return best;
}
