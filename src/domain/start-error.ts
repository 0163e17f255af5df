/** Why a container ended or could not start. */
export type EndKind =
	| 'none'
	| 'port-taken'
	| 'mount-missing'
	| 'command-missing'
	| 'permission'
	| 'network-missing'
	| 'image-missing'
	| 'other-start-error'
	| 'oom'
	| 'killed'
	| 'stopped'
	| 'crashed'
	| 'failed'
	| 'finished';

/**
 * What the engine (libnetwork, the daemon, runc) writes into `State.Error`, the first that fits. A folder mounted onto a
 * file is a missing mount too: the engine made the folder because the file was not there.
 */
const startErrors: readonly (readonly [EndKind, RegExp])[] = [
	['port-taken', /port is already allocated|address already in use|failed to bind (?:host )?port/i],
	[
		'mount-missing',
		/error mounting|bind source path does not exist|invalid mount config|not a directory: unknown: are you trying to mount a directory onto a file|failed to mount|no such file or directory.{0,40}volume|error while mounting volume|device or resource busy.{0,40}mount/i,
	],
	['network-missing', /network \S{1,200} not found|could not find a network|no such network/i],
	['image-missing', /no such image|image .{0,200}(?:not found|does not exist)/i],
	[
		'command-missing',
		/executable file not found|exec: .{0,300}no such file or directory|(?:starting container process|unable to start container process).{0,300}no such file or directory/i,
	],
	['permission', /permission denied|operation not permitted/i],
];

/** The kind of a text that the engine gave when it could not start a container; `none` for an empty one. */
export function startErrorKind(text: string): EndKind {
	if (text.trim() === '') return 'none';
	return startErrors.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other-start-error';
}

/** How a run ended, as far as it is known. */
export type RunEnd = {
	readonly startError: string;
	readonly isOom: boolean;
	/** Absent where no run ended. */
	readonly exitCode?: number | undefined;
};

/**
 * Why the last run ended. Exit codes above 128 are the signal plus 128 (POSIX shells, the engine): 129 HUP, 130 INT and
 * 143 TERM are orders to stop, 137 is KILL, 132 to 139 are crashes; 126 and 127 are a command that may not or cannot be run.
 */
export function endKind({startError, isOom, exitCode}: RunEnd): EndKind {
	const atStart = startErrorKind(startError);
	if (atStart !== 'none') return atStart;
	if (isOom) return 'oom';
	switch (exitCode) {
		case undefined:
			return 'none';
		case 0:
			return 'finished';
		case 126:
			return 'permission';
		case 127:
			return 'command-missing';
		case 129:
		case 130:
		case 143:
			return 'stopped';
		case 137:
			return 'killed';
		case 132:
		case 134:
		case 135:
		case 136:
		case 139:
			return 'crashed';
		default:
			return 'failed';
	}
}

/**
 * Whether somebody stopped a container that does not run: the engine would have started it again by its policy, or it
 * ended by an order to stop. Undefined where a kill or a good end leaves it open.
 */
export function isStoppedOnPurpose(
	end: RunEnd & {readonly restartPolicy: string},
): boolean | undefined {
	const kind = endKind(end);
	if (startErrorKind(end.startError) !== 'none' || kind === 'none') return false;
	if (end.restartPolicy === 'always' || end.restartPolicy === 'unless-stopped') return true;
	if (kind === 'stopped') return true;
	return kind === 'killed' || kind === 'finished' ? undefined : false;
}
