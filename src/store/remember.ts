/**
 * A function that gives the same result again while everything it reads is the same (compared by identity). Keeps the
 * last two results, because a screen may ask for two variants in turn. From outside it is as pure as `compute`.
 */
export function remember<Argument, Result>(
	reads: (argument: Argument) => readonly unknown[],
	compute: (argument: Argument) => Result,
): (argument: Argument) => Result {
	type Kept = {readonly keys: readonly unknown[]; readonly result: Result};
	let kept: readonly Kept[] = [];
	return argument => {
		const keys = reads(argument);
		const [first] = kept;
		if (first && isSame(first.keys, keys)) return first.result;
		const known = kept.find(entry => isSame(entry.keys, keys));
		const entry = known ?? {keys, result: compute(argument)};
		kept = first ? [entry, first] : [entry];
		return entry.result;
	};
}

/** Whether two lists hold the same things in the same order. */
export function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
	return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}
