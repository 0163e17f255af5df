import {clean} from '../../domain/clean.ts';
import {secondsSince} from '../figures.ts';
import type {LookReader} from '../reader.ts';
import {targetNamed} from '../target.ts';
import {freeAt, readOneSet, type ReadSet} from './read-sets.ts';

function failureOf(set: ReadSet): 'none' | 'no-folder' | 'no-right' | 'other' {
	if (!('problem' in set)) return 'none';
	const {code, params} = set.problem;
	if (code === 'backups-folder-missing') return 'no-folder';
	const isDenied = code === 'backups-no-permission' || params['cause'] === 'EACCES';
	return isDenied ? 'no-right' : 'other';
}

/** One set of backups, as its folder or our catalogue has it now. */
export const readBackupSet: LookReader<'backup.set'> = async facts => {
	const {io, scope, targets} = facts;
	const target = targetNamed(targets.backups, scope.backup, 'backup');
	const set = await readOneSet(target, facts);
	const value = 'value' in set ? set.value : undefined;
	const nowMs = io.clock.now();
	const failure = failureOf(set);
	const isMissing = failure === 'no-folder';
	return {
		values: {
			'is-readable': value !== undefined,
			failure,
			kind: target.kind,
			count: value?.count ?? (isMissing ? 0 : undefined),
			newest: value?.newest && clean(value.newest.name, 200),
			age: value?.ageSeconds,
			'max-age': target.maxAgeMs / 1000,
			'is-overdue': value ? value.isOverdue || value.newest === undefined : isMissing || undefined,
			bytes: value?.newest?.bytes,
			'size-ratio': value?.sizeRatio,
			'is-suspicious': value?.isSuspicious,
			'is-own': target.isOwn === true,
			'is-unproven': value?.isUnproven,
			'proof-level': value?.proof?.level,
			'proof-age': secondsSince(value?.proof?.atMs, nowMs),
			'restored-age': secondsSince(value?.restoredAtMs, nowMs),
			'total-bytes': value?.totalBytes,
			'folder-free': await freeAt(facts, target.folder),
		},
		lines: [clean(`${target.folder}/${target.pattern}`, 300)],
	};
};
