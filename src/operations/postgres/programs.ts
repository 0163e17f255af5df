import type {Command, ContainerIdentity, Sidecar, SidecarMount} from '../../domain/plan.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {Look, Tools} from '../operation.ts';

/**
 * Where PostgreSQL's programs run: in a sidecar from the image of the database's own container, inside that container
 * (where folders of this machine cannot be mounted), or on this machine. `folder` holds the programs.
 */
export type Programs =
	| {
			readonly kind: 'sidecar';
			readonly image: string;
			readonly folder: string;
			/** The container whose network the sidecar joins for the server. */
			readonly containerId: string;
			/** Owner of the files that it writes: we, so that they stay ours. */
			readonly user: string;
	  }
	| {
			readonly kind: 'exec';
			readonly folder: string;
			readonly containerId: string;
			readonly containerName: string;
	  }
	| {readonly kind: 'program'; readonly folder: string};

/** A command that runs one of PostgreSQL's programs. */
export type ProgramCommand = Command & {kind: 'sidecar' | 'exec' | 'program'};

/** How a program is run: its mounts (for a sidecar), what it may use, whether it needs the server. */
export type Running = {
	/** Short name of the sidecar, unique in the plan. */
	readonly name: string;
	readonly program: string;
	readonly args: readonly string[];
	readonly mounts?: readonly SidecarMount[];
	readonly passfile?: string;
	/** Joins the network of the database's container; none otherwise. */
	readonly isConnected?: boolean;
	readonly memoryBytes?: number;
};

const memoryBytes = 512 * 1024 * 1024;

/** The command that runs a program. Paths of mounted folders are the same inside and outside. */
export function runCommand(programs: Programs, running: Running): ProgramCommand {
	const {name, program, args, mounts = [], passfile, isConnected = false} = running;
	const argv = [`${programs.folder}/${program}`, ...args] as const;
	switch (programs.kind) {
		case 'sidecar': {
			const sidecar: Sidecar = {
				name,
				image: programs.image,
				argv,
				network: isConnected ? `container:${programs.containerId}` : 'none',
				memoryBytes: running.memoryBytes ?? memoryBytes,
				mounts: [
					...mounts,
					...(passfile === undefined ? [] : [{from: passfile, to: passfile, isReadOnly: true}]),
				],
				environment: {LC_ALL: 'C', ...(passfile !== undefined && {PGPASSFILE: passfile})},
				user: programs.user,
			};
			return {kind: 'sidecar', sidecar};
		}

		case 'exec':
			return {
				kind: 'exec',
				containerId: programs.containerId,
				containerName: programs.containerName,
				argv,
				user: 'postgres',
			};
		case 'program':
			return {
				kind: 'program',
				argv,
				...(passfile !== undefined && {environment: {PGPASSFILE: passfile}}),
			};
	}
}

/** The command of a step that runs this program. Throws where the plan has none. */
export function programOf(commands: readonly Command[], program: string): ProgramCommand {
	for (const command of commands) {
		if (command.kind !== 'sidecar' && command.kind !== 'exec' && command.kind !== 'program')
			continue;
		const argv = command.kind === 'sidecar' ? command.sidecar.argv : command.argv;
		// Not always the first argument: one that changes the user may stand before it.
		if (argv.some(argument => argument.endsWith(`/${program}`))) return command;
	}

	throw new Error(`the plan runs no ${program}`);
}

/** How a program ended, wherever it ran. */
export type ProgramEnd = {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
	readonly wasOutOfMemory: boolean;
};

/** What goes into and comes out of a program. */
export type Piping = {
	readonly fill?: Readonly<Record<string, string | number>>;
	onOutput?(chunk: Uint8Array): void | Promise<void>;
	/** Given to its standard input; not for a sidecar. */
	readonly input?: AsyncIterable<Uint8Array>;
};

/** Runs a program of a plan wherever it is to run. */
export async function runProgram(
	tools: Pick<Tools, 'sidecar' | 'exec' | 'program'>,
	command: ProgramCommand,
	piping: Piping = {},
): Promise<ProgramEnd> {
	switch (command.kind) {
		case 'sidecar':
			return tools.sidecar(command, piping);
		case 'exec':
			return {...(await tools.exec(command, piping)), wasOutOfMemory: false};
		case 'program':
			return {...(await tools.program(command, piping)), wasOutOfMemory: false};
	}
}

/**
 * Runs a program and puts what it writes into a new file: by its standard output where it runs inside a container, else
 * it fills the file itself, which is made here all the same, so that it is ours, with mode 0600.
 */
export async function runInto(
	tools: Pick<Tools, 'sidecar' | 'exec' | 'program' | 'write'>,
	command: ProgramCommand,
	file: Parameters<Tools['write']>[0],
	fill: Piping['fill'] = {},
): Promise<ProgramEnd> {
	const writer = await tools.write(file);
	if (command.kind !== 'exec') {
		await writer.finish();
		return runProgram(tools, command, {fill});
	}

	try {
		const end = await runProgram(tools, command, {fill, onOutput: chunk => writer.write(chunk)});
		await writer.finish();
		return end;
	} catch (error) {
		await writer.discard();
		throw error;
	}
}

/** The container of a target as an identity; undefined for a server that runs in none. */
export function containerIdentity(
	look: Pick<Look, 'containers'>,
	target: PostgresTarget,
): ContainerIdentity | undefined {
	const found = look.containers.find(({id}) => id === target.container?.containerId);
	return found && {key: found.key, name: found.name, id: found.id, imageId: found.imageId};
}
