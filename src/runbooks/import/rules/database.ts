import type {Call} from '../simple.ts';
import {after, before, has, plainWords, safe, type DangerRule} from '../rule.ts';

const isDump = (program: string): boolean =>
	/^(?:pg_dump|pg_dumpall|mysqldump|mongodump)$/.test(program);

const packers = /^(?:gzip|pigz|zstd|xz|bzip2|lz4|openssl|split|ssh|cat|tee)$/;

const unpackers =
	/^(?:gunzip|zcat|gzip|pigz|zstd|zstdcat|xz|xzcat|bzip2|bzcat|cat|pg_restore|ssh|openssl)$/;

/** Whether psql gets a whole script: from a file or a pipe. */
function isFed(call: Call): boolean {
	if (call.program !== 'psql') return false;
	const source = before(call).at(-1);
	return call.from !== undefined || (source !== undefined && unpackers.test(source.program));
}

/** Commands for PostgreSQL, and statements. */
export const databaseRules: readonly DangerRule[] = [
	{
		id: 'dump-to-file',
		instead: [safe.backupDatabase],
		call: call =>
			isDump(call.program) &&
			(call.into !== undefined || call.words.some(word => /^(?:-f|--file)/.test(word))),
	},
	{
		id: 'dump-in-pipe',
		instead: [safe.backupDatabase],
		call: (call, {script}) =>
			isDump(call.program) &&
			after(call).some(({program}) => packers.test(program)) &&
			!script.hasPipefail,
	},
	{
		id: 'restore-into-live',
		instead: [safe.importDump, safe.restoreDatabase],
		call: isFed,
	},
	{
		id: 'restore-wrong-option',
		call: ({program, words}) => program === 'pg_restore' && has(words, '-T'),
	},
	{
		id: 'restore-clean',
		instead: [safe.importDump, safe.restoreDatabase],
		call: ({program, words}) =>
			program === 'pg_restore' && words.some(word => /^-(?:c|-clean)$/.test(word)),
	},
	{
		id: 'psql-file',
		instead: [safe.backupDatabase],
		call: ({program, words}) =>
			program === 'psql' && words.some(word => word === '-f' || word.startsWith('--file')),
	},
	{
		id: 'may-prompt',
		instead: [safe.backupDatabase],
		call: ({program, words}) =>
			/^(?:psql|pg_dump|pg_restore|pg_dumpall)$/.test(program) &&
			words.some(word => /^(?:-h|--host)/.test(word)) &&
			!has(words, '-w', '--no-password'),
	},
	{
		id: 'database-dropped',
		instead: [safe.dropKept],
		call: ({program}) => program === 'dropdb',
		sql: text => /^drop (?:database|schema)\b/i.test(text),
	},
	{
		id: 'rows-dropped',
		instead: [safe.backupDatabase, safe.restoreTable],
		sql: text =>
			/^(?:truncate|drop table|drop materialized view)\b/i.test(text) ||
			(/^delete from\b/i.test(text) && !/\bwhere\b/i.test(text)) ||
			(/^update\b/i.test(text) && /\bset\b/i.test(text) && !/\bwhere\b/i.test(text)),
	},
	{
		id: 'vacuum-full',
		instead: [safe.vacuum],
		call: ({program, words}) => program === 'vacuumdb' && has(words, '-f', '--full'),
		sql: text => /^vacuum\s*(?:\([^)]*)?\bfull\b/i.test(text),
	},
	{
		id: 'reindex-locking',
		instead: [safe.reindex],
		call: ({program, words}) => program === 'reindexdb' && !has(words, '--concurrently'),
		sql: text => /^(?:reindex|cluster)\b/i.test(text) && !/\bconcurrently\b/i.test(text),
	},
	{
		id: 'index-not-renewed',
		instead: [safe.reindex],
		sql: text => /^create (?:unique )?index concurrently if not exists\b/i.test(text),
	},
	{
		id: 'sessions-ended',
		instead: [safe.cancel, safe.terminate],
		sql: text =>
			/\bpg_(?:terminate|cancel)_backend\b/i.test(text) && /\bpg_stat_activity\b/i.test(text),
	},
	{
		id: 'active-only',
		sql: text => /\bpg_stat_activity\b/i.test(text) && /\bstate\s*=\s*'active'/i.test(text),
	},
	{
		id: 'counts-background',
		sql: text =>
			/\bcount\s*\(\s*\*\s*\)/i.test(text) &&
			/\bfrom pg_stat_activity\b/i.test(text) &&
			!/backend_type/i.test(text),
	},
	{
		id: 'old-statement-columns',
		sql: text => /\bpg_stat_statements\b/i.test(text) && /\b(?:mean|total)_time\b/i.test(text),
	},
	{
		id: 'settings-altered',
		instead: [safe.restart],
		sql: text => /^alter system\b/i.test(text),
	},
	{id: 'wal-archive-copy', text: /\barchive_command\s*=\s*'?cp\b/},
];

/** Statements that handbooks name without their client. */
const bareSql = /^(?:DROP|TRUNCATE|DELETE|UPDATE|VACUUM|REINDEX|ALTER)$/;

/** SQL that a call sends with `-c`, `<<<` or `echo … |`. */
export function sqlOf(call: Call): readonly string[] {
	if (bareSql.test(call.program)) return [[call.program, ...call.words].join(' ')];
	if (call.program !== 'psql') return [];
	const given = call.words.flatMap((word, index) => {
		if (/^(?:-[A-Za-z]*c|--command)$/.test(word)) return call.words[index + 1] ?? [];
		const glued = /^(?:--command=)(.*)$/s.exec(word)?.[1];
		return glued ?? [];
	});
	const source = before(call).at(-1);
	const said = source && /^(?:echo|printf)$/.test(source.program) ? plainWords(source.words) : [];
	return [...given, ...said, ...(call.fed === undefined ? [] : [call.fed])];
}
