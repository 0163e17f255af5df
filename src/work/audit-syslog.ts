import {clean} from '../domain/clean.ts';
import type {AuditLine} from '../domain/audit.ts';
import type {Act} from '../io/act.ts';
import {sha256} from './canonical.ts';
import {nameOfOperator} from './who.ts';

const timeoutMs = 5000;

/** The command that tells syslog of an entry: its number and its hash, which is that of the whole chain up to it. */
export function syslogArgv(line: AuditLine): readonly [string, ...string[]] {
	const {seq, kind, op, operation, target, operator} = line;
	const words = [
		`audit seq=${seq} sha256=${sha256(JSON.stringify(line))} ${kind}`,
		`op=${op} operation=${operation} target=${target} by=${nameOfOperator(operator)}`,
	];
	const text = clean(words.join(' '), 500);
	return ['logger', '-t', 'opsconsole', '-p', 'authpriv.notice', '--', text];
}

/**
 * Tells syslog of an entry of the audit, so that whoever rewrites the whole chain must rewrite the system's log as well.
 * Gives why it could not be told; never rejects, since an operation does not depend on it.
 */
export async function tellSyslog(
	line: AuditLine,
	program: Act['program'],
): Promise<string | undefined> {
	try {
		const argv = syslogArgv(line);
		const {exitCode, stderr} = await program({argv}, {signal: AbortSignal.timeout(timeoutMs)});
		return exitCode === 0 ? undefined : clean(`logger: exit ${exitCode} ${stderr.trim()}`, 300);
	} catch (error) {
		return clean(`logger: ${error instanceof Error ? error.message : String(error)}`, 300);
	}
}
