import {
	backupFolder,
	names,
	trashFolder,
	type Catalogue,
	type CatalogueBackup,
	type TrashedBackup,
} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import type {Command, JsonValue, PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {planRetention, type RetentionPlan, type RetentionRefusal} from '../../domain/retention.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import {readCatalogue} from '../../sources/catalogue.ts';
import {catalogueLock} from '../catalogue/facts.ts';
import {openCatalogue} from '../catalogue/folder.ts';
import {make, move, remove} from '../catalogue/place.ts';
import type {Look, Operation, Tools} from '../operation.ts';

/** A backup stays in the trash for at least this long. */
export const trashMs = 24 * 3_600_000;

type PruneRequest = Readonly<Record<string, never>>;

/** What retention would do now. Rejects with a ProblemError where no policy is set or nothing may be deleted at all. */
export function retentionNow(look: Look, catalogue: Catalogue): RetentionPlan {
	const policy = look.settings.storage?.retention;
	const folder = clean(look.folders.backups);
	if (!policy) throw new ProblemError({code: 'retention-no-policy', params: {}, retry: 'rarely'});
	const times = catalogue.trash.map(({sinceMs}) => sinceMs);
	const nowMs = look.io.clock.now();
	const plan = planRetention(catalogue, policy, {
		nowMs,
		...(times.length > 0 && {previousRunMs: times.reduce((a, b) => Math.max(a, b))}),
	});
	for (const refusal of plan.refused) {
		if (refusal.kind === 'newest') continue;
		throw refusedProblem(refusal, folder, nowMs);
	}

	return plan;
}

function refusedProblem(
	refusal: Exclude<RetentionRefusal, {readonly kind: 'newest'}>,
	folder: string,
	nowMs: number,
): ProblemError {
	switch (refusal.kind) {
		case 'empty-policy':
			return new ProblemError({code: 'retention-no-policy', params: {}, retry: 'rarely'});
		case 'no-catalogue':
			return new ProblemError({code: 'retention-no-catalogue', params: {folder}, retry: 'rarely'});
		case 'truncated':
			return new ProblemError({code: 'retention-too-many', params: {folder}, retry: 'rarely'});
		case 'clock': {
			const [now, last] = [nowMs, refusal.referenceMs].map(ms => new Date(ms).toISOString());
			const params = {now: now ?? '', last: last ?? ''};
			return new ProblemError({code: 'retention-clock', params, retry: 'rarely'});
		}
	}
}

/** What one run does: the backups that it moves, and the trash that it empties. */
type Work = {
	readonly out: readonly CatalogueBackup[];
	readonly old: readonly TrashedBackup[];
};

function workOf(look: Look, catalogue: Catalogue, plan: RetentionPlan): Work {
	const nowMs = look.io.clock.now();
	return {
		out: plan.choices.filter(({keep}) => !keep).map(({backup}) => backup),
		old: catalogue.trash.filter(({sinceMs}) => nowMs - sinceMs >= trashMs),
	};
}

function moveOf(folder: string, {series, id}: {series: string; id: string}, operation: string) {
	const place = {folder, series, id};
	return move(backupFolder(place), trashFolder(place, operation));
}

function moveBackOf(folder: string, {series, id}: {series: string; id: string}, operation: string) {
	const place = {folder, series, id};
	return move(trashFolder(place, operation), backupFolder(place));
}

/** Everything of one backup in the trash: first its proofs, then itself, so that a crash leaves it to the next run. */
async function unlinkCommands(
	look: Look,
	{name, id}: TrashedBackup,
): Promise<readonly (Command & {kind: 'file'})[]> {
	const folder = look.folders.backups;
	const entries = await look.io.files.names(`${folder}/${names.verify}`).catch(() => []);
	const proofs = entries.filter(
		entry =>
			entry.kind === 'file' &&
			/\.\d-[\w-]+\.json$/.test(entry.name) &&
			entry.name.startsWith(`${id}.`),
	);
	return [
		...proofs.map(entry => remove(`${folder}/${names.verify}/${entry.name}`)),
		remove(`${folder}/${names.trash}/${name}`),
	];
}

async function plan(look: Look, _request: PruneRequest, id: string): Promise<PlanDraft> {
	const catalogue = await openCatalogue(look);
	const retention = retentionNow(look, catalogue);
	const {out, old} = workOf(look, catalogue, retention);
	const {folder} = catalogue;
	const warnings = retention.refused.flatMap((refusal): Phrase[] =>
		refusal.kind === 'newest'
			? [{code: 'warn-retention-newest', params: {series: clean(refusal.series), id: refusal.id}}]
			: [],
	);
	if (retention.overBytes !== undefined) {
		const params = {size: formatBytes(retention.overBytes)};
		warnings.push({code: 'warn-retention-size', params});
	}

	const unlinks = (await Promise.all(old.map(item => unlinkCommands(look, item)))).flat();
	return {
		title: {code: 'title-prune-backups', params: {count: out.length}},
		identity: {},
		risk: 'disruptive',
		steps: [
			{
				id: 'trash',
				title: {code: 'step-retention-trash', params: {count: out.length}},
				commands: [
					make(`${folder}/${names.trash}`),
					...out.map(backup => moveOf(folder, backup, id)),
				],
				undo: out.map(backup => moveBackOf(folder, backup, id)),
				isCommitPoint: true,
				deadlineMs: 600_000,
			},
			{
				id: 'unlink',
				title: {code: 'step-retention-unlink', params: {count: old.length}},
				commands: unlinks,
				deadlineMs: 3_600_000,
			},
		],
		locks: [catalogueLock(folder, 'exclusive')],
		space: [],
		outages: [],
		deletes: [
			...out.map(({series, id: backup, bytes}) => ({
				name: `${series}/${backup}`,
				bytes,
				why: {
					code:
						retention.choices.find(choice => choice.backup.id === backup)?.reason ??
						('retention-expired' as const),
				},
			})),
			...old.map(({series, id: backup}) => ({
				name: `${names.trash}/${series}/${backup}`,
				why: {code: 'retention-trash'} as const,
			})),
		],
		warnings,
		undo: {code: 'undo-prune'},
	};
}

type PruneTools = Tools<PruneRequest>;

/** Nothing that the plan takes out may have got a reason to stay since then. */
async function checkStill(tools: PruneTools): Promise<void> {
	const {look, step} = tools;
	const catalogue = await readCatalogue(look.io, look.folders.backups, look.signal);
	const {choices} = retentionNow(look, catalogue);
	const mayGo = new Set(choices.filter(({keep}) => !keep).map(({backup}) => backup.folder));
	for (const command of step.commands) {
		if (command.kind !== 'file' || command.action !== 'move' || mayGo.has(command.path)) continue;
		const params = {name: clean(command.path)};
		throw new ProblemError({code: 'retention-changed', params, retry: 'soon'});
	}
}

/** Whether something is at a path; links count. */
async function isThere({look}: PruneTools, path: string): Promise<boolean> {
	return look.io.files.lstat(path).then(
		() => true,
		() => false,
	);
}

function parse(): PruneRequest {
	return {};
}

/**
 * Takes out what the policy no longer keeps: into the trash in one step that is undone as a whole, and deletes what has
 * been there for a day. Its plan lists every backup with the reason.
 */
export const pruneBackups: Operation<PruneRequest> = {
	id: 'prune-backups',
	title: {code: 'title-prune-backups-any'},
	parse,
	plan,
	steps: {
		trash: {
			async run(tools) {
				await checkStill(tools);
				let done = 0;
				for (const command of tools.step.commands) {
					if (command.kind !== 'file') continue;
					await tools.file(command);
					tools.progress({done: done++, total: tools.step.commands.length - 1, unit: 'files'});
				}

				const count = tools.step.commands.length - 1;
				const kept: JsonValue = {moved: count, unlinked: tools.plan.deletes.length - count};
				await tools.keep('result', kept);
			},
			async undo(tools) {
				for (const command of tools.step.undo ?? []) {
					if (command.kind !== 'file' || !(await isThere(tools, command.path))) continue;
					await tools.file(command);
				}
			},
		},
		unlink: {
			async run(tools) {
				for (const command of tools.step.commands) {
					if (command.kind === 'file') await tools.file(command);
				}
			},
		},
	},
};
