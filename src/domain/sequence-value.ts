import type {DatabaseFacts} from './manifest.ts';

/**
 * Whether a restored sequence is behind the one of a manifest: missing, never used, or gone back. Further on is right: a
 * dump reads sequences after the snapshot was taken, because they belong to no transaction, and writers go on meanwhile.
 */
export function isSequenceBehind(
	{lastValue, isDescending}: DatabaseFacts['sequences'][number],
	now: string | undefined,
): boolean {
	if (now === undefined) return true;
	if (lastValue === '') return false;
	if (now === '') return true;
	return isDescending === true ? BigInt(now) > BigInt(lastValue) : BigInt(now) < BigInt(lastValue);
}
