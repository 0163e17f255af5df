import type {AuditLine} from '../../domain/audit.ts';
import type {ListedBackup} from '../../domain/backup-list.ts';
import type {Figures} from '../../domain/figures.ts';
import type {Job} from '../../domain/job.ts';
import type {CheckResult} from '../../runbooks/checklist.ts';
import type {Language, Objectives} from '../../domain/settings.ts';
import type {Incident} from '../../incidents/incident.ts';

/** The reports about a period (handbook rows H1-08, H2-03). */
export const periodKinds = ['performance', 'monitoring', 'capacity'] as const;

export type PeriodKind = (typeof periodKinds)[number];

/** Everything that the reports of a period are made from. */
export type PeriodFacts = {
	readonly fromMs: number;
	readonly untilMs: number;
	readonly language: Language;
	/** Environment and host, for people. */
	readonly where: string;
	/** Oldest first, as all other lists. */
	readonly figures: readonly Figures[];
	readonly jobs: readonly Pick<
		Job,
		'id' | 'operation' | 'title' | 'outcome' | 'state' | 'sinceMs' | 'endedAtMs'
	>[];
	readonly incidents: readonly {readonly id: string; readonly incident: Incident}[];
	readonly backups: readonly ListedBackup[];
	readonly audit: readonly AuditLine[];
	readonly isAuditWhole: boolean;
	readonly checks: readonly CheckResult[];
	readonly objectives?: Objectives;
};

/** A part of a report: a table for people and the same as data. */
export type Section = {
	/** Its name in the data. */
	readonly id: string;
	readonly title: string;
	readonly heads: readonly string[];
	readonly rows: readonly (readonly string[])[];
	/** A sentence above the table. */
	readonly says?: string;
	/** Said instead of a table without rows. */
	readonly none: string;
	readonly data: readonly Readonly<Record<string, unknown>>[];
};
