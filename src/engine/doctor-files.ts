import {clean} from '../domain/clean.ts';
import type {Settings} from '../domain/settings.ts';
import {shellQuote} from '../domain/shell-quote.ts';
import type {BackupTarget, LogTarget} from '../domain/targets.ts';
import type {Io} from '../io/io.ts';
import type {Words} from '../words/words.ts';
import {fileErrorCode, words, type DoctorCheck} from './doctor-check.ts';
import {userName} from './doctor-servers.ts';

type Head = Pick<DoctorCheck, 'id' | 'title'>;

/** Tries to read something; what is wrong is told with the command that grants the right. */
async function checkReadable(
	head: Head,
	path: string,
	read: () => Promise<unknown>,
	grant: string,
): Promise<DoctorCheck> {
	const shown = clean(path);
	try {
		await read();
		return {...head, outcome: 'ok', found: words('file-ok', {path: shown})};
	} catch (error) {
		const code = fileErrorCode(error);
		if (code === 'EACCES' || code === 'EPERM') {
			const found = words('file-no-right', {path: shown});
			return {...head, outcome: 'missing', found, command: grant};
		}

		const found: Words =
			code === 'ENOENT'
				? words('file-missing', {path: shown})
				: words('file-failed', {path: shown, cause: code});
		return {...head, outcome: 'missing', found, command: `ls -ld ${shellQuote(shown)}`};
	}
}

/** The file of a log can be read; logs of containers come through the engine. */
export async function checkLog(io: Io, target: LogTarget): Promise<readonly DoctorCheck[]> {
	if (target.from.kind !== 'file') return [];
	const {path} = target.from;
	const head = {id: `log:${target.id}`, title: words('log-title', {name: clean(target.service)})};
	const grant = `sudo setfacl -m u:${userName(io)}:r ${shellQuote(clean(path))}`;
	return [await checkReadable(head, path, () => io.files.readBytes(path, 0, 1), grant)];
}

/** The folder of a backup set can be listed. */
export async function checkBackups(io: Io, target: BackupTarget): Promise<DoctorCheck> {
	const {folder} = target;
	const head = {
		id: `backups:${target.id}`,
		title: words('backups-title', {name: clean(target.id)}),
	};
	const grant = `sudo setfacl -m u:${userName(io)}:rx ${shellQuote(clean(folder))}`;
	return await checkReadable(head, folder, () => io.files.list(folder, 1), grant);
}

/** Messages of all units can be read, not only this user's own. */
export async function checkJournal(io: Io, signal: AbortSignal): Promise<DoctorCheck> {
	const head = {id: 'journal', title: words('journal-title')};
	const none: DoctorCheck = {...head, outcome: 'skipped', found: words('journal-none')};
	if (!(await io.processes.has('journalctl'))) return none;
	const {exitCode, stdout, stderr} = await io.processes.run(
		['journalctl', '--lines=1', '--no-pager', '--output=cat'],
		signal,
	);
	// journalctl tells in words that it hides messages of other users; the exit code is the same.
	const isHidden = /not seeing messages from other|insufficient permissions/i.test(stderr);
	if (isHidden) {
		return {
			...head,
			outcome: 'missing',
			found: words('journal-own-only'),
			command: `sudo usermod -aG systemd-journal ${userName(io)}`,
		};
	}

	const isEmpty = exitCode !== 0 || stdout.trim() === '' || /No journal files/i.test(stderr);
	return isEmpty ? none : {...head, outcome: 'ok', found: words('journal-ok')};
}

/** Control group files can be read, so that the engine need not be asked what containers use. */
export async function checkCgroup(io: Io): Promise<DoctorCheck> {
	const head = {id: 'cgroup', title: words('cgroup-title')};
	if (io.host.platform() !== 'linux') {
		return {...head, outcome: 'skipped', found: words('not-linux')};
	}

	const found = async (version: number, read: Promise<unknown>): Promise<number | undefined> =>
		await read.then(
			() => version,
			() => undefined,
		);
	const version =
		(await found(2, io.files.readText('/sys/fs/cgroup/cgroup.controllers'))) ??
		(await found(1, io.files.readText('/sys/fs/cgroup/memory/memory.usage_in_bytes')));
	return version === undefined
		? {...head, outcome: 'missing', found: words('cgroup-missing'), command: 'mount | grep cgroup'}
		: {...head, outcome: 'ok', found: words('cgroup-ok', {version})};
}

// Permission bits that let the group or everybody write.
const writableByOthers = 0o022;

/** Nobody but this user or root can change the configuration. */
async function checkConfigFile(io: Io, path: string): Promise<DoctorCheck> {
	const shown = clean(path);
	const head = {id: `config:${shown}`, title: words('config-title', {name: shown})};
	try {
		const {mode, ownerId} = await io.files.stat(path);
		const quoted = shellQuote(shown);
		if (ownerId !== 0 && ownerId !== io.host.userId()) {
			return {
				...head,
				outcome: 'missing',
				found: words('config-owner', {owner: ownerId}),
				command: `sudo chown ${userName(io)} ${quoted}`,
			};
		}

		if ((mode & writableByOthers) !== 0) {
			return {
				...head,
				outcome: 'missing',
				found: words('config-writable', {mode: (mode & 0o7777).toString(8)}),
				command: `chmod go-w ${quoted}`,
			};
		}

		const you = words('you');
		const isRoot = ownerId === 0;
		return {
			...head,
			outcome: 'ok',
			found: {
				en: words('config-ok', {owner: isRoot ? 'root' : you.en}).en,
				zh: words('config-ok', {owner: isRoot ? 'root' : you.zh}).zh,
			},
		};
	} catch (error) {
		const found = words('file-failed', {path: shown, cause: fileErrorCode(error)});
		return {...head, outcome: 'missing', found, command: `ls -l ${shellQuote(shown)}`};
	}
}

/** Every configuration file that was read. */
export async function checkConfig(io: Io, settings: Settings): Promise<readonly DoctorCheck[]> {
	if (settings.files.length === 0) {
		const head = {id: 'config', title: words('config-title', {name: ''})};
		return [{...head, outcome: 'skipped', found: words('config-none')}];
	}

	return await Promise.all(settings.files.map(path => checkConfigFile(io, path)));
}
