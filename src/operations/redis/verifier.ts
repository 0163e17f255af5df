import type {CatalogueBackup} from '../../domain/catalogue.ts';
import type {Container} from '../../domain/containers.ts';
import type {RedisFacts} from '../../domain/manifest.ts';
import {ProblemError} from '../../domain/problem.ts';
import {firstValkeyFormat} from '../../domain/rdb.ts';
import {productOf} from '../../domain/redis-info.ts';
import type {RedisTarget} from '../../domain/targets.ts';
import {sayProblem} from '../../words/say-problem.ts';
import type {Look, Tools} from '../operation.ts';
import {BadBackup, type Verifier, type VerifyRequest} from '../verify/verifier.ts';
import {verifiedBackup} from '../verify/verified.ts';
import {loadedFault} from './loaded.ts';
import {requirePrograms, scratchMemoryBytes} from './place.ts';
import {
	checkDump,
	flavourIn,
	programsOf,
	scratchServer,
	startScratch,
	stopScratch,
	type Flavour,
	type Scratch,
	type ScratchPlace,
} from './scratch.ts';
import {readInfo, seriesOf} from './server.ts';

/** What runs in a container: as its server says, else as its image and command are called. */
async function flavourOf(
	look: Look,
	target: RedisTarget,
	{image, command}: Container,
): Promise<Flavour> {
	try {
		return productOf(await readInfo(look, target)).flavour;
	} catch (error) {
		look.signal.throwIfAborted();
		if (!(error instanceof ProblemError)) throw error;
		return /valkey/i.test(`${image} ${command}`) ? 'valkey' : 'redis';
	}
}

/** An image of a Redis that runs here, first that of the backup's own server; else the programs of this host. */
async function placeFor(look: Look, backup: CatalogueBackup, id: string): Promise<ScratchPlace> {
	const {series} = backup;
	const {rdbVersion} = factsOf(backup);
	const ofSeries = look.targets.redis.toSorted(
		(a, b) => Number(seriesOf(b) === series) - Number(seriesOf(a) === series),
	);
	for (const target of ofSeries) {
		const found = look.containers.find(({id: one}) => one === target.container?.containerId);
		if (found === undefined) continue;
		const userId = look.io.host.userId();
		const flavour = await flavourOf(look, target, found);
		return {kind: 'sidecar', flavour, image: found.imageId, network: 'none', userId};
	}

	const hasRedis = await look.io.processes.has(programsOf('redis').server);
	const hasValkey = await look.io.processes.has(programsOf('valkey').server);
	const flavour = hasValkey && (!hasRedis || rdbVersion >= firstValkeyFormat) ? 'valkey' : 'redis';
	await requirePrograms(look, flavour);
	return {kind: 'host', flavour, folder: `${look.folders.scratch}/${id}`};
}

function factsOf({manifest}: CatalogueBackup): RedisFacts {
	if (manifest.redis === undefined) throw new BadBackup('it is not of Redis');
	return manifest.redis;
}

function scratchOf(id: string, place: ScratchPlace, backup: CatalogueBackup): Scratch {
	const memoryBytes = scratchMemoryBytes(factsOf(backup).usedMemoryBytes);
	return scratchServer({id, name: 'verify', place, folder: backup.folder, port: 0, memoryBytes});
}

/** The scratch server of a plan again; its image stands in the plan's own commands. */
async function plannedScratch(tools: Tools<VerifyRequest>): Promise<Scratch> {
	const {plan, look} = tools;
	const first = plan.steps.find(({id}) => id === 'redis-check')?.commands[0];
	const flavour = flavourIn(first);
	const place: ScratchPlace =
		first?.kind === 'sidecar'
			? {
					kind: 'sidecar',
					flavour,
					image: first.sidecar.image,
					network: 'none',
					userId: Number(first.sidecar.user?.split(':')[0] ?? 0),
				}
			: {kind: 'host', flavour, folder: `${look.folders.scratch}/${plan.id}`};
	return scratchOf(plan.id, place, await verifiedBackup(tools));
}

const badCodes = ['redis-bad-dump', 'redis-scratch-failed'];

/** What only a bad dump causes is said of the backup; everything else says that it could not be verified. */
async function judging(work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (error instanceof ProblemError && badCodes.includes(error.problem.code)) {
			throw new BadBackup(sayProblem('en', error.problem).summary);
		}

		throw error;
	}
}

/** Verifies a Redis backup: redis-check-rdb reads it (L2), a scratch server loads it and its keys are counted (L3). */
export const redisVerifier: Verifier = {
	highest: 3,
	levels: {'redis-check': 2, 'redis-load': 3},
	async plan(look, {backup, level, id}) {
		const scratch = scratchOf(id, await placeFor(look, backup, id), backup);
		const check = {
			id: 'redis-check',
			title: {code: 'step-redis-prove'},
			commands: [scratch.check],
			deadlineMs: 30 * 60_000,
		} as const;
		const load = {
			id: 'redis-load',
			title: {code: 'step-redis-scratch'},
			commands: [...scratch.start, scratch.info, ...scratch.stop],
			undo: scratch.stop,
			deadlineMs: 30 * 60_000,
		} as const;
		return {steps: level < 2 ? [] : level < 3 ? [check] : [check, load]};
	},
	steps: {
		'redis-check': {
			run: tools => judging(async () => checkDump(tools, await plannedScratch(tools))),
		},
		'redis-load': {
			run: tools =>
				judging(async () => {
					const scratch = await plannedScratch(tools);
					const info = await startScratch(tools, scratch);
					const fault = loadedFault(info, factsOf(await verifiedBackup(tools)));
					await stopScratch(tools, scratch);
					if (fault !== undefined)
						throw new BadBackup(`${fault.found} instead of ${fault.expected}`);
				}),
			undo: async tools => stopScratch(tools, await plannedScratch(tools)),
		},
	},
};
