/**
 * Whether the value of an operator's statement is what is expected: `>0`, `>=5`, `<10`, `<=10`, `=3`, or the text itself
 * (`t` for a true boolean). A comparison with something that is no number does not hold.
 */
export function assertionHolds(value: string, expected: string): boolean {
	const [, operator = '', wanted = ''] = /^(>=|<=|>|<|=)\s*(.+)$/.exec(expected.trim()) ?? [];
	if (operator === '') return value === expected.trim();
	const [left, right] = [Number(value), Number(wanted)];
	const areNumbers = value.trim() !== '' && Number.isFinite(left) && Number.isFinite(right);
	if (!areNumbers) return operator === '=' && value === wanted;
	switch (operator) {
		case '>':
			return left > right;
		case '>=':
			return left >= right;
		case '<':
			return left < right;
		case '<=':
			return left <= right;
		default:
			return left === right;
	}
}
