/** How much a JSON text may hold before it is parsed: parsing takes many times the memory of the text. */
export type JsonBudget = {
	/** Lists and objects within each other. */
	readonly depth: number;
	/** Values of all kinds together. */
	readonly values: number;
};

const quote = 0x22;
const backslash = 0x5c;

/** Index of the quote that ends a text, from the one after its first quote on. */
function endOfText(json: string, from: number): number {
	let at = json.indexOf('"', from);
	while (at > 0 && json.charCodeAt(at - 1) === backslash) {
		let count = 1;
		while (json.charCodeAt(at - 1 - count) === backslash) count += 1;
		if (count % 2 === 0) break;
		at = json.indexOf('"', at + 1);
	}

	return at < 0 ? json.length : at;
}

/** Whether a JSON text stays within a budget, by its brackets and commas alone; a broken text is left to the parser. */
export function isWithinBudget(json: string, {depth, values}: JsonBudget): boolean {
	let open = 0;
	let count = 1;
	for (let at = 0; at < json.length; at++) {
		const code = json.charCodeAt(at);
		if (code === quote) {
			at = endOfText(json, at + 1);
		} else if (code === 0x5b || code === 0x7b) {
			open += 1;
			count += 1;
		} else if (code === 0x5d || code === 0x7d) {
			open -= 1;
		} else if (code === 0x2c) {
			count += 1;
		}

		if (open > depth || count > values) return false;
	}

	return true;
}
