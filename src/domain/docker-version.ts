/** Orders two API versions like `1.41` and `1.9` by their numbers; a version that is none counts as 0. */
export function compareApiVersions(a: string, b: string): number {
	const [majorA = 0, minorA = 0] = a.split('.').map(part => Number.parseInt(part, 10) || 0);
	const [majorB = 0, minorB = 0] = b.split('.').map(part => Number.parseInt(part, 10) || 0);
	return majorA - majorB || minorA - minorB;
}
