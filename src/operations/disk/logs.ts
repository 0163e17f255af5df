import {clean} from '../../domain/clean.ts';
import {formatBytes} from '../../domain/format.ts';
import {isGlob} from '../../domain/glob.ts';
import type {Command} from '../../domain/plan.ts';
import {ProblemError} from '../../domain/problem.ts';
import {rotatedLog} from '../../domain/rotated-log.ts';
import type {FileEntry} from '../../io/io.ts';
import type {Look, Operation, Tools} from '../operation.ts';
import {fieldsOf, mayInteger} from '../shared/request.ts';

/** `days`: how long ago a file must have been written last, 14 unless told. */
export type CleanLogsRequest = {readonly days?: number};

type Old = {readonly path: string; readonly entry: FileEntry; readonly days: number};

const dayMs = 24 * 3_600_000;

/** Folders of the system, whose logs their own services clean. */
const systemFolders = /^\/var\/log(?:\/(?:journal|audit|apt|private|installer|sysstat)(?:\/.*)?)?$/;

function folderOf(path: string): string {
	return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The folders of the configured log files, without those of the system. */
function logFolders({settings}: Look) {
	const paths = settings.logs.flatMap(({from}) => (from.kind === 'file' ? [from.path] : []));
	const folders = [...new Set(paths.map(folderOf))].filter(folder => !isGlob(folder));
	return {
		own: folders.filter(folder => !systemFolders.test(folder)),
		system: folders.filter(folder => systemFolders.test(folder)),
		followed: new Set(paths),
	};
}

async function findOld(look: Look, days: number): Promise<readonly Old[]> {
	const {own, followed} = logFolders(look);
	const nowMs = look.io.clock.now();
	const old: Old[] = [];
	for (const folder of own) {
		for (const entry of await look.io.files.list(folder).catch(() => [])) {
			const path = `${folder}/${entry.name}`;
			const age = (nowMs - entry.modifiedAtMs) / dayMs;
			if (entry.kind !== 'file' || followed.has(path) || !rotatedLog.test(entry.name)) continue;
			if (age >= days) old.push({path, entry, days: Math.floor(age)});
		}
	}

	return old.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function remove(path: string): Command & {kind: 'file'} {
	return {kind: 'file', action: 'remove', path};
}

async function deleteAll(tools: Tools<CleanLogsRequest>): Promise<void> {
	const {look, request} = tools;
	for (const command of tools.step.commands) {
		look.signal.throwIfAborted();
		if (command.kind !== 'file') continue;
		const now = await findOld(look, request.days ?? 14);
		const found = now.find(({path}) => path === command.path);
		const name = clean(command.path, 300);
		if (found === undefined) {
			const entry = await look.io.files.lstat(command.path).catch(() => undefined);
			if (entry === undefined) continue;
			const params = {name, by: 'written'};
			throw new ProblemError({code: 'disk-in-use', params, retry: 'rarely'});
		}

		await tools.file(command);
		const bytes = formatBytes(found.entry.bytes);
		tools.note({code: 'note-deleted', params: {name, bytes}});
	}
}

/** Deletes old rotated log files in the folders of the configured logs, one by one; never logs of the system. SAFETY 3.10. */
export const cleanLogs: Operation<CleanLogsRequest> = {
	id: 'clean-logs',
	title: {code: 'title-clean-logs'},
	parse(request) {
		const days = mayInteger(fieldsOf(request, ['days']), 'days', [1, 3650]);
		return days === undefined ? {} : {days};
	},
	async plan(look, {days = 14}) {
		const old = await findOld(look, days);
		const {system} = logFolders(look);
		if (old.length === 0) {
			const params = {what: `logs, ${days} d`};
			throw new ProblemError({code: 'disk-nothing-to-clean', params, retry: 'rarely'});
		}

		const total = old.reduce((sum, {entry}) => sum + entry.bytes, 0);
		const advice = 'journalctl --vacuum-size=500M; logrotate --force /etc/logrotate.conf';
		return {
			title: {
				code: 'op-clean-logs',
				params: {count: old.length, days, bytes: formatBytes(total)},
			},
			identity: {},
			risk: 'destructive',
			confirmName: 'logs',
			steps: [
				{
					id: 'delete',
					title: {code: 'step-clean-one-by-one'},
					commands: old.map(({path}) => remove(path)),
					deadlineMs: 10 * 60_000,
				},
			],
			locks: [{resource: 'log-files', mode: 'exclusive'}],
			space: [],
			outages: [],
			deletes: old.map(({path, entry, days: age}) => ({
				name: clean(path, 300),
				bytes: entry.bytes,
				why: {code: 'why-log', params: {days: age}},
			})),
			warnings: system.length > 0 ? [{code: 'warn-system-logs', params: {advice}}] : [],
			undo: {code: 'undo-clean-logs'},
		};
	},
	steps: {delete: {run: deleteAll}},
};
