/** A member of our archives: a regular file, a folder or the record of a link. Nothing else is written or read. */
export type TarMember = {
	/** Relative, with `/`, without one at the end. */
	readonly path: string;
	readonly type: 'file' | 'folder' | 'link';
	/** Size of the content; 0 for folders and links. */
	readonly bytes: number;
	/** Permission bits, as in 0o644. */
	readonly mode: number;
	readonly userId: number;
	readonly groupId: number;
	readonly modifiedAtSeconds: number;
	/** Target of a link. */
	readonly link?: string;
};

/** What is wrong with an archive. */
export type TarFault =
	| 'not-a-tar'
	| 'wrong-checksum'
	| 'bad-number'
	| 'bad-text'
	| 'forbidden-type'
	| 'forbidden-field'
	| 'cut-off'
	| 'after-end'
	| 'over-budget';

/** An archive that is refused as a whole. */
export class TarError extends Error {
	readonly fault: TarFault;
	/** Name of the member, where it is known; from outside, not cleaned. */
	readonly member: string;

	constructor(fault: TarFault, member = '') {
		super(fault);
		this.name = 'TarError';
		this.fault = fault;
		this.member = member;
	}
}

/** Everything of an archive comes in blocks of this size. */
export const tarBlockBytes = 512;

const typeFlags = {file: '0', link: '2', folder: '5'} as const;
const maxExtendedBytes = 64 * 1024;
const encoder = new TextEncoder();

/** The two empty blocks that end an archive. */
export function tarEnd(): Uint8Array {
	return new Uint8Array(2 * tarBlockBytes);
}

/** The zeros after a content of this size. */
export function tarPadding(bytes: number): Uint8Array {
	return new Uint8Array((tarBlockBytes - (bytes % tarBlockBytes)) % tarBlockBytes);
}

/** The blocks before the content of a member: POSIX ustar, with an extended header where a name or number needs it. */
export function tarHeader(member: TarMember): Uint8Array {
	const path = member.type === 'folder' ? `${member.path}/` : member.path;
	const extended: string[] = [];
	if (!isShort(path)) extended.push(record('path', path));
	if (member.link !== undefined && !isShort(member.link))
		extended.push(record('linkpath', member.link));
	if (member.bytes > 0o77777777777) extended.push(record('size', String(member.bytes)));
	const own = block({
		...member,
		path: isShort(path) ? path : `opsconsole-long-name${member.type === 'folder' ? '/' : ''}`,
		...(member.link !== undefined && {link: isShort(member.link) ? member.link : 'opsconsole'}),
		flag: typeFlags[member.type],
	});
	if (extended.length === 0) return own;
	const body = encoder.encode(extended.join(''));
	const head = block({
		path: 'opsconsole-extended',
		bytes: body.length,
		mode: 0o600,
		userId: 0,
		groupId: 0,
		modifiedAtSeconds: 0,
		flag: 'x',
	});
	return joined([head, body, tarPadding(body.length), own]);
}

/** Fits into the field of an old header as plain ASCII. */
function isShort(text: string): boolean {
	return text.length <= 100 && /^[\x20-\x7e]*$/.test(text);
}

/** A record of an extended header: `27 path=…\n`, its length counting itself. */
function record(name: string, value: string): string {
	const rest = ` ${name}=${value}\n`;
	const bytes = encoder.encode(rest).length;
	const length = [1, 2, 3, 4, 5, 6].find(digits => String(bytes + digits).length === digits) ?? 7;
	return `${bytes + length}${rest}`;
}

function block(
	fields: Omit<TarMember, 'type'> & {readonly flag: '0' | '2' | '5' | 'x'},
): Uint8Array {
	const bytes = new Uint8Array(tarBlockBytes);
	const put = (at: number, text: string) => bytes.set(encoder.encode(text), at);
	const octal = (value: number, digits: number) =>
		Math.max(0, Math.trunc(value)).toString(8).padStart(digits, '0').slice(-digits);
	put(0, fields.path);
	put(100, octal(fields.mode & 0o7777, 7));
	put(108, octal(fields.userId, 7));
	put(116, octal(fields.groupId, 7));
	put(124, octal(fields.bytes, 11));
	put(136, octal(fields.modifiedAtSeconds, 11));
	put(148, ' '.repeat(8));
	put(156, fields.flag);
	if (fields.link !== undefined) put(157, fields.link);
	put(257, 'ustar\u000000');
	put(148, `${octal(sumOf(bytes), 6)}\u0000 `);
	return bytes;
}

