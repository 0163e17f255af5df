import type {BackupKind, ProofLevel} from './manifest.ts';
import type {Problem} from './problem.ts';

/** One backup of the catalogue as an operator chooses it. All texts are cleaned. */
export type BackupChoice = {
	readonly id: string;
	readonly kind: BackupKind;
	/** The series it belongs to: `pg-shop`. */
	readonly series: string;
	readonly atMs: number;
	readonly bytes: number;
	/** The deepest verification that it passed; absent: none yet. */
	readonly proof?: ProofLevel;
	/** Its last verification failed. */
	readonly isBad?: boolean;
	/** Tables of a database backup: `schema.name`. */
	readonly tables?: readonly string[];
};

/** What is known of the catalogue while a backup is chosen. */
export type BackupChoices =
	| {readonly kind: 'loading'}
	| {readonly kind: 'ready'; readonly backups: readonly BackupChoice[]}
	| {readonly kind: 'failed'; readonly problem: Problem};
