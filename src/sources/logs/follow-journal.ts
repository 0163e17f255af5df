import {severityOfPriority} from '../../domain/log-level.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {LogTarget} from '../../domain/targets.ts';
import {listOf, objectOf, textOf, type Json} from '../../domain/unknown.ts';
import {problemOf} from './follow-state.ts';
import type {FollowTools} from './follow-container.ts';
import type {LineSink} from './intake.ts';

const firstDelayMs = 500;
const maxDelayMs = 5000;
const missingDelayMs = 60_000;

/** The journal of a unit, or of the whole system. */
export type JournalLog = {
	readonly target: LogTarget;
	readonly unit: string | undefined;
	readonly sink: LineSink;
};

/** The message of an entry; journald writes one that is no UTF-8 as an array of bytes. */
function messageOf(entry: Json): string {
	const message = entry['MESSAGE'];
	if (typeof message === 'string') return message;
	const bytes = listOf(message).filter(byte => typeof byte === 'number');
	return new TextDecoder().decode(Uint8Array.from(bytes));
}

const levelNames = {
	debug: 'DEBUG',
	info: 'INFO',
	warning: 'WARNING',
	error: 'ERROR',
	fatal: 'FATAL',
};
const hasLevel = /\b(?:error|warn|fatal|crit|info|debug|level)/i;

/** Lines of one journal entry; the priority is written in front of a message that names no level itself. */
export function linesOfEntry(entry: Json): readonly string[] {
	const lines = messageOf(entry).split('\n');
	const priority = Number(textOf(entry['PRIORITY']) || '6');
	const name = levelNames[severityOfPriority(priority)];
	const first = lines[0] ?? '';
	return priority <= 4 && !hasLevel.test(first.slice(0, 120))
		? [`${name}: ${first}`, ...lines.slice(1)]
		: lines;
}

function argumentsFor(log: JournalLog, cursor: string | undefined): [string, ...string[]] {
	const place =
		cursor === undefined ? ['--lines=500', '--since=-15min'] : [`--after-cursor=${cursor}`];
	const unit = log.unit === undefined ? [] : [`--unit=${log.unit}`];
	return ['journalctl', '--follow', '--output=json', '--no-pager', '--quiet', ...place, ...unit];
}

/** Takes one line of `journalctl --output=json`; returns its cursor. */
function take(line: string, log: JournalLog, nowMs: number): string | undefined {
	let entry: Json;
	try {
		entry = objectOf(JSON.parse(line));
	} catch {
		return undefined;
	}

	const micros = Number(textOf(entry['__REALTIME_TIMESTAMP']));
	const arrival = {atMs: micros > 0 ? micros / 1000 : nowMs, isExact: true};
	for (const text of linesOfEntry(entry)) log.sink.push(text, arrival);
	return textOf(entry['__CURSOR']) || undefined;
}

/** Follows the journal from its last cursor on, until the signal ends it. */
export async function followJournal(log: JournalLog, tools: FollowTools): Promise<void> {
	const {io, pace, wake, signal, onState} = tools;
	let cursor: string | undefined;
	let delayMs = firstDelayMs;
	while (!signal.aborted) {
		try {
			if (!(await io.processes.has('journalctl'))) {
				throw new ProblemError({code: 'logs-journal-missing', params: {}, retry: 'rarely'});
			}

			onState({isFollowing: true});
			for await (const line of io.processes.lines(argumentsFor(log, cursor), signal)) {
				await pace.work(() => {
					cursor = take(line, log, io.clock.now()) ?? cursor;
				});
				delayMs = firstDelayMs;
			}

			throw new ProblemError({
				code: 'logs-journal-ended',
				params: {cause: 'end of output'},
				retry: 'soon',
			});
		} catch (error) {
			signal.throwIfAborted();
			const cause = problemOf(error, 'journalctl');
			onState({isFollowing: false, cause});
			delayMs = Math.min(maxDelayMs, delayMs * 2);
			await wake.wait(cause.retry === 'rarely' ? missingDelayMs : delayMs);
		}
	}
}
