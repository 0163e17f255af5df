import {fileNameOf, partFolder, timeOfId, type BackupPlace} from '../../domain/catalogue.ts';
import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import type {Artefact, FileFacts, Manifest} from '../../domain/manifest.ts';
import type {Plan} from '../../domain/plan.ts';
import {numberOf, objectOf} from '../../domain/unknown.ts';
import type {Phrase} from '../../words/phrases/phrase.ts';
import {catalogueLock, commonFacts} from '../catalogue/facts.ts';
import {checkFolder} from '../catalogue/folder.ts';
import {placeOf, write} from '../catalogue/place.ts';
import {
	isPublished,
	prepareCode,
	prepareStep,
	publishCode,
	publishStep,
} from '../catalogue/publish.ts';
import {archiveSpace} from '../files/backup.ts';
import {filesTrouble} from '../files/collect.ts';
import type {Operation, StepCode, Tools} from '../operation.ts';
import {fieldsOf, mayInteger, mayText} from '../shared/request.ts';
import {archiveLog, type ArchivedLog} from './archive.ts';
import type {Period} from './read.ts';
import {findLogs, maxLogBytes, type LogSource, type LogSources} from './sources.ts';

/** `days`: how far back, 7 unless told; `project`: only the containers of this Compose project. */
export type BackupLogsRequest = {readonly days?: number; readonly project?: string};

const dayMs = 24 * 3_600_000;

/** The period begins so long before the run's own time, so that planning it once more finds the same files. */
function sinceOf(id: string, {days = 7}: BackupLogsRequest): number {
	return (timeOfId(id) ?? 0) - days * dayMs;
}

function logFile(place: BackupPlace, {artefact}: LogSource) {
	return write(`${partFolder(place)}/${artefact}`);
}

/** What is left out, for the card. */
function leftOut({left}: LogSources): readonly Phrase[] {
	return left.map(({name, cause}) => ({code: 'logs-left-out', params: {name, cause}}));
}

async function sourcesOf({look, request, plan}: Tools<BackupLogsRequest>) {
	return findLogs(look, {...request, sinceMs: sinceOf(plan.id, request)});
}

/** Archives every log whose file the plan has; one that is gone meanwhile fails the backup. */
async function collectAll(tools: Tools<BackupLogsRequest>): Promise<void> {
	const {look, plan, step, request} = tools;
	const place = placeOf(plan);
	const {sources} = await sourcesOf(tools);
	const untilMs = look.io.clock.now();
	const period: Period = {sinceMs: sinceOf(plan.id, request), untilMs};
	const limit = formatBytes(maxLogBytes);
	for (const [done, command] of step.commands.entries()) {
		if (command.kind !== 'file' || command.action !== 'write') continue;
		const source = sources.find(one => logFile(place, one).path === command.path);
		if (source === undefined) {
			throw filesTrouble('files-unreadable', {path: clean(command.path, 300), cause: 'gone'});
		}

		const log = {source, command: logFile(place, source), period};
		const archived = await archiveLog(tools, log);
		const {name} = source;
		if (archived.isCut) tools.warn({code: 'logs-cut', params: {name, limit}});
		await tools.keep(`log-${done}`, {
			artefact: {...archived.artefact},
			facts: {...archived.facts},
			isCut: archived.isCut,
		});
		tools.progress({done: done + 1, total: step.commands.length, unit: 'files'});
	}

	await tools.keep('logs', {untilMs});
}

function keptLogs({kept}: Tools<BackupLogsRequest>, {steps}: Plan): readonly ArchivedLog[] {
	const count = steps.find(({id}) => id === 'collect')?.commands.length ?? 0;
	return Array.from({length: count}, (_, index) => {
		const one = objectOf(kept[`log-${index}`]);
		// Written by the collect step of this very run; the manifest's shape is checked before it is written.
		return {
			artefact: one['artefact'] as Artefact,
			facts: one['facts'] as FileFacts,
			isCut: one['isCut'] === true,
		};
	});
}

async function manifestOf(tools: Tools<BackupLogsRequest>): Promise<Manifest> {
	const {plan, kept, request} = tools;
	const untilMs = numberOf(objectOf(kept['logs'])['untilMs']) ?? 0;
	const logs = keptLogs(tools, plan);
	const sinceMs = sinceOf(plan.id, request);
	const cut = logs.filter(({isCut}) => isCut).map(({artefact}) => artefact.name);
	const period = `${new Date(sinceMs).toISOString()} to ${new Date(untilMs).toISOString()}`;
	return {
		...(await commonFacts(tools, untilMs)),
		kind: 'logs',
		artefacts: logs.map(({artefact}) => artefact),
		files: logs.map(({facts}) => facts),
		note: cut.length === 0 ? period : `${period}; oldest lines left out: ${cut.join(', ')}`,
	};
}

const collect: StepCode<BackupLogsRequest> = {run: collectAll};

/** Archives the logs of the containers of a period, and the configured log files; H2-03, H3-15. */
export const backupLogs: Operation<BackupLogsRequest> = {
	id: 'backup-logs',
	title: {code: 'title-backup-logs'},
	parse(request) {
		const fields = fieldsOf(request, ['days', 'project']);
		const days = mayInteger(fields, 'days', [1, 365]);
		const project = mayText(fields, 'project');
		return {...(days !== undefined && {days}), ...(project !== undefined && {project})};
	},
	async plan(look, request, id) {
		const {project, days = 7} = request;
		await checkFolder(look.io, look.folders.backups);
		const logs = await findLogs(look, {...request, sinceMs: sinceOf(id, request)});
		const {sources} = logs;
		if (sources.length === 0) {
			const names = logs.left.map(({name, cause}) => `${name} (${cause})`);
			const what = names.join(', ') || clean(project ?? '-', 100);
			throw filesTrouble('logs-nothing', {what});
		}

		if (sources.length > 1000) {
			throw filesTrouble('files-too-many', {folder: 'logs', most: 1000});
		}

		const series = `logs-${fileNameOf(project ?? logs.project ?? 'all').slice(0, 200)}`;
		const place = {folder: look.folders.backups, series, id};
		return {
			title: {code: 'op-backup-logs', params: {count: sources.length, days}},
			identity: {...(logs.project !== undefined && {project: logs.project})},
			risk: 'safe',
			steps: [
				prepareStep(place),
				{
					id: 'collect',
					title: {code: 'step-logs-collect'},
					commands: sources.map(one => logFile(place, one)),
					deadlineMs: 2 * 3_600_000,
				},
				publishStep(place, 2),
			],
			locks: [catalogueLock(place.folder, 'shared')],
			space: [await archiveSpace(look, logs.bytes)],
			outages: [],
			deletes: [],
			warnings: leftOut(logs),
			undo: {code: 'undo-backup'},
		};
	},
	steps: {
		'prepare-backup': prepareCode(),
		collect,
		'publish-backup': publishCode(2, {
			manifest: manifestOf,
			detail: (_tools, {files = []}) => `${files.length} logs read again`,
		}),
	},
	isCommitted: isPublished,
};
