import {clean} from '../../domain/clean.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {Look} from '../operation.ts';
import {scanPlainDump, type PlainFault} from './plain-dump.ts';

const chunkBytes = 1024 * 1024;
const gibibyte = 1024 ** 3;

/** What a foreign file is. */
export type ForeignKind = 'plain' | 'custom';

function startsWith(bytes: Uint8Array, ...wanted: readonly number[]): boolean {
	return wanted.every((byte, index) => bytes[index] === byte);
}

/** `PGDMP`, the first bytes of every archive of pg_dump that is one file. */
function isArchive(bytes: Uint8Array): boolean {
	return startsWith(bytes, 0x50, 0x47, 0x44, 0x4d, 0x50);
}

function problem(
	code: PlainFault['code'] | 'import-empty',
	params: Record<string, string | number>,
) {
	return new ProblemError({code, params, retry: 'rarely'});
}

function rawStream({io, signal}: Look, path: string): ReadableStream<Uint8Array<ArrayBuffer>> {
	let offset = 0;
	return new ReadableStream({
		async pull(controller) {
			signal.throwIfAborted();
			const chunk = await io.files.readBytes(path, offset, chunkBytes);
			offset += chunk.length;
			if (chunk.length === 0) controller.close();
			else controller.enqueue(new Uint8Array(chunk));
		},
	});
}

async function* unpacked(look: Look, path: string, isGzip: boolean): AsyncGenerator<Uint8Array> {
	const raw = rawStream(look, path);
	const stream = isGzip ? raw.pipeThrough(new DecompressionStream('gzip')) : raw;
	try {
		for await (const chunk of stream) {
			yield chunk;
		}
	} catch (error) {
		look.signal.throwIfAborted();
		if (!isGzip || error instanceof ProblemError) {
			throw error;
		}
		const cause = clean(error instanceof Error ? error.message : String(error), 100);
		const params = {file: clean(path, 300), cause};
		throw new ProblemError({code: 'import-broken-gzip', params, retry: 'rarely'});
	}
}

/** Which file is read, and to how much it may unpack. */
export type ForeignFile = {readonly file: string; readonly maxGiB: number};

/** A piece of a foreign dump, unpacked. */
export type ForeignPiece = {readonly chunk: Uint8Array; readonly kind: ForeignKind};

/**
 * The pieces of a foreign dump, unpacked and checked as they go by; ends with a ProblemError where the file is empty, cut
 * off, no dump, too large, or holds what must not be run. Whoever runs them must throw everything away in that case.
 */
export async function* foreignPieces(
	look: Look,
	{file, maxGiB}: ForeignFile,
): AsyncGenerator<ForeignPiece> {
	const said = clean(file, 300);
	const start = await look.io.files.readBytes(file, 0, 16);
	const scan = scanPlainDump();
	const refuse = (fault: PlainFault | undefined) => {
		if (fault !== undefined) {
			throw problem(fault.code, {file: said, line: fault.line, text: fault.text});
		}
	};
	let kind: ForeignKind | undefined;
	let bytes = 0;
	for await (const chunk of unpacked(look, file, startsWith(start, 0x1f, 0x8b))) {
		kind ??= isArchive(chunk) ? 'custom' : 'plain';
		bytes += chunk.length;
		if (bytes > maxGiB * gibibyte) {
			const params = {file: said, limitGiB: maxGiB};
			throw new ProblemError({code: 'import-too-large', params, retry: 'rarely'});
		}
		if (kind === 'plain') {
			refuse(scan.take(chunk));
		}
		yield {chunk, kind};
	}
	if (kind === undefined) {
		throw problem('import-empty', {file: said});
	}
	if (kind === 'plain') {
		refuse(scan.finish());
	}
}

/** Reads a foreign dump to its end as `foreignPieces` does, and tells what it is. Nothing of it is run. */
export async function readForeign(
	look: Look,
	file: ForeignFile,
): Promise<{readonly kind: ForeignKind; readonly bytes: number}> {
	let kind: ForeignKind = 'plain';
	let bytes = 0;
	for await (const piece of foreignPieces(look, file)) {
		kind = piece.kind;
		bytes += piece.chunk.length;
	}
	return {kind, bytes};
}
