import type {Container} from '../../src/domain/containers.ts';
import type {Reading} from '../../src/domain/reading.ts';
import type {SourceId, SourceValues} from '../../src/domain/source-values.ts';
import {noTargets, type Targets} from '../../src/domain/targets.ts';
import type {Io} from '../../src/io/io.ts';
import type {LookFacts} from '../../src/looks/reader.ts';
import type {Scope} from '../../src/runbooks/scope.ts';
import {settingsOf} from './settings.ts';

/** What a test gives a look; all else is empty. Readings are by source. */
export type LookParts = {
	readonly io: Io;
	readonly scope?: Scope;
	readonly containers?: readonly Container[];
	readonly targets?: Partial<Targets>;
	readonly settings?: Parameters<typeof settingsOf>[0];
	readonly readings?: Partial<SourceValues>;
};

/** Facts for one look of a test, with a deadline of 30 s. */
export function lookFacts({
	io,
	scope = {},
	containers = [],
	targets,
	settings,
	readings = {},
}: LookParts): LookFacts {
	const reading = <Id extends SourceId>(source: Id): Promise<Reading<SourceValues[Id]>> => {
		const value = readings[source];
		return Promise.resolve(
			value === undefined ? {kind: 'waiting'} : {kind: 'fresh', value, atMs: io.clock.now()},
		);
	};
	return {
		io,
		settings: settingsOf(settings),
		targets: {...noTargets, ...targets},
		containers,
		lost: [],
		scope,
		folders: {root: '/nonexistent', runs: '/nonexistent/ops', backups: '/nonexistent/backups'},
		signal: AbortSignal.timeout(30_000),
		reading,
		alerts: () => [],
	};
}
