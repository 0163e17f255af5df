import {verificationFile, type CatalogueBackup} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import {verificationText} from '../../domain/manifest-json.ts';
import type {BackupKind, ProofLevel, Verification} from '../../domain/manifest.ts';
import type {PlanDraft, Step} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {isObject, textOf} from '../../domain/unknown.ts';
import {chooseBackup} from '../catalogue/choose.ts';
import {catalogueLock} from '../catalogue/facts.ts';
import {openCatalogue} from '../catalogue/folder.ts';
import {write} from '../catalogue/place.ts';
import {writeWhole} from '../catalogue/publish.ts';
import type {Look, Operation, StepCode, Tools} from '../operation.ts';
import {verifiedBackup} from './verified.ts';
import {BadBackup, type Verifiers, type VerifyRequest} from './verifier.ts';

type VerifyTools = Tools<VerifyRequest>;

const defaultLevel: ProofLevel = 3;
const backupKinds: readonly BackupKind[] = ['database', 'redis', 'files', 'logs'];

function parse(request: unknown): VerifyRequest {
	const value = isObject(request) ? request : {};
	const level = value['level'] ?? defaultLevel;
	const known = ([0, 1, 2, 3, 4] as const).find(each => each === level);
	if (known === undefined) {
		const params = {level: clean(JSON.stringify(level), 20)};
		throw new ProblemError({code: 'verify-level', params, retry: 'rarely'});
	}

	const kind = backupKinds.find(each => each === value['kind']);
	return {
		backup: textOf(value['backup']) || 'latest',
		level: known,
		...(kind !== undefined && {kind}),
	};
}

/** The file of a result of this run. */
function resultFile(folder: string, backup: string, level: ProofLevel, operation: string) {
	return write(verificationFile(folder, {backup, level, operation}));
}

async function planWith(
	verifiers: Verifiers,
	look: Look,
	request: VerifyRequest,
	id: string,
): Promise<PlanDraft> {
	const catalogue = await openCatalogue(look);
	const {folder} = catalogue;
	const {backup: wanted, kind} = request;
	const backup = chooseBackup(catalogue, {id: wanted, ...(kind !== undefined && {kind})});
	const verifier = verifiers[backup.manifest.kind];
	const highest = verifier?.highest ?? 1;
	const level = request.level > highest ? highest : request.level;
	const own = await verifier?.plan(look, {backup, level, id});
	const params = {id: backup.id, level};
	const withResult = (step: Step): Step => {
		const proven = verifier?.levels[step.id];
		return proven === undefined
			? step
			: {...step, commands: [...step.commands, resultFile(folder, backup.id, proven, id)]};
	};
	return {
		title: {code: 'title-verify-backup', params},
		identity: {backup: {id: backup.id, manifestSha256: backup.manifestSha256}},
		risk: 'safe',
		steps: [
			{
				id: 'check-files',
				title: {code: 'step-verify-files', params: {count: backup.manifest.artefacts.length}},
				commands: [resultFile(folder, backup.id, level === 0 ? 0 : 1, id)],
				deadlineMs: Math.max(600_000, Math.ceil(backup.bytes / 5000)),
			},
			...(own?.steps ?? []).map(withResult),
			{
				id: 'record',
				title: {code: 'step-verify-record', params},
				commands: [resultFile(folder, backup.id, level, id)],
				deadlineMs: 30_000,
			},
		],
		locks: [catalogueLock(folder, 'shared')],
		space: own?.space ?? [],
		outages: [],
		deletes: [],
		warnings: own?.warnings ?? [],
		undo: {code: 'undo-verify'},
	};
}

const startedAt = new WeakMap<VerifyTools['plan'], number>();

async function record(
	tools: VerifyTools,
	level: ProofLevel,
	facts: Pick<Verification, 'isGood' | 'detail'>,
): Promise<void> {
	const {look, plan} = tools;
	const {clock} = look.io;
	const backup = plan.identity.backup?.id ?? '';
	const result: Verification = {
		backup,
		level,
		...facts,
		at: new Date(clock.now()).toISOString(),
		operation: plan.id,
		durationMs: Math.max(
			0,
			Math.round(clock.monotonic() - (startedAt.get(plan) ?? clock.monotonic())),
		),
	};
	const file = resultFile(look.folders.backups, backup, level, plan.id);
	await writeWhole(tools, file, verificationText(result));
}

