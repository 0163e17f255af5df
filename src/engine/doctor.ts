import process from 'node:process';

import {fit} from '../domain/format.ts';
import type {Language, Settings} from '../domain/settings.ts';
import type {Targets} from '../domain/targets.ts';
import type {Io} from '../io/io.ts';
import {checkTimeoutMs, problemWords, words, type DoctorCheck} from './doctor-check.ts';
import {checkBackups, checkCgroup, checkConfig, checkJournal, checkLog} from './doctor-files.ts';
import {checkDocker, checkPostgres, checkRedis} from './doctor-servers.ts';
import {checkTerminal, type TerminalFacts} from './doctor-terminal.ts';
import type {DoctorWord} from '../words/doctor-words.ts';

export type {DoctorCheck} from './doctor-check.ts';

/** Terminal and program as they are now. */
function terminalFacts(io: Io): TerminalFacts {
	const {stdout} = process;
	// Without a terminal Node leaves these out, whatever its types say.
	const isTerminal = stdout.isTTY;
	return {
		isTerminal,
		columns: isTerminal ? stdout.columns : 0,
		rows: isTerminal ? stdout.rows : 0,
		colourDepth: isTerminal ? stdout.getColorDepth() : 1,
		environment: io.environment,
		nodeVersion: process.versions.node,
	};
}

/** Runs one group of checks; it has its own deadline and can neither stop nor delay the others. */
async function guarded(
	id: string,
	title: DoctorWord,
	signal: AbortSignal,
	check: (signal: AbortSignal) => Promise<readonly DoctorCheck[]>,
): Promise<readonly DoctorCheck[]> {
	signal.throwIfAborted();
	const deadline = AbortSignal.timeout(checkTimeoutMs);
	const either = AbortSignal.any([signal, deadline]);
	// Files on a server that is away ignore every signal, so the deadline is also waited for by itself.
	const late = Promise.withResolvers<never>();
	const giveUp = () => late.reject(either.reason instanceof Error ? either.reason : new Error(id));
	either.addEventListener('abort', giveUp, {once: true});
	try {
		return await Promise.race([check(either), late.promise]);
	} catch (error) {
		signal.throwIfAborted();
		const {found, hint} = problemWords(error, id);
		return [{id, title: words(title, {name: id}), outcome: 'missing', found, hint}];
	} finally {
		either.removeEventListener('abort', giveUp);
	}
}

/**
 * Checks every right and reachability that opsconsole needs here: engine, servers, logs, backups, terminal. Reads only.
 * All checks run at once, each for at most five seconds. Rejects only when the signal ends it.
 */
export async function runDoctor(
	io: Io,
	settings: Settings,
	targets: Targets,
	signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
	const groups = await Promise.all([
		guarded('docker', 'docker-title', signal, async either => [
			await checkDocker(io, settings, either),
		]),
		guarded('cgroup', 'cgroup-title', signal, async () => [await checkCgroup(io)]),
		...targets.postgres.map(target =>
			guarded(`postgres:${target.id}`, 'postgres-title', signal, either =>
				checkPostgres(io, target, either),
			),
		),
		...targets.redis.map(target =>
			guarded(`redis:${target.id}`, 'redis-title', signal, async either => [
				await checkRedis(io, target, either),
			]),
		),
		...targets.logs.map(target =>
			guarded(`log:${target.id}`, 'log-title', signal, () => checkLog(io, target)),
		),
		guarded('journal', 'journal-title', signal, async either => [await checkJournal(io, either)]),
		...targets.backups.map(target =>
			guarded(`backups:${target.id}`, 'backups-title', signal, async () => [
				await checkBackups(io, target),
			]),
		),
		guarded('config', 'config-title', signal, () => checkConfig(io, settings)),
	]);
	return [...groups.flat(), ...checkTerminal(terminalFacts(io))];
}

const marks = {ok: '✓', missing: '✗', skipped: '-'} as const;

/** The checks as lines for people: what is there, what is missing and the command that grants it. */
export function formatDoctor(checks: readonly DoctorCheck[], language: Language): string {
	const lines = checks.flatMap(check => {
		const outcome = words(`outcome-${check.outcome}`)[language];
		const head = `${marks[check.outcome]} ${fit(outcome, 8)}${check.title[language].trimEnd()}`;
		return [
			`${head}: ${check.found[language]}`,
			...(check.command === undefined ? [] : [`            $ ${check.command}`]),
			...(check.hint && check.command === undefined ? [`            ${check.hint[language]}`] : []),
		];
	});
	const count = (outcome: DoctorCheck['outcome']) =>
		checks.filter(check => check.outcome === outcome).length;
	const summary = words('summary', {
		ok: count('ok'),
		missing: count('missing'),
		skipped: count('skipped'),
	});
	return [...lines, '', summary[language], ''].join('\n');
}
