/** Whether a text passes the filter; `!text` inverts it, case does not matter. */
export function passes(filter: string, ...texts: readonly string[]): boolean {
	if (filter === '' || filter === '!') return true;
	const isInverse = filter.startsWith('!');
	const wanted = (isInverse ? filter.slice(1) : filter).toLowerCase();
	return texts.some(text => text.toLowerCase().includes(wanted)) !== isInverse;
}
