import {exitStatuses} from './domain/exit-status.ts';
import {ProblemError} from './domain/problem.ts';
import type {Settings} from './domain/settings.ts';
import type {Io} from './io/io.ts';
import {tellProblem} from './show-jobs.ts';
import type {CommandFlags} from './work/command-table.ts';

/** What such a command is given. */
export type RecordSurroundings = {
	readonly io: Io;
	readonly settings: Settings;
	readonly flags: CommandFlags;
};

/** Exit status where a file cannot be written (sysexits). */
const cannotWrite = 73;

/** Tells why a command about records could not be carried out; gives the exit status. */
export async function tellRecordProblem(
	error: unknown,
	{settings, flags}: Pick<RecordSurroundings, 'settings' | 'flags'>,
): Promise<number> {
	if (!(error instanceof ProblemError)) throw error;
	const {problem} = error;
	const exitStatus = problem.code === 'report-unwritable' ? cannotWrite : exitStatuses.refused;
	return tellProblem(problem, exitStatus, {
		language: settings.language,
		isJson: flags['json'] === true,
	});
}
