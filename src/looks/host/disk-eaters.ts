import {clean} from '../../domain/clean.ts';
import {engineWaste} from '../../domain/engine-disk.ts';
import {formatBytes} from '../../domain/format.ts';
import type {Disk, HostValue} from '../../domain/host.ts';
import {realMounts} from '../../domain/mounts.ts';
import {ProblemError} from '../../domain/problem.ts';
import {objectOf, textOf} from '../../domain/unknown.ts';
import {most, percentOf} from '../figures.ts';
import {freshOf} from '../fresh-of.ts';
import {maybe, within} from '../maybe.ts';
import type {LookFacts, LookReader} from '../reader.ts';
import {backupBytes, devicesOn, isOnDisk, journalBytes, journalFolder} from './disk-shares.ts';
import {deletedFiles, type DeletedFiles} from './deleted-files.ts';
import {walkBytes, type SeenFile} from './disk-walk.ts';
import {isLogLimited, ownerOfPath} from './path-owner.ts';
import {ownerOfProcess} from './process-place.ts';
import {standOut, topFolders, type WalkedFolder} from './walk-tree.ts';

const walkMs = 15_000;
const engineMs = 8000;
const folderLines = 8;
const fileLines = 6;
const holderLines = 4;

/** The disk that a look is about. Rejects with `look-nothing-here` where none was found. */
export function diskOf(value: HostValue, figure: (disk: Disk) => number | undefined): Disk {
	const disk = most(value.disks, figure);
	if (disk === undefined) {
		throw new ProblemError({
			code: 'look-nothing-here',
			params: {subject: 'disk'},
			retry: 'rarely',
		});
	}

	return disk;
}

async function logValues(file: SeenFile | undefined, facts: LookFacts) {
	const [owner, isLimited] =
		file === undefined
			? []
			: await Promise.all([ownerOfPath(file.path, facts), isLogLimited(file.path, facts)]);
	return {
		'log-file': file === undefined ? undefined : clean(file.path, 300),
		'log-bytes': file?.bytes,
		'log-container': file?.path.includes('-json.log') === true ? owner : undefined,
		'log-is-limited': isLimited,
	};
}

async function deletedValues(deleted: DeletedFiles | undefined, facts: LookFacts) {
	const [holder] = deleted?.holders ?? [];
	const owner = holder === undefined ? undefined : await ownerOfProcess(holder.pid, facts);
	return {
		'deleted-bytes': deleted?.bytes,
		'deleted-holder': holder?.name,
		'deleted-pid': holder?.pid,
		'deleted-holder-bytes': holder?.bytes,
		'deleted-container': owner?.container,
	};
}

function linesOf(
	folders: readonly WalkedFolder[],
	files: readonly SeenFile[],
	deleted: DeletedFiles | undefined,
): readonly string[] {
	const line = (bytes: number, text: string) => clean(`${formatBytes(bytes)} ${text}`, 300);
	return [
		...folders.map(({path, own}) => line(own, `${path}/`)),
		...files.slice(0, fileLines).map(({path, bytes}) => line(bytes, path)),
		...(deleted?.holders ?? [])
			.slice(0, holderLines)
			.map(({pid, name, bytes, largest}) =>
				line(bytes, `${largest} (deleted, held by ${name} ${pid})`),
			),
	];
}

/** What takes the room on the fullest disk: a walk of at most some seconds, held files, and what the engine keeps. */
export const readHostDiskEaters: LookReader<'host.disk-eaters'> = async facts => {
	const {io, signal} = facts;
	const host = freshOf('host.load', await facts.reading('host.load', 'host'));
	const disk = diskOf(host, ({usedPercent}) => usedPercent);
	// The name for people is cleaned; the kernel's own may hold anything.
	const mountinfo = await io.files.readText('/proc/self/mountinfo').catch(() => '');
	const mount =
		realMounts(mountinfo).find(each => clean(each.mount) === disk.mount)?.mount ?? disk.mount;
	const info = await maybe(io.docker.get('/info', within(2000, signal)), signal);
	const engineFolder = textOf(objectOf(info)['DockerRootDir']) || '/var/lib/docker';
	const [walk, deleted, df, journal, backups, ...places] = await Promise.all([
		walkBytes(facts, mount, walkMs),
		devicesOn(mount, engineFolder, facts).then(devices =>
			maybe(deletedFiles(facts, devices), signal),
		),
		info === undefined
			? undefined
			: maybe(io.docker.get('/system/df', within(engineMs, signal)), signal),
		journalBytes(facts),
		backupBytes(facts),
		isOnDisk(engineFolder, mount, facts),
		isOnDisk(facts.folders.backups, mount, facts),
		isOnDisk(journalFolder, mount, facts),
	]);
	const [isEngineHere, areBackupsHere, isJournalHere] = places;
	const folder = standOut(walk);
	const waste = engineWaste(df);
	return {
		values: {
			mount: disk.mount,
			'is-complete': walk.isComplete,
			folder: folder === undefined ? undefined : clean(folder.path, 300),
			'folder-bytes': folder?.total,
			'folder-share': percentOf(folder?.total, disk.usedBytes),
			'folder-owner': folder === undefined ? undefined : await ownerOfPath(folder.path, facts),
			...(await logValues(walk.log, facts)),
			...(await deletedValues(deleted, facts)),
			'images-bytes': waste.images,
			'build-cache-bytes': waste.buildCache,
			'stopped-bytes': waste.stopped,
			'volumes-bytes': waste.volumes,
			'backups-bytes': backups,
			'journal-bytes': journal,
			'is-engine-here': isEngineHere,
			'are-backups-here': areBackupsHere,
			'is-journal-here': isJournalHere,
		},
		lines: linesOf(topFolders(walk, folderLines), walk.files, deleted),
	};
};
