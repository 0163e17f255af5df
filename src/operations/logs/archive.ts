import {createLogSizes} from '../../domain/log-cut.ts';
import type {Artefact, FileFacts} from '../../domain/manifest.ts';
import type {Command, JsonValue} from '../../domain/plan.ts';
import type {FileWriter} from '../../io/act.ts';
import {filesTrouble, unreadable} from '../files/collect.ts';
import type {Tools} from '../operation.ts';
import {createCompressor, readCompressed, type Content} from './gzip.ts';
import {readContainerLog, type LogBatch, type Period} from './read.ts';
import {maxLogBytes, type LogSource} from './sources.ts';

type Write = Command & {kind: 'file'; action: 'write'};

/** One archived log: the compressed file, what it holds, and whether its oldest lines had to be left out. */
export type ArchivedLog = {
	readonly artefact: Artefact;
	readonly facts: FileFacts;
	readonly isCut: boolean;
};

type Written = {readonly file: Content; readonly content: Content};

/**
 * Writes what is read, compressed. Where that is more than `maxBytes` nothing is left of the file, and the time is given
 * from which on the newest part fits.
 */
async function writeAll(
	writer: FileWriter,
	batches: AsyncIterable<LogBatch>,
	maxBytes: number,
): Promise<Written | {readonly cutAtMs: number}> {
	const sizes = createLogSizes();
	try {
		const compressor = createCompressor(writer);
		for await (const {bytes, atMs} of batches) {
			sizes.add(atMs, bytes.length);
			if (sizes.totalBytes() <= maxBytes) await compressor.write(bytes);
		}

		if (sizes.totalBytes() <= maxBytes) return await compressor.finish();
	} catch (error) {
		await writer.discard();
		throw error;
	}

	await writer.discard();
	return {cutAtMs: sizes.cutFor(maxBytes)};
}

async function* fileBatches(
	{look}: Pick<Tools, 'look'>,
	{path}: LogSource & {kind: 'file'},
): AsyncGenerator<LogBatch> {
	try {
		const {content} = await look.io.files.snapshot(path, look.signal);
		for await (const bytes of content) yield {bytes, atMs: 0};
	} catch (error) {
		look.signal.throwIfAborted();
		throw unreadable(path, error);
	}
}

/** Writes one log into the backup, compressed, and reads it again. `maxBytes`: the most of a container's log. */
export async function archiveLog<R extends JsonValue>(
	tools: Tools<R>,
	log: {readonly source: LogSource; readonly command: Write; readonly period: Period},
	maxBytes: number = maxLogBytes,
): Promise<ArchivedLog> {
	const {source, command, period} = log;
	let {sinceMs} = period;
	let isCut = false;
	for (;;) {
		const written =
			source.kind === 'file'
				? await writeAll(await tools.write(command), fileBatches(tools, source), Infinity)
				: await writeAll(
						await tools.write(command),
						readContainerLog(tools.look, source, {...period, sinceMs}),
						maxBytes,
					);
		if ('cutAtMs' in written) {
			// At least a second further on, so that this ends.
			sinceMs = Math.max(written.cutAtMs, sinceMs + 1000);
			isCut = true;
			continue;
		}

		await readAgain(tools, command.path, written.content);
		return {...factsOf(source, written, period), isCut};
	}
}

/** Refuses a file that does not hold what was written. */
async function readAgain<R extends JsonValue>(
	{look}: Tools<R>,
	path: string,
	{bytes, sha256}: Content,
): Promise<void> {
	const found = await readCompressed(look, path, bytes);
	if (found.bytes === bytes && found.sha256 === sha256) return;
	throw filesTrouble('files-unreadable', {path, cause: 'it is not what was written'});
}

function factsOf(
	source: LogSource,
	{file, content}: Written,
	{untilMs}: Period,
): Pick<ArchivedLog, 'artefact' | 'facts'> {
	const isFile = source.kind === 'file';
	return {
		artefact: {name: source.artefact, ...file, format: 'gzip'},
		facts: {
			path: source.artefact,
			origin: isFile ? source.path : `container:${source.name}`,
			type: 'file',
			...content,
			mode: isFile ? source.entry.mode & 0o777 : 0o600,
			userId: isFile ? source.entry.ownerId : 0,
			groupId: isFile ? source.entry.groupId : 0,
			modifiedAtMs: isFile ? Math.floor(source.entry.modifiedAtMs) : untilMs,
		},
	};
}
