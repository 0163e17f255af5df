import {createCrc64} from './crc64.ts';
import type {RedisValue} from './redis.ts';

/** What a dump of Redis says about itself. */
export type RdbFacts = {
	readonly bytes: number;
	/** Version of the format: `REDIS0010` is 10. */
	readonly rdbVersion: number;
	/** Version of the server that wrote it. */
	readonly redisVersion?: string;
	/** When it was begun, in seconds by the clock of that server. */
	readonly createdAtSeconds?: number;
	/** Memory that the server used then. */
	readonly usedMemoryBytes?: number;
	/** False where the server writes no checksum (`rdbchecksum no`): then only a full load proves the content. */
	readonly isChecksummed: boolean;
};

/** What is wrong with a dump. */
export type RdbFault = 'not-a-dump' | 'too-short' | 'no-end' | 'wrong-checksum';

export type RdbCheck = {
	/** The next bytes of the dump, in pieces of any size. */
	add(bytes: Uint8Array): void;
	/** The judgement about everything that was added. */
	finish():
		| {readonly isGood: true; readonly facts: RdbFacts}
		| {readonly isGood: false; readonly fault: RdbFault};
};

const trailerBytes = 9;
const headBytes = 2048;
const endOfFile = 0xff;

/**
 * Checks a dump while it is copied: magic, version, end mark and checksum. A dump that was cut, mixed of two or
 * changed in one bit does not pass; what its keys hold is proven by loading it.
 */
export function createRdbCheck(): RdbCheck {
	const crc = createCrc64();
	const head = new Uint8Array(headBytes);
	let tail = new Uint8Array(0);
	let bytes = 0;
	return {
		add(piece) {
			if (bytes < headBytes) head.set(piece.subarray(0, headBytes - bytes), bytes);
			bytes += piece.length;
			// The last eight bytes are the checksum itself; the end mark before it counts.
			const joined = new Uint8Array(tail.length + piece.length);
			joined.set(tail);
			joined.set(piece, tail.length);
			const ready = Math.max(0, joined.length - trailerBytes);
			crc.add(joined.subarray(0, ready));
			tail = joined.slice(ready);
		},
		finish() {
			const start = head.subarray(0, Math.min(bytes, headBytes));
			const magic = textOf(start.subarray(0, 9));
			if (!/^(?:REDIS|VALKEY)\d{3,4}$/.test(magic)) return {isGood: false, fault: 'not-a-dump'};
			if (bytes < 9 + trailerBytes) return {isGood: false, fault: 'too-short'};
			if (tail[0] !== endOfFile) return {isGood: false, fault: 'no-end'};
			crc.add(tail.subarray(0, 1));
			const stored = hexOf(tail.subarray(1));
			const isChecksummed = stored !== '0000000000000000';
			if (isChecksummed && stored !== crc.hex()) return {isGood: false, fault: 'wrong-checksum'};
			return {isGood: true, facts: {bytes, isChecksummed, ...headFacts(start, magic)}};
		},
	};
}

function headFacts(start: Uint8Array, magic: string): Omit<RdbFacts, 'bytes' | 'isChecksummed'> {
	const fields = auxiliaryFields(start);
	const number = (name: string) => {
		const value = Number(fields.get(name) ?? 'none');
		return Number.isFinite(value) && value >= 0 ? value : undefined;
	};
	const redisVersion = fields.get('redis-ver') ?? fields.get('valkey-ver');
	const createdAtSeconds = number('ctime');
	const usedMemoryBytes = number('used-mem');
	return {
		rdbVersion: Number(magic.replace(/\D/g, '')),
		...(redisVersion !== undefined && {redisVersion: redisVersion.replace(/[^\w.-]/g, '')}),
		...(createdAtSeconds !== undefined && {createdAtSeconds}),
		...(usedMemoryBytes !== undefined && {usedMemoryBytes}),
	};
}

/** The fields at the start of a dump: opcode fa, then name and value, each with its length or as a small number. */
function auxiliaryFields(start: Uint8Array): ReadonlyMap<string, string> {
	const fields = new Map<string, string>();
	let at = 9;
	while (start[at] === 0xfa) {
		const name = shortString(start, at + 1);
		const value = name && shortString(start, name.end);
		if (!name || !value) break;
		fields.set(name.text, value.text);
		at = value.end;
	}

	return fields;
}

/** A string of less than 64 bytes, or a number of one, two or four bytes; longer ones end the search. */
function shortString(
	bytes: Uint8Array,
	at: number,
): {readonly text: string; readonly end: number} | undefined {
	const first = bytes[at];
	if (first === undefined) return undefined;
	if (first < 0x40) {
		const end = at + 1 + first;
		return end > bytes.length ? undefined : {text: textOf(bytes.subarray(at + 1, end)), end};
	}

	const width = {0xc0: 1, 0xc1: 2, 0xc2: 4}[first];
	if (width === undefined || at + 1 + width > bytes.length) return undefined;
	const digits = bytes.subarray(at + 1, at + 1 + width);
	const value = digits.reduceRight((sum, byte) => sum * 256 + byte, 0);
	// Signed: a field below zero says nothing here.
	return {text: String(value), end: at + 1 + width};
}

function textOf(bytes: Uint8Array): string {
	return String.fromCharCode(...bytes);
}

function hexOf(bytes: Uint8Array): string {
	return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/** The newest format that Redis and Valkey both have; above, each has its own. */
const lastSharedFormat = 11;
/** From here on a format is Valkey's; those between are Redis's. */
export const firstValkeyFormat = 80;

// From what the servers write and refuse; `RDB_VERSION` of rdb.h at each release. Nothing: not known, and not refused.
const formatOfRelease = {
	redis: [
		[8, 7, undefined],
		[8, 6, 13],
		[8, 1, undefined],
		[7, 4, 12],
		[7, 2, 11],
		[7, 0, 10],
		[5, 0, 9],
		[4, 0, 8],
		[3, 2, 7],
	],
	valkey: [
		[9, 2, undefined],
		[9, 0, 80],
		[7, 2, 11],
	],
} as const satisfies Readonly<
	Record<
		RedisValue['flavour'],
		readonly (readonly [major: number, minor: number, format: number | undefined])[]
	>
>;

/**
 * The newest dump format of the kind of `format` that a server can load; undefined where that is not known. A format
 * that only the other product writes is none that it can.
 */
export function newestRdbVersion(
	{flavour, version}: Pick<RedisValue, 'flavour' | 'version'>,
	format: number,
): number | undefined {
	const writer = format >= firstValkeyFormat ? 'valkey' : 'redis';
	if (format > lastSharedFormat && writer !== flavour) return lastSharedFormat;
	const [, major = '', minor = ''] = /^(\d+)\.(\d+)/.exec(version) ?? [];
	const release = major === '' ? Number.NaN : Number(major) * 1000 + Number(minor);
	return formatOfRelease[flavour].find(([at, and]) => release >= at * 1000 + and)?.[2];
}
