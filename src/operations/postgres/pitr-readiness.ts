import {clean} from '../../domain/clean.ts';
import {throughMounts} from '../../domain/container-path.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {numberOf, objectOf, textOf} from '../../domain/unknown.ts';
import {
	archiveFolder,
	archiveTool,
	judgeArchive,
	segmentName,
	type Archive,
} from '../../domain/wal-names.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import type {Look} from '../operation.ts';
import {quoteText} from './quote.ts';
import {controlDatabase, readIn} from './server.ts';

/** What is known of the way to restore to a point in time. */
export type PitrReadiness = {
	/** Everything is there and nothing is missing. */
	readonly isReady: boolean;
	readonly lines: readonly Phrase[];
};

// .ready files are the server's list of segments that wait for the archive command.
const pitrSql = `
SELECT /* opsconsole */ json_build_object(
	'mode', current_setting('archive_mode'), 'command', current_setting('archive_command', true),
	'library', current_setting('archive_library', true),
	'segmentBytes', pg_size_bytes(current_setting('wal_segment_size'))::float8,
	'archived', archived_count::float8, 'failed', failed_count::float8,
	'lastArchivedSeconds', extract(epoch FROM clock_timestamp() - last_archived_time)::float8,
	'lastFailed', last_failed_wal, 'lastFailedAt', last_failed_time::text,
	'isFailing', coalesce(last_failed_time > last_archived_time, last_failed_time IS NOT NULL),
	'dataFolder', current_setting('data_directory', true),
	'ready', CASE WHEN pg_has_role('pg_monitor', 'USAGE')
		THEN (SELECT count(*)::int FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready') END
) AS value FROM pg_stat_archiver`;

const staleMinutes = 60;
const manyReady = 3;
const segmentFileBytes = 4 * 1024 ** 3;

async function folderHere(
	look: Look,
	{container}: PostgresTarget,
	folder: string,
): Promise<string | undefined> {
	if (container === undefined) {
		return folder;
	}
	const inspection = await look.io.docker
		.get(`/containers/${container.containerId}/json`, look.signal)
		.catch(() => undefined);
	return throughMounts(inspection, folder);
}

async function archiveOf(
	look: Look,
	target: PostgresTarget,
	folder: string,
	segmentsInFile: number,
): Promise<{readonly folder: string; readonly archive: Archive} | undefined> {
	const here = await folderHere(look, target, folder);
	if (here === undefined) {
		return undefined;
	}
	try {
		const entries = await look.io.files.names(here, 1_000_000);
		const names = entries.filter(({kind}) => kind === 'file').map(({name}) => name);
		return {folder: here, archive: judgeArchive(names, segmentsInFile)};
	} catch {
		return undefined;
	}
}

/** The way to a point in time, as statements to read and type: nothing of it is done from here. */
export function pitrGuidance(time: string, archive: string): readonly Phrase[] {
	const settings = [
		`restore_command = ${quoteText(`cp ${archive}/%f %p`)}`,
		`recovery_target_time = ${quoteText(time)}`,
		"recovery_target_action = 'pause'",
		'port = 5499',
		"archive_mode = 'off'",
	].join(', ');
	return [
		{
			code: 'pitr-recipe-base',
			params: {
				command: 'pg_basebackup -X stream --manifest-checksums=SHA256 -D NEW_FOLDER',
				verify: 'pg_verifybackup NEW_FOLDER',
			},
		},
		{code: 'pitr-recipe-target', params: {settings: clean(settings, 500)}},
		{
			code: 'pitr-recipe-export',
			params: {command: 'pg_dump -p 5499 -Fc -t TABLE DATABASE > lost.pgc'},
		},
	];
}

function archiveLines(
	{folder, archive}: {readonly folder: string; readonly archive: Archive},
	segmentsInFile: number,
): readonly Phrase[] {
	const said = clean(folder, 200);
	const {first, last, gaps, count} = archive;
	if (gaps.length > 0) {
		return gaps.slice(0, 10).map(gap => ({
			code: 'pitr-gap',
			params: {
				folder: said,
				first: segmentName(gap.first, segmentsInFile),
				last: segmentName(gap.last, segmentsInFile),
				count: gap.count,
			},
		}));
	}
	return [
		{
			code: 'pitr-whole',
			params: {
				folder: said,
				count,
				first: first === undefined ? '-' : segmentName(first, segmentsInFile),
				last: last === undefined ? '-' : segmentName(last, segmentsInFile),
			},
		},
	];
}

/**
 * Whether a restore to a point in time would be possible: WAL archiving on and without failures, no segments waiting, none
 * missing in the archive. Only looks. `time` is the wanted time, for the printed way. SAFETY 3.12.
 */
export async function pitrReadiness(
	look: Look,
	target: PostgresTarget,
	time = '2026-01-31 12:00:00+00',
): Promise<PitrReadiness> {
	const control = await controlDatabase(look, target, '');
	const [row] = await readIn(look, target, control, [pitrSql]);
	const facts = objectOf(row?.['value']);
	const command = textOf(facts['command']) || textOf(facts['library']);
	if (textOf(facts['mode']) === 'off') {
		return {isReady: false, lines: [{code: 'pitr-off'}]};
	}
	const said = clean(command, 200);
	const archived = numberOf(facts['archived']) ?? 0;
	const failed = numberOf(facts['failed']) ?? 0;
	const ready = numberOf(facts['ready']) ?? 0;
	const silentMinutes = Math.floor((numberOf(facts['lastArchivedSeconds']) ?? 0) / 60);
	const lines: Phrase[] = [{code: 'pitr-on', params: {command: said, archived}}];
	const isFailing = facts['isFailing'] === true;
	if (failed > 0) {
		const wal = clean(textOf(facts['lastFailed']), 60);
		const at = clean(textOf(facts['lastFailedAt']), 40);
		lines.push({code: 'pitr-failing', params: {failed, wal, at}});
	}
	if (silentMinutes >= staleMinutes) {
		lines.push({code: 'pitr-old', params: {minutes: silentMinutes}});
	}
	if (ready >= manyReady) {
		lines.push({code: 'pitr-ready', params: {count: ready}});
	}
	const isWell = !isFailing && silentMinutes < staleMinutes && ready < manyReady;
	const tool = archiveTool(command);
	if (tool !== undefined) {
		const restore = tool.restore.replace('{time}', clean(time, 60));
		lines.push({code: 'pitr-tool', params: {tool: tool.name, status: tool.status, restore}});
		return {isReady: isWell, lines};
	}
	const folder = archiveFolder(command);
	const segmentsInFile = segmentFileBytes / (numberOf(facts['segmentBytes']) ?? 16 * 1024 ** 2);
	const found =
		folder === undefined ? undefined : await archiveOf(look, target, folder, segmentsInFile);
	if (found === undefined) {
		lines.push({code: 'pitr-unseen', params: {command: said}});
		return {isReady: false, lines};
	}
	lines.push(...archiveLines(found, segmentsInFile), ...pitrGuidance(time, found.folder));
	const {gaps, count} = found.archive;
	return {isReady: isWell && gaps.length === 0 && count > 0, lines};
}