function sumOf(bytes: Uint8Array): number {
	// A loop, because an archive may have a hundred thousand headers.
	let sum = 0;
	for (const byte of bytes) sum += byte;
	return sum;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
	const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
	let at = 0;
	for (const piece of pieces) {
		all.set(piece, at);
		at += piece.length;
	}

	return all;
}

/** What a reader meets, in the order of the archive. */
export type TarSink = {
	/** A new member; throwing refuses the archive. */
	member(member: TarMember): void;
	/** Content of the last member; the bytes are only valid during the call. */
	data(bytes: Uint8Array): void;
};

export type TarReader = {
	add(bytes: Uint8Array): void;
	/** Throws where the archive is not complete. */
	finish(): void;
};

/**
 * Reads the archives that `tarHeader` writes, in pieces of any size, and refuses everything else with a TarError: other
 * types (devices, hard links, sparse files), other fields of extended headers, wrong sums, numbers that are none, texts
 * that are not UTF-8, an end that is missing and anything behind it. Names are judged by `member-rules.ts`.
 */
export function createTarReader(sink: TarSink): TarReader {
	let rest: Uint8Array = new Uint8Array(0);
	let dataLeft = 0;
	let paddingLeft = 0;
	let extendedLeft = 0;
	let extended: Uint8Array[] = [];
	let fields: ReadonlyMap<string, string> = new Map();
	let emptyBlocks = 0;

	function takeBlock(head: Uint8Array): void {
		if (head.every(byte => byte === 0)) {
			if (fields.size > 0) throw new TarError('cut-off');
			emptyBlocks += 1;
			return;
		}

		if (emptyBlocks > 0) throw new TarError('after-end');
		const parsed = parseBlock(head);
		if (parsed.flag === 'x') {
			if (fields.size > 0 || parsed.bytes === 0) throw new TarError('forbidden-field');
			if (parsed.bytes > maxExtendedBytes) throw new TarError('over-budget');
			extendedLeft = parsed.bytes;
			paddingLeft = tarPadding(parsed.bytes).length;
			return;
		}

		const member = memberOf(parsed, fields);
		fields = new Map();
		dataLeft = member.bytes;
		paddingLeft = tarPadding(member.bytes).length;
		sink.member(member);
	}

	/** Takes what it can use of the bytes and says how many they were; 0 where it needs more. */
	function take(bytes: Uint8Array): number {
		if (extendedLeft > 0) {
			const piece = bytes.slice(0, extendedLeft);
			extended.push(piece);
			extendedLeft -= piece.length;
			if (extendedLeft === 0) {
				fields = parseRecords(joined(extended));
				extended = [];
			}

			return piece.length;
		}

		if (dataLeft > 0) {
			const piece = bytes.subarray(0, dataLeft);
			dataLeft -= piece.length;
			sink.data(piece);
			return piece.length;
		}

		if (paddingLeft > 0) {
			const skipped = bytes.subarray(0, paddingLeft);
			if (skipped.some(byte => byte !== 0)) throw new TarError('not-a-tar');
			paddingLeft -= skipped.length;
			return skipped.length;
		}

		if (bytes.length < tarBlockBytes) return 0;
		takeBlock(bytes.subarray(0, tarBlockBytes));
		return tarBlockBytes;
	}

	return {
		add(piece) {
			// A Buffer of Node is changed here as any other array is: its own `slice` would not copy.
			const bytes = new Uint8Array(piece.buffer, piece.byteOffset, piece.length);
			let left = rest.length === 0 ? bytes : joined([rest, bytes]);
			for (let used = take(left); used > 0 && left.length > 0; used = take(left)) {
				left = left.subarray(used);
				if (left.length === 0) break;
			}

			rest = left.slice();
		},
		finish() {
			const isWhole = rest.length + dataLeft + paddingLeft + extendedLeft === 0;
			if (!isWhole || emptyBlocks < 2 || fields.size > 0) throw new TarError('cut-off');
		},
	};
}

