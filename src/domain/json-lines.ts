/** Longest line that is kept; an endless one must not fill the memory. */
const maxLineLength = 4 * 1024 * 1024;

/** The JSON values of a stream of lines. A line that is no JSON is left out; the last one may miss its newline. */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<unknown> {
	const decoder = new TextDecoder();
	let rest = '';
	for await (const chunk of chunks) {
		const lines = (rest + decoder.decode(chunk, {stream: true})).split('\n');
		rest = lines.pop() ?? '';
		if (rest.length > maxLineLength) {
			rest = '';
		}

		for (const line of lines) {
			yield* parsed(line);
		}
	}

	yield* parsed(rest);
}

function parsed(line: string): readonly unknown[] {
	try {
		const value: unknown = JSON.parse(line);
		return [value];
	} catch {
		return [];
	}
}
