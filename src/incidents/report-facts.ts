import type {Problem} from '../domain/problem.ts';
import type {Contact, Language} from '../domain/settings.ts';
import type {AlertFacts, IncidentLine, OperationFacts} from './event.ts';
import type {Incident} from './incident.ts';

/** Everything that was seen, in the evidence pack: one look a line. */
export const evidenceFile = 'evidence.jsonl';

/** What other records say of the time of an incident, without that anybody wrote it down as a part of it. */
export type Nearby = {
	readonly operations: readonly OperationFacts[];
	/** From the record of readings: first and last reading in which it was raised. */
	readonly alerts: readonly {
		readonly alert: AlertFacts;
		readonly firstAtMs: number;
		readonly lastAtMs: number;
	}[];
	/** Terminals that were opened and changes that were refused, from the audit. */
	readonly audited: readonly {
		readonly atMs: number;
		readonly by: string;
		readonly what: string;
		readonly target: string;
		/** Why it was refused. */
		readonly problem?: Problem;
	}[];
};

/** The part of an incident's record where it is not as it was written. */
export type RecordDamage = {readonly line: number; readonly cause: string};

/** Everything that a report is made from; nothing else is in it. */
export type IncidentReportFacts = {
	readonly id: string;
	readonly incident: Incident;
	readonly lines: readonly IncidentLine[];
	readonly damage?: RecordDamage;
	readonly nearby: Nearby;
	readonly contacts: readonly Contact[];
	readonly nowMs: number;
	readonly language: Language;
};
