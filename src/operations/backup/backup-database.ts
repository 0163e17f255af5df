import {proofOf, type Catalogue} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import type {PlanDraft} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import type {PostgresTarget} from '../../domain/targets.ts';
import {isObject, listOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import {catalogueLock} from '../catalogue/facts.ts';
import {checkSpace, openCatalogue, reserveBytes} from '../catalogue/folder.ts';
import {
	isPublished,
	prepareCode,
	prepareStep,
	publishCode,
	publishStep,
} from '../catalogue/publish.ts';
import type {Look, Operation} from '../operation.ts';
import {findPrograms} from '../postgres/find-programs.ts';
import {containerIdentity} from '../postgres/programs.ts';
import {checkCode, databasePublishing} from './check.ts';
import {dumpCommands, dumpStepCommands} from './commands.ts';
import {dumpCode} from './dump.ts';
import {preflight, type Preflight} from './preflight.ts';
import {remove} from '../catalogue/place.ts';
import {
	chooseDatabase,
	parseBackupRequest,
	seriesOfDatabase,
	type BackupRequest,
} from './request.ts';

/** Tables up to this size are hashed and not only counted. */
const defaultHashLimitBytes = 20 * 1024 ** 3;

/** The clock may be this much behind the newest backup before it counts as wrong. */
const clockToleranceMs = 5 * 60_000;

/** Held by everything that reads or changes this database as a whole. */
export function databaseLock(systemIdentifier: string, database: string): string {
	return `pg:${systemIdentifier}:${database}`;
}

function checkClock(look: Look, {backups}: Catalogue): void {
	const [newest] = backups;
	const nowMs = look.io.clock.now();
	if (!newest || nowMs >= newest.startedAtMs - clockToleranceMs) return;
	throw new ProblemError({
		code: 'dump-clock',
		params: {now: new Date(nowMs).toISOString(), id: newest.id},
		retry: 'rarely',
	});
}

/** What the backup needs: what the last good one did and a third more, or, the first time, as much as the tables. */
function expectedBytes(catalogue: Catalogue, series: string, found: Preflight): number {
	const last = catalogue.backups.find(
		backup =>
			backup.series === series &&
			backup.manifest.database?.systemIdentifier === found.systemIdentifier &&
			(proofOf(backup.verifications).level ?? 0) >= 2,
	);
	return Math.ceil(last ? last.bytes * 1.3 : found.tableBytes);
}

/** Whether the database's files lie on the disk of the backups; false where that cannot be seen. */
async function isSameDisk(look: Look, target: PostgresTarget): Promise<boolean> {
	const {io, signal, folders} = look;
	if (!target.container) return false;
	try {
		const path = `/containers/${target.container.containerId}/json`;
		const mounts = listOf(objectOf(await io.docker.get(path, signal))['Mounts']);
		const sources = mounts.flatMap(mount =>
			isObject(mount) && /postgres|pgdata|\/data/.test(textOf(mount['Destination']))
				? [textOf(mount['Source'])]
				: [],
		);
		const backups = await io.files.lstat(folders.backups);
		const devices = await Promise.all(sources.map(source => io.files.lstat(source)));
		return devices.some(({device}) => device === backups.device);
	} catch {
		signal.throwIfAborted();
		return false;
	}
}

async function plan(look: Look, request: BackupRequest, id: string): Promise<PlanDraft> {
	const target = chooseDatabase(look, request);
	const found = await preflight(look, target);
	const catalogue = await openCatalogue(look);
	checkClock(look, catalogue);
	const programs = await findPrograms(look, target, found.versionNumber);
	const series = seriesOfDatabase(look, target);
	const place = {folder: look.folders.backups, series, id};
	const bytes = expectedBytes(catalogue, series, found);
	const reserve = await reserveBytes(look.io, place.folder);
	const space = {
		...(await checkSpace(look.io, place.folder, bytes + reserve)),
		reserveBytes: Math.ceil(reserve),
	};
	const limit = look.settings.storage?.hashLimitBytes ?? defaultHashLimitBytes;
	const isHashed = found.tableBytes <= limit;
	const commands = dumpCommands({
		place,
		programs,
		target,
		port: found.port,
		isHashed,
		scratch: look.folders.scratch,
	});
	const database = clean(target.database, 100);
	const warnings: Phrase[] = [];
	if (found.isStandby) warnings.push({code: 'warn-backup-standby'});
	if (await isSameDisk(look, target)) warnings.push({code: 'warn-backup-same-disk'});
	if (!isHashed) {
		const params = {size: formatBytes(found.tableBytes), limit: formatBytes(limit)};
		warnings.push({code: 'warn-backup-counts-only', params});
	}

	const container = containerIdentity(look, target);
	// At 5 MB/s even a slow disk is through; a dump that hangs must end some day.
	const deadlineMs = Math.max(15 * 60_000, Math.ceil(found.sizeBytes / 5000));
	return {
		title: {code: 'title-backup-database', params: {database}},
		identity: {
			...(container && {containers: [container]}),
			...(target.container?.project !== undefined && {project: target.container.project}),
			postgres: {
				target: target.id,
				systemIdentifier: found.systemIdentifier,
				database: target.database,
				oid: found.oid,
				versionNumber: found.versionNumber,
			},
		},
		risk: 'safe',
		steps: [
			prepareStep(place),
			{
				id: 'dump',
				title: {code: isHashed ? 'step-dump-hashed' : 'step-dump', params: {database}},
				commands: dumpStepCommands(commands),
				undo: [commands.dropPassfile, remove(commands.part)],
				deadlineMs,
			},
			{
				id: 'check-dump',
				title: {code: 'step-dump-check'},
				commands: [commands.read],
				deadlineMs,
			},
			publishStep(place, 2),
		],
		locks: [
			{resource: databaseLock(found.systemIdentifier, target.database), mode: 'exclusive'},
			catalogueLock(place.folder, 'shared'),
		],
		space: [space],
		outages: [],
		deletes: [],
		warnings,
		undo: {code: 'undo-backup'},
		// 300 MB/s measured for the dump, half of that with hashes (SAFETY 3.1).
		expectedMs: Math.ceil(2000 + found.tableBytes / (isHashed ? 150_000 : 300_000)),
	};
}

/** Backs up one database: one snapshot, dumped, counted and hashed, read back in full, then published. */
export const backupDatabase: Operation<BackupRequest> = {
	id: 'backup-database',
	title: {code: 'title-backup-database-any'},
	parse: parseBackupRequest,
	plan,
	steps: {
		'prepare-backup': prepareCode(),
		dump: dumpCode,
		'check-dump': checkCode,
		'publish-backup': publishCode(2, databasePublishing),
	},
	isCommitted: isPublished,
};
