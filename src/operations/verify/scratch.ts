import type {Command, Sidecar} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {formatBytes} from '../../domain/format.ts';
import {hostMemory} from '../shared/host-memory.ts';
import type {Look} from '../operation.ts';
import type {Programs, ProgramCommand} from '../postgres/programs.ts';
import {remove} from '../catalogue/place.ts';

const mebibyte = 1024 * 1024;
/** What the server and the programs beside it need, without the data. */
const serverBytes = 512 * mebibyte;
/** A new cluster, its write-ahead log and some room. */
const baseBytes = 400 * mebibyte;

/** A throw-away server: how it is made, reached and removed, as commands. */
export type ScratchServer = {
	/** Folder of its data and socket, as the server's programs see it. */
	readonly folder: string;
	/** Makes its place: a container without a network, or a folder of this machine. */
	readonly create: Command & {kind: 'sidecar' | 'program' | 'file'};
	/** One of its programs, as the user that owns it. */
	run(program: string, args: readonly string[]): ProgramCommand;
	/** What is to be done when it is no longer needed; a container goes with the run. */
	readonly drop: readonly (Command & {kind: 'program' | 'file'})[];
	readonly space: {
		readonly folder: string;
		readonly neededBytes: number;
		readonly reserveBytes?: number;
		readonly freeBytes: number;
	};
};

async function freeBytesOf({io}: Look, folder: string): Promise<number> {
	const {blockBytes, blocksAvailable} = await io.files.statfs(folder);
	return blockBytes * blocksAvailable;
}

/** Rejects where the server would take more than half of what is free: production comes first (fault row B37). */
async function requireMemory(look: Look): Promise<number | undefined> {
	const freeBytes = (await hostMemory(look))?.availableBytes;
	if (freeBytes !== undefined && freeBytes < 2 * serverBytes) {
		const params = {needed: formatBytes(2 * serverBytes), free: formatBytes(freeBytes)};
		throw new ProblemError({code: 'verify-memory', params, retry: 'soon'});
	}

	return freeBytes;
}

/** In memory where it takes no more than a quarter of what is free, else on the engine's disk (SAFETY 3.2). */
async function containerServer(
	look: Look,
	programs: Exclude<Programs, {kind: 'program'}>,
	facts: {readonly id: string; readonly dataBytes: number; readonly image: string},
): Promise<ScratchServer> {
	const {id, image} = facts;
	const available = await requireMemory(look);
	const dataBytes = Math.ceil(facts.dataBytes * 1.2) + baseBytes;
	const isInMemory = available !== undefined && dataBytes + serverBytes <= available / 4;
	const folder = isInMemory ? '/scratch' : '/tmp';
	const root = '/var/lib/docker';
	const disk = isInMemory
		? {folder: '/dev/shm', freeBytes: available}
		: {folder: root, freeBytes: await freeBytesOf(look, root).catch(() => dataBytes)};
	if (disk.freeBytes < dataBytes + (isInMemory ? 0 : 1024 * mebibyte)) {
		const params = {
			folder: disk.folder,
			needed: formatBytes(dataBytes),
			free: formatBytes(disk.freeBytes),
		};
		throw new ProblemError({code: 'catalogue-space', params, retry: 'soon'});
	}

	const sidecar: Sidecar = {
		name: 'scratch',
		image,
		argv: ['tail', '-f', '/dev/null'],
		network: 'none',
		memoryBytes: serverBytes + (isInMemory ? dataBytes : 0),
		...(isInMemory ? {tmpfs: {'/scratch': dataBytes}} : {isWritable: true}),
		environment: {LC_ALL: 'C'},
		user: 'postgres',
		isBackground: true,
	};
	return {
		folder,
		create: {kind: 'sidecar', sidecar},
		run: (program, args) => ({
			kind: 'exec',
			containerId: '{scratch}',
			containerName: `opsconsole-${id}-scratch`,
			argv: [`${programs.folder}/${program}`, ...args],
			user: 'postgres',
		}),
		drop: [],
		space: {...disk, neededBytes: dataBytes},
	};
}

/**
 * On this machine, reachable by its socket only; as the user postgres where we are root, which the server refuses. Each of
 * its processes gets no more memory of its own than a container would have: it fails then, and nothing else is killed.
 */
async function hostServer(
	look: Look,
	programs: Programs & {kind: 'program'},
	facts: {readonly id: string; readonly dataBytes: number},
): Promise<ScratchServer> {
	await requireMemory(look);
	const isRoot = look.io.host.userId() === 0;
	const parent = isRoot ? '/tmp' : look.folders.scratch;
	const folder = `${parent}/opsconsole-${facts.id}`;
	const reserveBytes = 1024 * mebibyte;
	const neededBytes = Math.ceil(facts.dataBytes * 1.2) + baseBytes + reserveBytes;
	const freeBytes = await freeBytesOf(look, parent);
	if (freeBytes < neededBytes) {
		const params = {folder: parent, needed: formatBytes(neededBytes), free: formatBytes(freeBytes)};
		throw new ProblemError({code: 'catalogue-space', params, retry: 'soon'});
	}

	const as = [
		...(isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--'] : []),
		...['prlimit', `--data=${serverBytes}`, '--'],
	];
	const runHere = (program: string, args: readonly string[]) => {
		const [first = '', ...rest] = [...as, `${programs.folder}/${program}`, ...args];
		return {kind: 'program' as const, argv: [first, ...rest] as const, folder: '/'};
	};
	return {
		folder,
		create: isRoot
			? {
					kind: 'program',
					argv: ['install', '-d', '-o', 'postgres', '-g', 'postgres', '-m', '0700', folder],
				}
			: {kind: 'file', action: 'make', path: folder},
		run: runHere,
		drop: [
			// The server that a crash left runs on; it must end before its files go.
			runHere('pg_ctl', ['-D', `${folder}/data`, '-m', 'immediate', '-w', 'stop']),
			// Only what is ours is removed.
			...(isRoot
				? [{kind: 'program' as const, argv: ['chown', '-R', '-h', '0:0', folder] as const}]
				: []),
			remove(folder),
		],
		space: {folder: parent, neededBytes, reserveBytes, freeBytes},
	};
}

/** A throw-away server of the version that made a backup; rejects with a ProblemError where there is no room for it. */
export function scratchServer(
	look: Look,
	programs: Programs,
	facts: {readonly id: string; readonly dataBytes: number; readonly image: string},
): Promise<ScratchServer> {
	return programs.kind === 'program'
		? hostServer(look, programs, facts)
		: containerServer(look, programs, facts);
}
