/** Keys that leave a container's terminal without ending anything, in the engine's notation. */
export const detachKeys = 'ctrl-p,ctrl-q';

/** Shells in the order in which they are tried. */
export const shells = ['/bin/bash', '/bin/sh'] as const;

/** What a terminal session needs of a container. */
export type TerminalTarget = {
	/** Full id, so that it is this very container. */
	readonly id: string;
	/** Started with a terminal (`tty: true`). */
	readonly isTerminal: boolean;
};

/**
 * The argument array that looks whether a shell is there; status 0 means yes. It runs a program inside the container
 * that changes nothing. The shell for `shellCommand` is the first one that answers.
 */
export function shellProbe(
	container: Pick<TerminalTarget, 'id'>,
	shell: string,
): readonly [string, ...string[]] {
	return ['docker', 'exec', container.id, shell, '-c', 'exit 0'];
}

/**
 * The argument array for a shell in a container, to be run with the terminal handed over. It is no journaled change:
 * what is typed there is the operator's own doing; that it was opened belongs into the audit.
 */
export function shellCommand(
	container: Pick<TerminalTarget, 'id'>,
	options: {readonly shell?: string; readonly user?: string} = {},
): readonly [string, ...string[]] {
	const {shell = shells[1], user} = options;
	const asUser = user === undefined ? [] : ['--user', user];
	const keys = ['--detach-keys', detachKeys];
	return ['docker', 'exec', '--interactive', '--tty', ...keys, ...asUser, container.id, shell];
}

/**
 * The argument array that shows the output of a container's main process and, where it has a terminal, types into it:
 * there every key reaches the service, also ctrl-c; only the detach keys leave. Without a terminal nothing is typed and
 * ctrl-c leaves: the log is followed then, because `docker attach` of a container without a terminal takes no detach
 * keys and `--sig-proxy=false` lets it ignore ctrl-c until the third one (seen with docker 28).
 */
export function attachCommand(container: TerminalTarget): readonly [string, ...string[]] {
	const {id, isTerminal} = container;
	if (!isTerminal) return ['docker', 'logs', '--follow', '--tail', '20', id];
	return ['docker', 'attach', '--detach-keys', detachKeys, '--sig-proxy=false', id];
}
