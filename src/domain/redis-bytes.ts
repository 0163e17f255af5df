const unitBytes: Readonly<Record<string, number>> = {
	'': 1,
	k: 1000,
	kb: 1024,
	m: 1_000_000,
	mb: 1024 ** 2,
	g: 1_000_000_000,
	gb: 1024 ** 3,
};

/** A size as redis.conf takes it (`512mb`), in bytes; 0 is no limit. */
export function parseRedisBytes(text: string): number | undefined {
	const [, digits = '', unit = ''] = /^(\d{1,15})([kmg]?b?)$/i.exec(text.trim()) ?? [];
	const factor = unitBytes[unit.toLowerCase()];
	if (digits === '' || factor === undefined) return undefined;
	const bytes = Number(digits) * factor;
	return Number.isSafeInteger(bytes) ? bytes : undefined;
}
