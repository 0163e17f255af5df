import {clean} from './domain/clean.ts';
import {attachCommand, shellCommand, shellProbe, shells} from './domain/service-shell.ts';
import type {Settings} from './domain/settings.ts';
import {objectOf, textOf} from './domain/unknown.ts';
import type {Io} from './io/io.ts';

/** How long looking for a shell may take, in ms. */
const probeMs = 5000;

type Argv = readonly [string, ...string[]];

/** The command line for the engine that the console watches. */
function onEngine([program, ...args]: Argv, {docker}: Settings): Argv {
	const {host, context} = docker;
	if (host !== undefined) return [program, '--host', host, ...args];
	return context === undefined ? [program, ...args] : [program, '--context', context, ...args];
}

/** What is run on the terminal, the name of its container, cleaned, and which words say how to leave it. */
export type TerminalProgram = {
	readonly argv: Argv;
	readonly container: string;
	readonly leave: 'leave-shell' | 'leave-attached' | 'leave-output';
};

/** The command line of a shell in a container, or of what attaches to it. Rejects with a ProblemError of the engine. */
export async function terminalProgram(
	io: Io,
	settings: Settings,
	wish: {readonly program: 'shell' | 'attach'; readonly containerId: string},
): Promise<TerminalProgram> {
	const signal = AbortSignal.timeout(probeMs);
	const id = wish.containerId;
	const inspected = objectOf(await io.docker.get(`/containers/${id}/json`, signal));
	const container = clean(textOf(inspected['Name']).replace(/^\//, '') || id.slice(0, 12), 128);
	if (wish.program === 'attach') {
		const isTerminal = objectOf(inspected['Config'])['Tty'] === true;
		const argv = onEngine(attachCommand({id, isTerminal}), settings);
		return {argv, container, leave: isTerminal ? 'leave-attached' : 'leave-output'};
	}

	const of = (argv: Argv): TerminalProgram => ({
		argv: onEngine(argv, settings),
		container,
		leave: 'leave-shell',
	});

	for (const shell of shells) {
		const probe = onEngine(shellProbe({id}, shell), settings);
		const result = await io.processes.run(probe, signal).catch(() => undefined);
		if (result?.exitCode === 0) return of(shellCommand({id}, {shell}));
	}

	return of(shellCommand({id}));
}
