import process from 'node:process';
import {backupListOf} from './domain/backup-list.ts';
import {exitStatuses, exitStatusOfRun} from './domain/exit-status.ts';
import {throwIfNoTime} from './domain/restore-time.ts';
import type {Settings} from './domain/settings.ts';
import type {Io} from './io/io.ts';
import {pitrReadiness} from './operations/postgres/pitr-readiness.ts';
import {findServer} from './operations/postgres/server.ts';
import {readOwnCatalogue} from './own-catalogue.ts';
import {print, printJson} from './print.ts';
import {foldersOf} from './own-state.ts';
import {backupTable} from './report/backup-table.ts';
import {tellProblem} from './show-jobs.ts';
import type {CommandFlags} from './work/command-table.ts';
import {lookAround} from './work/look.ts';
import {problemOfError} from './work/perform.ts';
import {listWords} from './words/list-words.ts';
import {sayPhrase} from './words/phrases/phrase.ts';
import {fill} from './words/words.ts';

/** Commands that only look at what operations made or could do; none of them changes anything. */
export type LookCommand = 'backups' | 'pitr';

type Facts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly flags: CommandFlags;
};

async function backups({io, settings, flags}: Facts): Promise<number> {
	const nowMs = io.clock.now();
	const list = backupListOf(await readOwnCatalogue(io, foldersOf(io, settings).backups), nowMs);
	if (flags['json'] === true) await printJson(list);
	else await print(backupTable(list, settings.language, nowMs));
	return exitStatuses.done;
}

async function pitr({io, settings, flags}: Facts): Promise<number> {
	const {language} = settings;
	const text = (name: string) => {
		const value = flags[name];
		return typeof value === 'string' && value !== '' ? value : undefined;
	};
	const time = text('to-time');
	if (time !== undefined) throwIfNoTime(time, io.clock.now());
	const look = await lookAround(io, settings, foldersOf(io, settings));
	const server = findServer(look, text('server'));
	const {isReady, lines} = await pitrReadiness(look, server, time);
	const said = lines.map(line => ({code: line.code, text: sayPhrase(language, line)}));
	if (flags['json'] === true) {
		await printJson({
			version: '1.0',
			server: server.id,
			isReady,
			...(time !== undefined && {time}),
			lines: said,
		});
	} else {
		const head = fill(listWords[isReady ? 'pitr-yes' : 'pitr-no'][language], {server: server.id});
		await print([head, ...said.map(line => `  ${line.text}`), ''].join('\n'));
	}

	return isReady ? exitStatuses.done : exitStatuses.failed;
}

/** Carries out a command that only looks; resolves with the exit status: 3 where it could not look. */
export async function runLook(command: LookCommand, facts: Facts): Promise<number> {
	process.exitCode = exitStatuses.failed;
	try {
		return command === 'backups' ? await backups(facts) : await pitr(facts);
	} catch (error) {
		const problem = problemOfError(error, command);
		const isUsage = problem.code === 'restore-time';
		const exitStatus = isUsage ? exitStatuses.usage : exitStatusOfRun('refused', problem);
		const {settings, flags} = facts;
		return tellProblem(problem, exitStatus, {
			language: settings.language,
			isJson: flags['json'] === true,
		});
	}
}
