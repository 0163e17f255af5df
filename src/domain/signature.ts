const maxFoldedLength = 400;

/** What is folded, in this order: the longer and more certain forms first. */
const folds: readonly (readonly [RegExp, string])[] = [
	// Timestamps.
	[
		/\b\d{4}[-/.]\d\d?[-/.]\d\d?(?:[T ,]+\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d| UTC)?)?/g,
		'<time>',
	],
	[
		/\b\d{1,2}[/ ](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[/ ]\d{4}(?:[: ]\d\d:\d\d:\d\d(?: [+-]\d{4})?)?/g,
		'<time>',
	],
	[/\d{4}年\d{1,2}月\d{1,2}日(?:\s*\d{1,2}[时:]\d{1,2}(?:[分:]\d{1,2}秒?)?)?/g, '<time>'],
	// Identifiers with a form of their own.
	[/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
	[/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '<email>'],
	[/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>()，。]+/gi, '<url>'],
	[/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '<id>'],
	// Quoted values; an apostrophe inside a word (can't) is not a quote.
	[/(?<![\w\]])"(?:[^"\\]|\\.){0,2000}"/g, '<value>'],
	[/(?<!\w)[bru]?'(?:[^'\\]|\\.){0,2000}'(?!\w)/g, '<value>'],
	[
		/`[^`]{0,2000}`|“[^”]{0,2000}”|‘[^’]{0,2000}’|「[^」]{0,2000}」|『[^』]{0,2000}』|《[^》]{0,2000}》/g,
		'<value>',
	],
	// Addresses.
	[/(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?(?::\d{1,5})?(?![\w])/g, '<addr>'],
	[
		/\[?(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:%\w+)?(?![\w:])(?:\](?::\d{1,5})?)?/gi,
		'<addr>',
	],
	// Clock times.
	[/\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?\b/g, '<time>'],
	// Paths, also with a line number behind them.
	[/(?<![\w<.])(?:~|\.{1,2})?(?:\/[\w.@%+=:,~-]+)+\/?(?:\?[^\s'"<>]*)?/g, '<path>'],
	[/\b[A-Z]:\\[^\s'"<>]+/g, '<path>'],
	// Memory addresses and hashes.
	[/\b0x[0-9a-f]+\b/gi, '<hex>'],
	[/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b/gi, '<id>'],
	// Values of `name=value` pairs that do not name the fault.
	[
		/\b(?!(?:error|err|reason|cause|status|code|type|exception|state|event|action|method|op)=)([A-Za-z_][\w.-]*)=(?!=)(?!<)[^\s,;)\]}&]+/gi,
		'$1=<value>',
	],
];

// Numbers that name the fault: status 502, errno 111, HTTP/1.1 404, SQLSTATE 23505.
const faultNumber =
	/((?:\berrno|\bsqlstate|\bstatus(?:[ _]code)?|\bhttp(?:\/\d(?:\.\d)?)?|\berror code|\bexit(?:ed with)? code|\bsignal|状态码|错误码|错误代码|退出码)["']?\s*[:=：]?\s*)(\d{1,5})\b/gi;
const tokenWithDigit = /[A-Za-z0-9_]*\d[A-Za-z0-9_]*/g;
const number = /(?<![A-Za-z_<])[-+]?\d+(?:[.,_]\d+)*(?:e[-+]?\d+)?/gi;
const unit =
	/<n>\s?(?:ns|us|µs|ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|毫秒|秒|分钟|小时|天)(?![A-Za-z])/g;
const size = /<n>\s?(?:bytes?|[KMGT]i?B|[kKMGT]b?|字节)(?![A-Za-z])/g;
const repeated = /(<(?:n|id|value|addr|path)>)(?:(?:\s*[,，、]\s*|[ -])\1)+/g;

/** A token with digits that is an id as a whole: long and mixed, or not a word followed by a number. */
function foldToken(token: string): string {
	if (/^\d+$/.test(token)) return token;
	const changes = token.match(/[A-Za-z]\d|\d[A-Za-z]/g)?.length ?? 0;
	if (changes >= 2 && token.length >= 5) return '<id>';
	if (token.length >= 20) return '<id>';
	// An exponent, a unit (12ms) or a plain number with a sign stays for the rules behind this one.
	return /^\d/.test(token) ? token : token.replace(/\d+/g, '<n>');
}

/**
 * Folds what differs between two occurrences of the same error (times, numbers, ids, addresses, paths, quoted
 * values) to `<time>`, `<n>`, `<id>`, `<addr>`, `<path>`, `<value>`; numbers that name the fault (status 502) stay.
 */
export function foldMessage(message: string): string {
	let text = message.slice(0, maxFoldedLength);
	for (const [pattern, replacement] of folds) text = text.replace(pattern, replacement);
	const kept: string[] = [];
	text = text.replace(faultNumber, (_all, name: string, digits: string) => {
		kept.push(name + digits);
		// A private-use letter holds the place while all other digits are folded.
		return '\uE000';
	});
	text = text
		.replace(tokenWithDigit, foldToken)
		.replace(number, '<n>')
		.replace(unit, '<duration>')
		.replace(size, '<size>')
		.replace(repeated, '$1')
		.replace(/\s+/g, ' ')
		.trim();
	return text.replace(/\uE000/g, () => kept.shift() ?? '');
}

/** The type of an exception line, `ValueError` of `app.errors.ValueError: bad`, with its folded text. */
function foldException(line: string): string {
	return foldMessage(line.trim()).slice(0, 200);
}

const exceptionLine =
	/^(?:\s*\|\s*)?(?:Caused by: )?(?:[\w$]+\.)*[A-Z][\w$]*(?:Exception|Error|Exit|Interrupt|Warning|Timeout|Failure|Fault)\b(?::|$)/;

/** The line of a trace that names the exception: the last one in Python, the first one elsewhere. */
export function exceptionOf(details: readonly string[]): string | undefined {
	const isPython = details.some(line => line.includes('Traceback (most recent call last)'));
	const matches = details.filter(line => exceptionLine.test(line));
	return isPython ? matches.at(-1) : matches[0];
}

/** The signature of one event: its folded message, with the exception of its trace where the message does not name it. */
export function signatureOf(message: string, details: readonly string[] = []): string {
	const folded = foldMessage(message);
	const exception = details.length === 0 ? undefined : exceptionOf(details);
	if (exception === undefined) return folded;
	const foldedException = foldException(exception);
	return folded.includes(foldedException) ? folded : `${folded} · ${foldedException}`;
}

function hash(text: string, seed: number): number {
	let value = seed;
	for (let index = 0; index < text.length; index++) {
		value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
	}

	return value;
}

/** A short stable id of a text (two 32-bit FNV-1a hashes as 16 hexadecimal digits). */
export function idOf(text: string): string {
	const part = (seed: number): string => hash(text, seed).toString(16).padStart(8, '0');
	return part(0x811c9dc5) + part(0x1b873593);
}
