import type {CatalogueBackup} from '../../domain/catalogue.ts';
import type {Artefact, DatabaseFacts} from '../../domain/manifest.ts';
import type {JsonValue} from '../../domain/plan.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {damagedBackup} from '../catalogue/choose.ts';
import type {Tools} from '../operation.ts';
import {databaseBackupOf} from './choose-backup.ts';
import {statementsOf} from './commands.ts';
import {findServer} from './server.ts';
import {sideNames, type SideNames} from './side-names.ts';

/** What every step of a restore goes by; all of it follows from the plan, so that recovery sees the same. */
export type RestoreContext = {
	readonly target: PostgresTarget;
	readonly targetId: string;
	readonly control: string;
	readonly database: string;
	readonly names: SideNames;
	/** The database is not there: nothing is put aside. */
	readonly isNew: boolean;
	readonly folder: string;
};

/** Reads the plan; asks nobody. */
export function contextOf<R extends JsonValue>({plan, look}: Tools<R>): RestoreContext {
	const identity = plan.identity.postgres;
	const statements = plan.steps.flatMap(step => statementsOf(step.commands));
	const control = statements.find(({session}) => session === 'control')?.database;
	if (identity?.target === undefined || control === undefined) {
		throw new Error('the plan names no server');
	}
	return {
		target: findServer(look, identity.target),
		targetId: identity.target,
		control,
		database: identity.database,
		names: sideNames(identity.database, plan.id),
		isNew: identity.oid === 0,
		folder: `${look.folders.scratch}/${plan.id}`,
	};
}

/** The backup of a plan, read again: the very manifest that was confirmed. */
export async function plannedBackup<R extends JsonValue>(
	tools: Tools<R>,
): Promise<{
	readonly backup: CatalogueBackup;
	readonly facts: DatabaseFacts;
	readonly dump: Artefact;
}> {
	const {identity} = tools.plan;
	const {backup, facts} = await databaseBackupOf(tools.look, identity.backup?.id ?? '');
	const dump = backup.manifest.artefacts.find(({format}) => format === 'pg-custom');
	if (dump === undefined || backup.manifestSha256 !== identity.backup?.manifestSha256) {
		throw damagedBackup(backup.id, dump === undefined ? 'no dump' : 'changed manifest');
	}
	return {backup, facts, dump};
}