/** Runs a step that proves a level; where it finds the backup bad, that is written down before the run fails. */
function proving(level: ProofLevel, code: StepCode<VerifyRequest>): StepCode<VerifyRequest> {
	return {
		...code,
		async run(tools) {
			try {
				await code.run(tools);
			} catch (error) {
				if (!(error instanceof BadBackup)) throw error;
				const cause = clean(error.message, 500);
				await record(tools, level, {isGood: false, detail: cause});
				const params = {id: tools.plan.identity.backup?.id ?? '', level, cause};
				throw new ProblemError({code: 'verify-failed', params, retry: 'rarely'});
			}
		},
	};
}

/** Sizes, and from level 1 on checksums, of every artefact; nothing else may be in the folder. */
async function checkFiles(tools: VerifyTools, backup: CatalogueBackup): Promise<void> {
	const {files} = tools.look.io;
	const {signal} = tools.look;
	let before = 0;
	for (const {name, bytes, sha256} of backup.manifest.artefacts) {
		const path = `${backup.folder}/${name}`;
		const entry = await files.lstat(path).catch(() => undefined);
		if (entry?.kind !== 'file') throw new BadBackup(`${name} is missing`);
		if (entry.bytes !== bytes)
			throw new BadBackup(`${name} has ${entry.bytes} bytes, not ${bytes}`);
		if (tools.request.level === 0) continue;
		const start = before;
		const sum = await files.hash(path, signal, done =>
			tools.progress({done: start + done, total: backup.bytes, unit: 'bytes'}),
		);
		if (sum.sha256 !== sha256) throw new BadBackup(`${name} has another checksum`);
		before += bytes;
	}
}

const filesCode: StepCode<VerifyRequest> = {
	async run(tools) {
		startedAt.set(tools.plan, tools.look.io.clock.monotonic());
		const backup = await verifiedBackup(tools);
		const isDeep = tools.request.level > 0;
		const code = proving(isDeep ? 1 : 0, {run: () => checkFiles(tools, backup)});
		await code.run(tools);
	},
};

/** The level that the plan's record step writes down. */
function plannedLevel({commands}: Pick<Step, 'commands'>): ProofLevel {
	const [command] = commands;
	const digit = command?.kind === 'file' ? /\.(\d)-[^/]+$/.exec(command.path)?.[1] : undefined;
	const level = ([0, 1, 2, 3, 4] as const).find(each => String(each) === digit);
	if (level === undefined) throw new Error('the plan records no level');
	return level;
}

const details: Readonly<Record<ProofLevel, string>> = {
	0: 'all files are there',
	1: 'all checksums are right',
	2: 'read in full',
	3: 'restored and compared',
	4: 'restored and compared, all assertions hold',
};

const recordCode: StepCode<VerifyRequest> = {
	async run(tools) {
		const level = plannedLevel(tools.step);
		await record(tools, level, {isGood: true, detail: details[level]});
		await tools.keep('result', {backup: tools.plan.identity.backup?.id ?? '', level, isGood: true});
	},
};

/**
 * The operation that verifies a backup of any kind that has a verifier; other kinds get their checksums checked (level 1).
 * A backup that is bad is written down as such, and the run fails with `verify-failed`.
 */
export function verifyBackupWith(verifiers: Verifiers): Operation<VerifyRequest> {
	const own = Object.values(verifiers).flatMap(({steps, levels}) =>
		Object.entries(steps).map(([id, code]): [string, StepCode<VerifyRequest>] => {
			const level = levels[id];
			return [id, level === undefined ? code : proving(level, code)];
		}),
	);
	return {
		id: 'verify-backup',
		title: {code: 'title-verify-backup-any'},
		parse,
		plan: (look, request, id) => planWith(verifiers, look, request, id),
		steps: {
			'check-files': filesCode,
			...Object.fromEntries(own),
			record: recordCode,
		},
	};
}
