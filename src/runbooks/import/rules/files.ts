import type {Call} from '../simple.ts';
import {after, before, has, hasShort, plainWords, safe, type DangerRule} from '../rule.ts';

/** What `find` does with what it found. */
function removes(call: Call): boolean {
	if (call.program !== 'find') return false;
	const {words} = call;
	const runsRm = words.some((word, at) => /^-exec(?:dir)?$/.test(word) && words[at + 1] === 'rm');
	return (
		has(words, '-delete') ||
		runsRm ||
		after(call).some(
			({program, via}) => program === 'rm' && via.some(each => each.program === 'xargs'),
		)
	);
}

const isLogPlace = (words: readonly string[]): boolean =>
	words.some(word => /\/var\/log|\.log\b|\/logs?\b/.test(word));

const isBackupPlace = (words: readonly string[]): boolean =>
	words.some(word => /backup|备份|\.sql|\.dump|\.rdb/i.test(word)) ||
	(!isLogPlace(words) && words.some(word => word.includes('.gz')));

/** Commands for files, backups and versions. */
export const filesRules: readonly DangerRule[] = [
	{
		id: 'age-only',
		instead: [safe.prune],
		call: call => removes(call) && isBackupPlace(call.words),
	},
	{
		id: 'logs-deleted',
		instead: [safe.oldLogs],
		call: call => removes(call) && !isBackupPlace(call.words) && isLogPlace(call.words),
	},
	{
		id: 'find-removes',
		instead: [safe.images, safe.oldLogs],
		call: call => removes(call) && !isBackupPlace(call.words) && !isLogPlace(call.words),
	},
	{
		id: 'removed-recursively',
		instead: [safe.images, safe.buildCache, safe.oldLogs],
		call: ({program, words, via}) =>
			program === 'rm' &&
			(hasShort(words, 'r') || hasShort(words, 'R') || has(words, '--recursive')) &&
			!via.some(each => each.program.endsWith(' run')),
	},
	{
		id: 'open-to-all',
		call: ({program, words}) =>
			program === 'chmod' &&
			words.some(word => /^[0-7]{2,3}[2367]$|^[ug]*[oa][ugoa]*\+[a-z]*w/.test(word)),
	},
	{
		id: 'archive-open',
		instead: [safe.backupFiles, safe.backupLogs],
		call: ({program, words}) =>
			program === 'tar' && /^-?[a-z]*c[a-z]*$/.test(words[0] ?? '') && words.length > 1,
	},
	{
		id: 'date-only-name',
		instead: [safe.backupFiles],
		call: call =>
			(call.program === 'tar' || /^pg_dump/.test(call.program)) &&
			[...call.words, call.into ?? ''].some(word =>
				/\$\(date \+\\?%Y\\?-?\\?%m\\?-?\\?%d\)/.test(word),
			),
	},
	{
		id: 'unpacked-over-root',
		instead: [safe.restoreFiles],
		call: ({program, words}) =>
			program === 'tar' &&
			/^-?[a-z]*x[a-z]*$/.test(words[0] ?? '') &&
			words.some(
				(word, at) =>
					(/^(?:-C|--directory)$/.test(word) && words[at + 1] === '/') || word === '-C/',
			),
	},
	{
		id: 'second-copy',
		instead: [safe.backupDatabase, safe.backupRedis],
		call: call =>
			/^(?:gzip|pigz|zstd|xz|bzip2)$/.test(call.program) &&
			before(call).length === 0 &&
			plainWords(call.words).length > 0 &&
			call.into === undefined &&
			!call.words.some(word => /^-[a-z]*[cdtl]/.test(word)),
	},
	{
		id: 'check-says-nothing',
		instead: [safe.verify],
		call: call =>
			(/^(?:gzip|gunzip|zcat)$/.test(call.program) && hasShort(call.words, 't')) ||
			(call.program === 'find' && has(call.words, 'gzip') && has(call.words, '-t')),
	},
	{
		id: 'time-never-shown',
		instead: [safe.verify],
		call: ({program, words}) =>
			program === 'find' &&
			words.some(
				(word, at) => word === '-printf' && /%T(?![@A-Za-z+])|%T\\n/.test(words[at + 1] ?? ''),
			),
	},
	{
		id: 'newest-guessed',
		instead: [safe.verify],
		call: call =>
			call.program === 'ls' &&
			hasShort(call.words, 't') &&
			after(call).some(({program}) => /^(?:head|tail)$/.test(program)),
	},
	{
		id: 'predictable-file',
		instead: [safe.restoreRedis],
		call: ({into}) => into !== undefined && /^\/(?:var\/)?tmp\/[\w.-]+$/.test(into),
	},
	{
		id: 'history-lost',
		instead: [safe.backupFiles],
		call: ({program, words}) =>
			program === 'git' &&
			((words[0] === 'reset' && has(words, '--hard')) ||
				(words[0] === 'push' &&
					(has(words, '-f', '--force') || words.some(word => word.startsWith('+')))) ||
				(words[0] === 'clean' && hasShort(words, 'f'))),
	},
	{
		id: 'tree-switched',
		instead: [safe.backupFiles, safe.recreate],
		call: ({program, words}) =>
			program === 'git' && /^(?:checkout|switch|restore|stash|pull)$/.test(words[0] ?? ''),
	},
	{
		id: 'compose-edited-blindly',
		instead: [safe.recreate],
		call: ({program, words}) =>
			program === 'sed' &&
			words.some(word => /^-[a-zE]*i|^--in-place/.test(word)) &&
			words.some(word => /compose|\.ya?ml$|\.env\b|\.conf$/.test(word)),
	},
];
