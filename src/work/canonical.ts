import {createHash} from 'node:crypto';

/** JSON with sorted keys and without what is undefined: equal values give equal texts. */
export function canonical(value: unknown): string {
	return JSON.stringify(value, (_key, item: unknown) =>
		typeof item === 'object' && item !== null && !Array.isArray(item)
			? Object.fromEntries(
					Object.entries(item)
						.filter(([, part]) => part !== undefined)
						.toSorted(([a], [b]) => (a < b ? -1 : 1)),
				)
			: item,
	);
}

/** SHA-256 of a text or bytes, in hex. */
export function sha256(data: string | Uint8Array): string {
	return createHash('sha256').update(data).digest('hex');
}
