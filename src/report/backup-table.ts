import type {BackupList, ListedBackup} from '../domain/backup-list.ts';
import {
	fit,
	formatAge,
	formatBytes,
	formatDateTime,
	formatPercent,
	widthOf,
} from '../domain/format.ts';
import type {Language} from '../domain/settings.ts';
import {listWords} from '../words/list-words.ts';
import {fill} from '../words/words.ts';

const columns = ['id', 'kind', 'time', 'age', 'size', 'ratio', 'proof', 'marks'] as const;
const rightColumns: readonly (typeof columns)[number][] = ['size', 'ratio'];

type Cells = readonly string[];

function proofText(backup: ListedBackup, language: Language, nowMs: number): string {
	const {proofLevel, provenAt, failure} = backup;
	const ageOf = (at: string) => formatAge(Math.max(0, nowMs - Date.parse(at)), language);
	if (failure) {
		const params = {level: failure.level, age: ageOf(failure.at)};
		return fill(listWords.bad[language], params);
	}

	if (proofLevel === null || provenAt === null) return listWords.unproven[language];
	return fill(listWords.proven[language], {level: proofLevel, age: ageOf(provenAt)});
}

function cellsOf(backup: ListedBackup, language: Language, nowMs: number): Cells {
	const {id, kind, startedAt, ageSeconds, sizeBytes, sizeRatio} = backup;
	const marks = (['pinned', 'suspicious', 'safety'] as const).filter(
		mark =>
			({
				pinned: backup.isPinned,
				suspicious: backup.isSuspicious,
				safety: backup.isSafety,
			})[mark],
	);
	return [
		id,
		listWords[`kind.${kind}`][language],
		formatDateTime(Date.parse(startedAt)),
		formatAge(ageSeconds * 1000, language),
		formatBytes(sizeBytes),
		formatPercent(sizeRatio === null ? undefined : sizeRatio * 100),
		proofText(backup, language, nowMs),
		marks.map(mark => listWords[mark][language]).join(', '),
	];
}

/**
 * A list of backups for people: a headline for each series, below it its backups, newest first; then what is damaged or
 * not finished. No escape codes. `nowMs` is the wall time of the list.
 */
export function backupTable(list: BackupList, language: Language, nowMs: number): string {
	const {backups, damaged, unfinished, trashCount, folder, isTruncated} = list;
	const heads: Cells = columns.map(name => listWords[name][language]);
	const rows = backups.map(backup => ({
		series: backup.series,
		cells: cellsOf(backup, language, nowMs),
	}));
	const widths = columns.map((_, column) =>
		[heads, ...rows.map(({cells}) => cells)].reduce(
			(widest, cells) => Math.max(widest, widthOf(cells[column] ?? '')),
			0,
		),
	);
	const line = (cells: Cells) =>
		columns
			.map((name, column) =>
				fit(
					cells[column] ?? '',
					widths[column] ?? 0,
					rightColumns.includes(name) ? 'right' : 'left',
				),
			)
			.join('  ')
			.trimEnd();
	const series = [...Map.groupBy(rows, row => row.series)].flatMap(([name, own]) => [
		name,
		...own.map(({cells}) => `  ${line(cells)}`),
	]);
	const table =
		rows.length === 0
			? [fill(listWords['no-backups'][language], {folder})]
			: [`  ${line(heads)}`, ...series];
	const trash = trashCount > 0 ? [fill(listWords.trash[language], {count: trashCount})] : [];
	return [
		...table,
		...damaged.map(found => fill(listWords.damaged[language], found)),
		...unfinished.map(found => fill(listWords.unfinished[language], found)),
		...trash,
		...(isTruncated ? [listWords.truncated[language]] : []),
		'',
	].join('\n');
}
