import {failedLogins, type FailedLogins} from '../../domain/failed-logins.ts';
import {maybe, within} from '../maybe.ts';
import type {LookFacts} from '../reader.ts';

const dayMs = 86_400_000;
const programMs = 10_000;
/** Of a log so much of the end is read. */
const tailBytes = 16 * 1024 * 1024;
const logs = ['/var/log/auth.log.1', '/var/log/auth.log', '/var/log/secure'];

async function journal(
	{io, signal}: LookFacts,
	args: readonly string[],
): Promise<string | undefined> {
	const argv = ['journalctl', '-q', '--no-pager', '-o', 'short-iso', ...args] as const;
	const result = await maybe(
		io.processes.run(['journalctl', ...argv.slice(1)], within(programMs, signal)),
		signal,
	);
	return result?.exitCode === 0 ? result.stdout : undefined;
}

/** The lines of sshd in the journal; undefined where there is none that we may read. */
async function fromJournal(facts: LookFacts): Promise<string | undefined> {
	if (!(await facts.io.processes.has('journalctl'))) return undefined;
	// The newest line shows whether anything is kept: an empty journal tells nothing.
	const any = await journal(facts, ['-n', '1']);
	if (any === undefined || any === '') return undefined;
	return journal(facts, ['--since=-24h', '-t', 'sshd', '-t', 'sshd-session']);
}

async function tailOf({io}: LookFacts, path: string): Promise<string | undefined> {
	try {
		const {bytes} = await io.files.stat(path);
		const from = Math.max(0, bytes - tailBytes);
		return new TextDecoder().decode(await io.files.readBytes(path, from, tailBytes));
	} catch {
		return undefined;
	}
}

/** Failed logins of the last day: from the journal, else from sshd's log; undefined where neither can be read. */
export async function readLogins(facts: LookFacts): Promise<FailedLogins | undefined> {
	const nowMs = facts.io.clock.now();
	const fromFiles = await Promise.all(logs.map(path => tailOf(facts, path)));
	const files = fromFiles.filter(text => text !== undefined);
	const text = files.length > 0 ? files.join('\n') : await fromJournal(facts);
	return text === undefined ? undefined : failedLogins(text.split('\n'), nowMs - dayMs, nowMs);
}
