/** The first member of a tar stream. */
export type TarMember = {
	readonly name: string;
	readonly kind: 'file' | 'link' | 'folder' | 'other';
	readonly bytes: number;
	/** Exactly `bytes` bytes; rejects with `cutTar` where the archive ends before, or holds a second member. */
	readonly content: AsyncGenerator<Uint8Array>;
};

/** Message of the error for an archive that is no tar of one member, or ends too early. */
export const cutTar = 'the archive is cut or damaged';

const blockBytes = 512;
const maxExtendedBytes = 1024 * 1024;

type Source = {
	/** Exactly so many bytes. */
	take(bytes: number): Promise<Buffer>;
	/** Some bytes, at most so many. */
	some(maxBytes: number): Promise<Uint8Array>;
	/** Passes over the rest; true where all of it was zeros. */
	isRestEmpty(): Promise<boolean>;
	close(): Promise<void>;
};

/** Reads bytes of a stream in the portions that the format has. */
function createSource(feed: AsyncIterable<Uint8Array>): Source {
	const chunks = feed[Symbol.asyncIterator]();
	let rest: Uint8Array = new Uint8Array(0);
	const fill = async () => {
		while (rest.length === 0) {
			const next = await chunks.next();
			if (next.done === true) throw new Error(cutTar);
			rest = next.value;
		}
	};

	const some = async (maxBytes: number) => {
		await fill();
		const part = rest.subarray(0, maxBytes);
		rest = rest.subarray(part.length);
		return part;
	};

	return {
		some,
		async take(bytes) {
			const parts: Uint8Array[] = [];
			for (let missing = bytes; missing > 0;) {
				const part = await some(missing);
				parts.push(part);
				missing -= part.length;
			}

			return Buffer.concat(parts, bytes);
		},
		async isRestEmpty() {
			for (;;) {
				if (rest.some(byte => byte !== 0)) return false;
				const next = await chunks.next();
				if (next.done === true) return true;
				rest = next.value;
			}
		},
		async close() {
			await chunks.return?.();
		},
	};
}

function textAt(block: Buffer, start: number, length: number): string {
	const field = block.subarray(start, start + length);
	const end = field.indexOf(0);
	return field.subarray(0, end < 0 ? length : end).toString('utf8');
}

/** A number field: octal text, or binary where its first bit is set (GNU). */
function numberAt(block: Buffer, start: number, length: number): number {
	const field = block.subarray(start, start + length);
	if ((field[0] ?? 0) & 0x80) {
		const value = field.subarray(length - 8).readBigUInt64BE();
		const isNegative = (field[0] ?? 0) === 0xff;
		return isNegative || value > BigInt(Number.MAX_SAFE_INTEGER) ? -1 : Number(value);
	}

	const text = textAt(block, start, length).trim();
	return /^[0-7]*$/.test(text) ? parseInt(text || '0', 8) : -1;
}

function hasRightSum(block: Buffer): boolean {
	const told = numberAt(block, 148, 8);
	const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
	return told === sum;
}

/** The records of an extended header: `<length> <name>=<value>\n` (POSIX pax). */
function recordsOf(data: Buffer): Map<string, string> {
	const records = new Map<string, string>();
	for (let at = 0; at < data.length;) {
		const space = data.indexOf(32, at);
		const length = Number(data.subarray(at, space).toString('latin1'));
		if (space < 0 || !Number.isInteger(length) || length < 5 || at + length > data.length) {
			throw new Error(cutTar);
		}

		const record = data.subarray(space + 1, at + length - 1).toString('utf8');
		const sign = record.indexOf('=');
		records.set(record.slice(0, sign), record.slice(sign + 1));
		at += length;
	}

	return records;
}

function kindOf(type: string): TarMember['kind'] {
	if (type === '0' || type === '' || type === '7') return 'file';
	if (type === '1' || type === '2') return 'link';
	return type === '5' ? 'folder' : 'other';
}

type Header = {
	readonly name: string;
	readonly type: string;
	readonly bytes: number;
};

/** The header of the first member that is no header itself; `extended` are the records before it. */
async function readHeader(source: Source, extended: Map<string, string>): Promise<Header> {
	const block = await source.take(blockBytes);
	const bytes = Number(extended.get('size') ?? numberAt(block, 124, 12));
	if (!hasRightSum(block) || !Number.isSafeInteger(bytes) || bytes < 0) throw new Error(cutTar);
	const type = textAt(block, 156, 1);
	if (!/^[xgLK]$/.test(type)) {
		return {name: extended.get('path') ?? textAt(block, 0, 100), type, bytes};
	}

	if (bytes > maxExtendedBytes) throw new Error(cutTar);
	const data = await source.take(Math.ceil(bytes / blockBytes) * blockBytes);
	return await readHeader(source, type === 'x' ? recordsOf(data.subarray(0, bytes)) : extended);
}

/** Reads up to the content of the first member. The caller closes `content` where it does not read all of it. */
export async function readTarMember(feed: AsyncIterable<Uint8Array>): Promise<TarMember> {
	const source = createSource(feed);
	try {
		const {name, type, bytes} = await readHeader(source, new Map());
		return {name, kind: kindOf(type), bytes, content: contentOf(source, bytes)};
	} catch (error) {
		await source.close();
		throw error;
	}
}

async function* contentOf(source: Source, bytes: number): AsyncGenerator<Uint8Array> {
	try {
		let missing = bytes;
		while (missing > 0) {
			const part = await source.some(missing);
			missing -= part.length;
			yield part;
		}

		// The end of an archive is two blocks of zeros; where they are missing the engine broke off.
		const padding = (blockBytes - (bytes % blockBytes)) % blockBytes;
		const end = await source.take(padding + 2 * blockBytes);
		if (end.some(byte => byte !== 0) || !(await source.isRestEmpty())) throw new Error(cutTar);
	} finally {
		await source.close();
	}
}
