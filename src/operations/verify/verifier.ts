import type {CatalogueBackup} from '../../domain/catalogue.ts';
import type {BackupKind, ProofLevel} from '../../domain/manifest.ts';
import type {PlanDraft, Step} from '../../domain/plan.ts';
import type {Look, StepCode} from '../operation.ts';

/** A backup by id, its beginning, or `latest`; and how deep it is verified (3 unless told, as far as its kind goes). */
export type VerifyRequest = {
	readonly backup: string;
	readonly level: ProofLevel;
	/** Of which kind `latest` must be. */
	readonly kind?: BackupKind;
};

/** What a verifier is asked to plan. */
export type VerifyFacts = {
	readonly backup: CatalogueBackup;
	readonly level: ProofLevel;
	/** Id of the run. */
	readonly id: string;
};

/** The part of a verification's plan that depends on the kind. */
export type VerifierPlan = {
	/** Steps of levels 2 and above, in order; each proves one level: `levels` has it by the step's id. */
	readonly steps: readonly Step[];
	readonly space?: PlanDraft['space'];
	readonly warnings?: PlanDraft['warnings'];
};

/**
 * How a kind of backup is verified beyond its checksums. A step that finds the backup bad throws a `BadBackup`; anything
 * else that it throws says only that the verification could not be done.
 */
export type Verifier = {
	/** The highest level there is for the kind. */
	readonly highest: ProofLevel;
	/** Which level is proven when the step of this id has ended well. */
	readonly levels: Readonly<Record<string, ProofLevel>>;
	/** Looks and describes; rejects with a ProblemError where it cannot be verified here. */
	plan(look: Look, facts: VerifyFacts): Promise<VerifierPlan>;
	readonly steps: Readonly<Record<string, StepCode<VerifyRequest>>>;
};

/** The backup is not what its manifest says; the message says where, for the operator, cleaned. */
export class BadBackup extends Error {
	constructor(cause: string) {
		super(cause);
		this.name = 'BadBackup';
	}
}

/** The verifiers by kind. */
export type Verifiers = Readonly<Partial<Record<BackupKind, Verifier>>>;
