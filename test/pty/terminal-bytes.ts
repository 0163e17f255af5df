import {clean} from '../../src/domain/clean.ts';

const escape = '\u001B';

/** Private modes that the console may switch: wrapping, cursor, alternate screen, marked pastes, whole frames. */
const modes = new Set(['7', '25', '1049', '2004', '2026']);

const control = new RegExp(`^${escape}\\[([0-?]*)([ -/]*)([@-~])`);

/** Why a sequence is not one that the console may send; undefined where it may. */
function refuse(parameters: string, between: string, final: string): string | undefined {
	if (between !== '') return 'intermediate characters';
	if ('hl'.includes(final)) {
		const isKnown = parameters.startsWith('?') && modes.has(parameters.slice(1));
		return isKnown ? undefined : 'an unknown mode';
	}

	if (!/^[\d;]*$/.test(parameters)) return 'private parameters';
	if ('ABCDEFGH'.includes(final)) return undefined;
	if (final === 'K') return /^[012]?$/.test(parameters) ? undefined : 'an unknown erasure';
	// Only what is below the cursor: 2 makes some terminals scroll, 3 takes the operator's history away.
	if (final === 'J') return /^0?$/.test(parameters) ? undefined : 'clearing the screen';
	return final === 'm' ? refuseStyle(parameters) : 'an unknown command';
}

/** Colours of the terminal's own palette and plain attributes; neither blinking nor hidden text. */
function refuseStyle(parameters: string): string | undefined {
	const known =
		/^(0|1|2|3|4|7|22|23|24|27|[34][0-79]|9[0-7]|10[0-7]|[34]8;5;\d{1,3}|[34]8;2(;\d{1,3}){3})?$/;
	return known.test(parameters) ? undefined : 'an unknown style';
}

/**
 * Everything in a stream of output that is not the console's own small language: text that `clean` would leave as it
 * is, line ends, and a few control sequences. Each finding names the place and what stands there.
 */
export function findForeignBytes(output: Buffer): readonly string[] {
	const text = output.toString('utf8');
	const findings: string[] = [];
	const add = (at: number, what: string) => {
		findings.push(`${what} at ${at}: ${JSON.stringify(text.slice(Math.max(0, at - 20), at + 30))}`);
	};
	if (!Buffer.from(text, 'utf8').equals(output)) add(0, 'bytes that are not UTF-8');
	let at = 0;
	while (at < text.length) {
		const end = text.indexOf(escape, at);
		const plain = text.slice(at, end === -1 ? undefined : end);
		for (const part of plain.split(/\r?\n|\r/)) {
			if (clean(part) !== part)
				add(at, `text that is not clean (${JSON.stringify(part.slice(0, 60))})`);
		}

		at += plain.length;
		if (end === -1) break;
		const sequence = control.exec(text.slice(at, at + 64));
		const [whole = escape, parameters = '', between = '', final = ''] = sequence ?? [];
		const why = sequence ? refuse(parameters, between, final) : 'no control sequence';
		if (why !== undefined) add(at, why);
		at += whole.length;
	}

	return findings;
}

/** Whether a text holds control characters other than line ends and tabs. */
export function hasControls(text: string): boolean {
	return text
		.replaceAll('\t', ' ')
		.split(/\r?\n/)
		.some(line => clean(line) !== line);
}

/** Whether a stream of output switches a colour on. */
export function hasColour(output: string): boolean {
	return new RegExp(`${escape}\\[(\\d+;)*(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;\\d+)*m`).test(output);
}

/** Whether a stream of output clears the screen, or enters or leaves the alternate one. */
export function clearsScreen(output: string): boolean {
	return new RegExp(`${escape}\\[([0-3]?J|\\?1049)`).test(output);
}

/** Whether a stream of output is ASCII only, besides its control sequences. */
export function isAsciiOnly(output: string): boolean {
	return /^[\r\n -~]*$/.test(output.replaceAll(escape, ''));
}
