import {clean} from '../../domain/clean.ts';
import type {FileFacts} from '../../domain/manifest.ts';
import {ArchiveError, createMemberJudge, type Budget} from '../../domain/member-rules.ts';
import type {Command, JsonValue} from '../../domain/plan.ts';
import {createSha256} from '../../domain/sha256.ts';
import {
	createTarReader,
	TarError,
	tarEnd,
	tarHeader,
	tarPadding,
	type TarMember,
} from '../../domain/tar.ts';
import type {FileWriter} from '../../io/act.ts';
import type {Look, Tools} from '../operation.ts';
import {filesTrouble, unreadable, type Found} from './collect.ts';

/** Name of a member in the archive: its origin without the first `/`. */
export function memberPath(origin: string): string {
	return origin.slice(1);
}

type Write = Command & {kind: 'file'; action: 'write'};

export type Archived = {
	readonly files: readonly FileFacts[];
	readonly bytes: number;
	readonly sha256: string;
};

/**
 * Writes an archive of these files. Each is opened once without following a link and read as long as it was then; what
 * grows meanwhile is noted. A file that is gone or became something else fails the archive.
 */
export async function writeArchive<R extends JsonValue>(
	tools: Tools<R>,
	command: Write,
	found: readonly Found[],
): Promise<Archived> {
	const writer = await tools.write(command);
	try {
		const files: FileFacts[] = [];
		let done = 0;
		const total = found.reduce((sum, {entry}) => sum + entry.bytes, 0);
		for (const one of found) {
			tools.look.signal.throwIfAborted();
			files.push(await writeMember(tools, writer, one));
			done += one.entry.bytes;
			tools.progress({done, total, unit: 'bytes'});
		}

		await writer.write(tarEnd());
		return {files, ...(await writer.finish())};
	} catch (error) {
		await writer.discard();
		throw error;
	}
}

async function writeMember<R extends JsonValue>(
	tools: Tools<R>,
	writer: FileWriter,
	one: Found,
): Promise<FileFacts> {
	const {origin, link, isSecret} = one;
	const {files} = tools.look.io;
	if (one.entry.kind !== 'file') {
		const type = one.entry.kind === 'link' ? 'link' : 'folder';
		const member = memberOf(one, one.entry, {type, bytes: 0, ...(link !== undefined && {link})});
		await writer.write(tarHeader(member));
		return factsOf(member, one);
	}

	try {
		const {entry, content} = await files.snapshot(origin, tools.look.signal);
		const member = memberOf(one, entry, {type: 'file', bytes: entry.bytes});
		await writer.write(tarHeader(member));
		const sum = createSha256();
		for await (const piece of content) {
			sum.add(piece);
			await writer.write(piece);
		}

		await writer.write(tarPadding(entry.bytes));
		const after = await files.lstat(origin).catch(() => undefined);
		if ((after?.bytes ?? 0) > entry.bytes) {
			tools.warn({code: 'files-grew', params: {path: clean(origin, 300)}});
		}

		return {...factsOf(member, one), sha256: sum.hex(), ...(isSecret && {isSecret})};
	} catch (error) {
		tools.look.signal.throwIfAborted();
		throw unreadable(origin, error);
	}
}

function memberOf(
	{origin}: Found,
	entry: Found['entry'],
	more: Pick<TarMember, 'type' | 'bytes' | 'link'>,
): TarMember {
	return {
		path: memberPath(origin),
		mode: entry.mode & 0o777,
		userId: entry.ownerId,
		groupId: entry.groupId,
		modifiedAtSeconds: Math.floor(entry.modifiedAtMs / 1000),
		...more,
	};
}

function factsOf(member: TarMember, {origin}: Found): FileFacts {
	const {path, type, bytes, mode, userId, groupId, modifiedAtSeconds, link} = member;
	return {
		path,
		origin,
		type,
		bytes,
		mode,
		userId,
		groupId,
		modifiedAtMs: modifiedAtSeconds * 1000,
		...(link !== undefined && {link}),
	};
}

type Taker = ((piece: Uint8Array) => void | Promise<void>) | undefined;

/** What reads the members of an archive. */
export type ArchiveVisitor = {
	/** Called for every member, in order; what it gives back takes the content. */
	open(facts: FileFacts): Taker | Promise<Taker>;
	/** After the content of a file, when its sum is right. */
	close?(facts: FileFacts): void | Promise<void>;
};

const sliceBytes = 1024 * 1024;

/**
 * Reads a whole archive strictly: every member must be the one of the manifest, in its order, with its type, size, mode
 * and SHA-256, and obey the rules for names and budgets. Rejects with `files-bad-archive` at the first that does not.
 */
export async function readArchive(
	look: Pick<Look, 'io' | 'signal'>,
	archive: {readonly path: string; readonly files: readonly FileFacts[]; readonly budget?: Budget},
	visitor: ArchiveVisitor,
): Promise<void> {
	const {path, files, budget} = archive;
	const judge = createMemberJudge(budget);
	const queue: Event[] = [];
	let index = 0;
	const reader = createTarReader({
		member(member) {
			judge(member);
			const facts = files[index];
			index += 1;
			if (facts === undefined || !isSame(facts, member)) {
				throw new ArchiveError({fault: 'twice', member: member.path});
			}

			queue.push({facts});
		},
		data: bytes => queue.push({bytes: bytes.slice()}),
	});
	const pour = createPour(visitor);
	try {
		const {bytes} = await look.io.files.lstat(path);
		for (let at = 0; at < bytes; at += sliceBytes) {
			look.signal.throwIfAborted();
			reader.add(await look.io.files.readBytes(path, at, Math.min(sliceBytes, bytes - at)));
			for (const event of queue.splice(0)) await pour(event);
		}

		reader.finish();
		await pour({});
	} catch (error) {
		look.signal.throwIfAborted();
		throw archiveProblem(error);
	}

	if (index !== files.length) throw badArchive('cut-off', files[index]?.path ?? '');
}

type Event = {readonly facts?: FileFacts; readonly bytes?: Uint8Array};

/** Hands contents to the visitor and checks each sum at its end. */
function createPour(visitor: ArchiveVisitor): (event: Event) => Promise<void> {
	let current: FileFacts | undefined;
	let sum = createSha256();
	let write: Taker;
	return async ({facts, bytes}) => {
		if (bytes !== undefined) {
			sum.add(bytes);
			await write?.(bytes);
			return;
		}

		if (current?.type === 'file') {
			if (sum.hex() !== current.sha256) throw badArchive('wrong-checksum', current.path);
			await visitor.close?.(current);
		}

		current = facts;
		sum = createSha256();
		write = facts && (await visitor.open(facts));
	};
}

function isSame(facts: FileFacts, member: TarMember): boolean {
	return (
		facts.path === member.path &&
		facts.origin === `/${member.path}` &&
		facts.type === member.type &&
		facts.bytes === member.bytes &&
		facts.mode === member.mode &&
		facts.userId === member.userId &&
		facts.groupId === member.groupId &&
		facts.link === member.link
	);
}

function badArchive(fault: string, member: string) {
	return filesTrouble('files-bad-archive', {fault, member: clean(member, 200) || '-'});
}

function archiveProblem(error: unknown): unknown {
	if (error instanceof TarError || error instanceof ArchiveError) {
		return badArchive(error.fault, error.member);
	}

	return error;
}
