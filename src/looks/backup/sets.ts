import {clean} from '../../domain/clean.ts';
import type {BackupSetValue} from '../../domain/backups.ts';
import {formatBytes} from '../../domain/format.ts';
import {sumOf} from '../figures.ts';
import type {LookReader} from '../reader.ts';
import {freeAt, readAllSets, type ReadSet} from './read-sets.ts';

/** A new backup may be a little larger than the last one. */
const growth = 1.2;

function isMissing(set: ReadSet): boolean {
	return 'problem' in set && set.problem.code === 'backups-folder-missing';
}

function ages(values: readonly BackupSetValue[]): number | undefined {
	const known = values.flatMap(({ageSeconds}) => ageSeconds ?? []);
	return known.length === 0 ? undefined : Math.min(...known);
}

function lineOf(set: ReadSet): string {
	const {id} = set.target;
	if ('problem' in set) return clean(`${id}: ${set.problem.code}`, 200);
	const {newest, count, isOverdue, isSuspicious, isUnproven} = set.value;
	const marks = [isOverdue && 'overdue', isSuspicious && 'suspicious', isUnproven && 'unproven'];
	const said = marks.filter(mark => typeof mark === 'string').join(', ') || 'ok';
	const size = newest === undefined ? '' : ` ${formatBytes(newest.bytes)}`;
	return clean(`${id}: ${said}; ${count} ${newest?.name ?? ''}${size}`, 200);
}

/** All sets of backups together. */
export const readBackupSets: LookReader<'backup.sets'> = async facts => {
	const sets = await readAllSets(facts);
	const read = sets.flatMap(set => ('value' in set ? [set.value] : []));
	const missing = sets.filter(isMissing);
	const namesOf = (wanted: (value: BackupSetValue) => boolean | undefined) =>
		read.filter(wanted).map(({id}) => clean(id, 100));
	const missingNames = missing.map(({target}) => clean(target.id, 100));
	// A set that never had a backup has none in time either.
	const overdue = [
		...namesOf(({isOverdue, newest}) => isOverdue || newest === undefined),
		...missingNames,
	];
	const suspicious = namesOf(({isSuspicious}) => isSuspicious);
	const unproven = namesOf(({isUnproven}) => isUnproven);
	const never = [...namesOf(({newest}) => newest === undefined), ...missingNames];
	const own = sets.flatMap(set =>
		set.target.isOwn === true && 'value' in set ? (set.value.newest?.bytes ?? []) : [],
	);
	// What says the most when it is restored: what is unproven, else a database, else whatever there is.
	const ownRead = sets.flatMap(set =>
		set.target.isOwn === true && 'value' in set && set.value.newest ? [set.value] : [],
	);
	const next =
		ownRead.find(({isUnproven}) => isUnproven) ??
		ownRead.find(({kind}) => kind === 'database') ??
		ownRead[0];
	const free = await freeAt(facts, facts.folders.backups);
	const needed = sumOf(own);
	return {
		values: {
			sets: sets.length,
			overdue: overdue.length,
			'first-overdue': overdue[0],
			suspicious: suspicious.length,
			'first-suspicious': suspicious[0],
			unproven: unproven.length,
			'first-unproven': unproven[0],
			'next-proof': next?.newest && clean(next.newest.name, 100),
			never: never.length,
			'first-never': never[0],
			unreadable: sets.length - read.length - missing.length,
			'newest-age': ages(read),
			'database-age': ages(read.filter(({kind}) => kind === 'database')),
			'total-bytes': sumOf(read.map(({totalBytes}) => totalBytes)),
			'folder-free': free,
			'fits-another':
				free === undefined || needed === undefined ? undefined : free >= needed * growth,
		},
		lines: sets.slice(0, 20).map(lineOf),
	};
};
