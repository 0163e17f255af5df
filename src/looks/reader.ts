import type {Alert} from '../domain/alerts.ts';
import type {Container} from '../domain/containers.ts';
import type {LostService} from '../domain/lost-services.ts';
import type {Reading} from '../domain/reading.ts';
import type {Settings} from '../domain/settings.ts';
import type {SourceId, SourceValues} from '../domain/source-values.ts';
import type {Targets} from '../domain/targets.ts';
import type {Io} from '../io/io.ts';
import type {Seen} from '../runbooks/look.ts';
import type {lookDeclarations, LookId} from '../runbooks/looks/index.ts';
import type {Scope} from '../runbooks/scope.ts';

/** What a look has in its hands: everything to read with, nothing to change with. */
export type LookFacts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly targets: Targets;
	/** Every container that the engine has now. */
	readonly containers: readonly Container[];
	/** Services of Compose that should have a container and have none. */
	readonly lost: readonly LostService[];
	readonly scope: Scope;
	/** Where opsconsole keeps its own things; not necessarily there. */
	readonly folders: {readonly root: string; readonly runs: string; readonly backups: string};
	/** Ends the look: its deadline is over or nobody waits any more. */
	readonly signal: AbortSignal;
	/**
	 * The reading of a polled or streamed source that was taken after this call began; where none comes in time, the last
	 * one that there is (waiting, failed and stale ones say so themselves).
	 */
	readonly reading: <Id extends SourceId>(
		source: Id,
		target: string,
	) => Promise<Reading<SourceValues[Id]>>;
	/** The alerts that are raised now. */
	readonly alerts: () => readonly Alert[];
};

/** Reads one look. Rejects with a ProblemError where nothing could be seen; a part that could not is `undefined`. */
export type LookReader<Id extends LookId> = (
	facts: LookFacts,
) => Promise<Seen<(typeof lookDeclarations)[Id]>>;