type Parsed = Omit<TarMember, 'type'> & {readonly flag: string};

function parseBlock(head: Uint8Array): Parsed {
	if (fieldText(head, 257, 263) !== 'ustar' || head[262] !== 0) throw new TarError('not-a-tar');
	const path = fieldText(head, 0, 100);
	const cleared = head.slice();
	cleared.fill(0x20, 148, 156);
	if (octalField(head, 148, 156, path) !== sumOf(cleared))
		throw new TarError('wrong-checksum', path);
	// A prefix is never written by us, and joining it is one more way to build a name.
	if (fieldText(head, 345, 500) !== '') throw new TarError('forbidden-field', path);
	return {
		path,
		flag: String.fromCharCode(head[156] ?? 0),
		mode: octalField(head, 100, 108, path),
		userId: octalField(head, 108, 116, path),
		groupId: octalField(head, 116, 124, path),
		bytes: octalField(head, 124, 136, path),
		modifiedAtSeconds: octalField(head, 136, 148, path),
		link: fieldText(head, 157, 257),
	};
}

function memberOf(parsed: Parsed, fields: ReadonlyMap<string, string>): TarMember {
	const type = (['file', 'folder', 'link'] as const).find(one => typeFlags[one] === parsed.flag);
	const raw = fields.get('path') ?? parsed.path;
	if (type === undefined) throw new TarError('forbidden-type', raw);
	const size = fields.get('size');
	if (size !== undefined && !/^[1-9]\d{0,15}$/.test(size)) throw new TarError('bad-number', raw);
	const bytes = size === undefined ? parsed.bytes : Number(size);
	const link = fields.get('linkpath') ?? parsed.link ?? '';
	if (type !== 'file' && bytes !== 0) throw new TarError('forbidden-field', raw);
	if ((link !== '') !== (type === 'link')) throw new TarError('forbidden-field', raw);
	if (type === 'folder' && !raw.endsWith('/')) throw new TarError('bad-text', raw);
	return {
		path: type === 'folder' ? raw.slice(0, -1) : raw,
		type,
		bytes,
		mode: parsed.mode,
		userId: parsed.userId,
		groupId: parsed.groupId,
		modifiedAtSeconds: parsed.modifiedAtSeconds,
		...(type === 'link' && {link}),
	};
}

/** A text up to its first zero; everything after it must be zero too. */
function fieldText(head: Uint8Array, from: number, to: number): string {
	const field = head.subarray(from, to);
	const end = field.indexOf(0);
	const used = end === -1 ? field : field.subarray(0, end);
	const isHidden = end !== -1 && field.subarray(end).some(byte => byte !== 0);
	// The version stands behind the magic word.
	if (isHidden && from !== 257) throw new TarError('bad-text');
	return decode(used);
}

function decode(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
	} catch {
		throw new TarError('bad-text');
	}
}

function octalField(head: Uint8Array, from: number, to: number, member: string): number {
	const text = String.fromCharCode(...head.subarray(from, to)).replace(/[\0 ]+$/, '');
	if (!/^[0-7]{1,11}$/.test(text)) throw new TarError('bad-number', member);
	return Number.parseInt(text, 8);
}

const extendedNames = new Set(['path', 'linkpath', 'size']);

function parseRecords(bytes: Uint8Array): ReadonlyMap<string, string> {
	const fields = new Map<string, string>();
	let at = 0;
	while (at < bytes.length) {
		const blank = bytes.indexOf(0x20, at);
		const length = Number(decode(bytes.subarray(at, Math.max(at, Math.min(blank, at + 6)))));
		const end = at + length;
		if (blank === -1 || !Number.isInteger(length) || length < 5 || end > bytes.length)
			throw new TarError('bad-number');
		if (bytes[end - 1] !== 0x0a) throw new TarError('bad-text');
		const text = decode(bytes.subarray(blank + 1, end - 1));
		const equals = text.indexOf('=');
		const name = text.slice(0, Math.max(0, equals));
		if (!extendedNames.has(name) || fields.has(name)) throw new TarError('forbidden-field', text);
		fields.set(name, text.slice(equals + 1));
		at = end;
	}

	return fields;
}
