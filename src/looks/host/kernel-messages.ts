import {parseDmesg, parseKernelJournal, type KernelMessage} from '../../domain/kernel-log.ts';
import {parseUptime} from '../../domain/proc.ts';
import type {Io} from '../../io/io.ts';
import {maybe, within} from '../maybe.ts';
import type {LookFacts} from '../reader.ts';

const programMs = 1000;
const allMs = 2500;

type Facts = Pick<LookFacts, 'io' | 'signal'>;

async function output(
	{io, signal}: Facts,
	argv: readonly [string, ...string[]],
): Promise<string | undefined> {
	const run = io.processes.run(argv, within(programMs, signal));
	const result = await maybe(run, signal);
	return result?.exitCode === 0 ? result.stdout : undefined;
}

async function messagesOf(facts: Facts): Promise<readonly KernelMessage[] | undefined> {
	const {io} = facts;
	if (await io.processes.has('journalctl')) {
		const argv = [
			'journalctl',
			'-k',
			'-q',
			'--no-pager',
			'-o',
			'short-unix',
			'--since=-1h',
		] as const;
		const found = parseKernelJournal((await output(facts, argv)) ?? '');
		if (found.length > 0) return found;
	}

	// Also where the journal is empty: it may not be kept, or not be shown to this user.
	const text = (await io.processes.has('dmesg')) ? await output(facts, ['dmesg']) : undefined;
	if (text === undefined) return undefined;
	const uptime = await io.files.readText('/proc/uptime').catch(() => '');
	const seconds = parseUptime(uptime);
	return parseDmesg(text, seconds === undefined ? undefined : io.clock.now() - seconds * 1000);
}

const flights = new WeakMap<Io, Promise<readonly KernelMessage[] | undefined>>();

/**
 * The kernel's messages of the last hour at least; undefined where nobody shows them to us. Those who ask while another waits
 * share its answer: each container has a look at them.
 */
export async function kernelMessages({
	io,
	signal,
}: Facts): Promise<readonly KernelMessage[] | undefined> {
	const known = flights.get(io);
	const flight = known ?? messagesOf({io, signal: AbortSignal.timeout(allMs)});
	if (known === undefined) {
		flights.set(io, flight);
		const end = () => flights.delete(io);
		flight.then(end, end);
	}

	return maybe(flight, signal);
}
