import {clean} from '../../domain/clean.ts';
import type {Artefact} from '../../domain/manifest.ts';
import type {Command, JsonValue} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {Tools} from '../operation.ts';
import {passwordFileText} from './loader.ts';

const chunkBytes = 4 * 1024 * 1024;
const encoder = new TextEncoder();

type WriteCommand = Command & {kind: 'file'; action: 'write'};

function isWrite(command: Command): command is WriteCommand {
	return command.kind === 'file' && command.action === 'write';
}

function writeCommand(commands: readonly Command[], name: string): WriteCommand | undefined {
	return commands.filter(isWrite).find(({path}) => path.endsWith(`/${name}`));
}

/**
 * Copies an artefact of a backup into the run's own folder and compares the checksum of exactly the bytes that were
 * written there with the manifest, so that nobody can exchange the file between check and load (SAFETY 5.1, S-41).
 */
export async function fetchDump<R extends JsonValue>(
	tools: Tools<R>,
	{folder, artefact}: {readonly folder: string; readonly artefact: Artefact},
): Promise<void> {
	const command = writeCommand(tools.step.commands, 'dump.pgc');
	if (command === undefined) {
		throw new Error('the plan writes no dump');
	}
	const path = `${folder}/${artefact.name}`;
	const writer = await tools.write(command);
	try {
		for (let offset = 0; ;) {
			tools.look.signal.throwIfAborted();
			const chunk = await tools.look.io.files.readBytes(path, offset, chunkBytes);
			if (chunk.length === 0 || offset > artefact.bytes) {
				break;
			}
			await writer.write(chunk);
			offset += chunk.length;
			tools.progress({done: offset, total: artefact.bytes, unit: 'bytes'});
		}
	} catch (error) {
		await writer.discard();
		throw error;
	}
	const {bytes, sha256} = await writer.finish();
	if (bytes !== artefact.bytes || sha256 !== artefact.sha256) {
		throw new ProblemError({
			code: 'restore-changed-dump',
			params: {file: clean(path, 300), bytes, expected: artefact.bytes},
			retry: 'rarely',
		});
	}
}

/** Writes the password file that the loading program reads; nothing where the server needs no password. */
export async function writePasswordFile<R extends JsonValue>(
	tools: Tools<R>,
	target: PostgresTarget,
): Promise<void> {
	const text = passwordFileText(target);
	const command = writeCommand(tools.step.commands, 'pgpass');
	if (text === undefined || command === undefined) {
		return;
	}
	const writer = await tools.write(command);
	await writer.write(encoder.encode(text));
	await writer.finish();
}
