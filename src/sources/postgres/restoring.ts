import {clean} from '../../domain/clean.ts';
import {
	flagName,
	parseMaintenance,
	publicFlag,
	type MaintenanceEntry,
} from '../../domain/maintenance.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import type {Io} from '../../io/io.ts';

/** What a database answers while a restore has closed it, ended its sessions, or is about to swap its name. */
const whileRestored: readonly string[] = [
	'postgres-not-accepting',
	'postgres-shutdown',
	'postgres-no-database',
];

const maxFlagBytes = 64 * 1024;

/** The flags that concern this machine: root's, and that of one's own state folder. */
function flagsOf({environment}: Pick<Io, 'environment'>): readonly string[] {
	const chosen = environment['OPSCONSOLE_STATE'] ?? '';
	if (chosen !== '') return [`${chosen}/${flagName}`];
	const {HOME: home = ''} = environment;
	const own = environment['XDG_STATE_HOME'] || `${home}/.local/state`;
	return [publicFlag, `${own}/opsconsole/${flagName}`];
}

/** Whether the worker of an entry lives: its command line ends with the folder of the run. */
async function isAlive({files}: Pick<Io, 'files'>, {id, pid}: MaintenanceEntry): Promise<boolean> {
	const text = await files.readText(`/proc/${pid}/cmdline`, 4096).catch(() => '');
	return text.includes(`/${id}\0`);
}

/**
 * The error of a server as it is meant: where a living operation of ours has closed this very database, that is no fault
 * of the server but `postgres-restoring` (fault row A07). Everything else stays what it is. Never rejects.
 */
export async function meantError(
	io: Pick<Io, 'files' | 'environment'>,
	target: Pick<PostgresTarget, 'id' | 'database'>,
	error: unknown,
): Promise<unknown> {
	if (!(error instanceof ProblemError) || !whileRestored.includes(error.problem.code)) return error;
	const {id, database} = target;
	for (const flag of flagsOf(io)) {
		const text = await io.files.readText(flag, maxFlagBytes).catch(() => '');
		const own = parseMaintenance(text).find(
			({risk, postgres}) =>
				risk === 'destructive' && postgres?.target === id && postgres.database === database,
		);
		if (own === undefined || !(await isAlive(io, own))) continue;
		const since = clean(own.since, 40);
		const params = {database: clean(database, 100), since, id: own.id};
		return new ProblemError({code: 'postgres-restoring', params, retry: 'soon'}, {cause: error});
	}

	return error;
}
