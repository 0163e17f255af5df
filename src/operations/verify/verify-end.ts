import {ProblemError} from '../../domain/problem.ts';
import {causeOf} from '../backup/program-failure.ts';
import type {ProgramEnd} from '../postgres/programs.ts';
import {BadBackup} from './verifier.ts';

/**
 * What a program says where the machine failed it and not the backup: memory or disk ran out, the throw-away server is
 * gone (the kernel ends its processes at the memory limit), the program is too old. Messages of PostgreSQL 10 to 18.
 */
const machineFault = {
	memory: /out of memory|[Cc]annot allocate memory/,
	other:
		/unsupported version|[Nn]o space left|disk quota|server closed the connection|terminating connection|connection to server .* failed|in recovery mode|is starting up|is shutting down/,
} as const;

/** A program that judges the archive or what is in it; a fault of the machine says nothing about either. */
export function mustHold(program: string, end: ProgramEnd): void {
	const isMachine = Object.values(machineFault).some(pattern => pattern.test(end.stderr));
	if (end.wasOutOfMemory || (end.exitCode !== 0 && isMachine)) mustSucceed(program, end);
	if (end.exitCode !== 0) throw new BadBackup(causeOf(end));
}

/** A program that only prepares: its failure says nothing about the backup. */
export function mustSucceed(program: string, end: ProgramEnd): void {
	if (end.exitCode === 0 && !end.wasOutOfMemory) return;
	const isMemory = end.wasOutOfMemory || machineFault.memory.test(end.stderr);
	const code = isMemory ? 'verify-out-of-memory' : 'verify-not-done';
	throw new ProblemError({code, params: {program, cause: causeOf(end)}, retry: 'soon'});
}
