import type {DangerId} from '../../words/dangers/index.ts';
import type {Command, Script} from './commands.ts';
import type {Call} from './simple.ts';

/** What opsconsole does instead: an operation, and the words after `opsconsole` that start it. */
export type Instead = {readonly operation: string; readonly command: string};

/** What a rule may know beside the call itself. */
export type Where = {readonly script: Script; readonly command: Command};

/** How to tell a dangerous command. One of the three ways is enough. */
export type DangerRule = {
	readonly id: DangerId;
	readonly instead?: readonly Instead[];
	/** One program, in what stands around it. */
	readonly call?: (call: Call, where: Where) => boolean;
	/** One SQL statement: comments are gone, blanks are single. */
	readonly sql?: (statement: string) => boolean;
	/** One line of any block, also of configuration. */
	readonly text?: RegExp;
};

/** The operations that stand in for what handbooks do by hand. */
export const safe = {
	backupAll: {operation: 'backup-everything', command: 'backup all'},
	backupDatabase: {operation: 'backup-database', command: 'backup database'},
	backupFiles: {operation: 'backup-files', command: 'backup files'},
	backupLogs: {operation: 'backup-logs', command: 'backup logs'},
	backupRedis: {operation: 'backup-redis', command: 'backup redis'},
	verify: {operation: 'verify-backup', command: 'verify latest'},
	prune: {operation: 'prune-backups', command: 'prune'},
	importDump: {operation: 'import-dump', command: 'import FILE'},
	restoreDatabase: {operation: 'restore-database', command: 'restore database latest'},
	restoreTable: {operation: 'restore-table', command: 'restore table latest public.TABLE'},
	restoreRedis: {operation: 'restore-redis', command: 'restore redis ID'},
	restoreFiles: {operation: 'restore-files', command: 'restore files ID'},
	dropKept: {operation: 'drop-kept-database', command: 'restore drop-kept KEPT'},
	start: {operation: 'start-service', command: 'service start NAME'},
	stop: {operation: 'stop-service', command: 'service stop NAME'},
	restart: {operation: 'restart-service', command: 'service restart NAME'},
	recreate: {operation: 'recreate-service', command: 'service recreate NAME'},
	restartAll: {operation: 'restart-all', command: 'service restart-all'},
	kill: {operation: 'kill-service', command: 'service kill NAME'},
	scale: {operation: 'scale-service', command: 'service scale NAME 2'},
	cancel: {operation: 'cancel-query', command: 'postgres cancel 4711'},
	terminate: {operation: 'terminate-sessions', command: 'postgres terminate --idle 10'},
	analyze: {operation: 'analyze-database', command: 'postgres analyze'},
	vacuum: {operation: 'vacuum-table', command: 'postgres vacuum TABLE'},
	reindex: {operation: 'reindex-concurrently', command: 'postgres reindex INDEX'},
	redisMemory: {operation: 'set-redis-memory', command: 'redis memory 1gb --persist'},
	redisPolicy: {operation: 'set-redis-policy', command: 'redis policy volatile-lru --persist'},
	redisSave: {operation: 'set-redis-save', command: 'redis save 900:1 --persist'},
	redisDelete: {operation: 'delete-redis-keys', command: 'redis delete PREFIX'},
	images: {operation: 'clean-images', command: 'disk images'},
	buildCache: {operation: 'clean-build-cache', command: 'disk cache'},
	oldLogs: {operation: 'clean-logs', command: 'disk logs'},
	schedule: {operation: 'install-schedule', command: 'schedule install'},
} as const satisfies Readonly<Record<string, Instead>>;

/** Whether one of the words is this one. */
export function has(words: readonly string[], ...wanted: readonly string[]): boolean {
	return wanted.some(each => words.includes(each));
}

/** Whether a short option is given, alone or among others (`-af`). */
export function hasShort(words: readonly string[], letter: string): boolean {
	return words.some(word => /^-[A-Za-z]+$/.test(word) && word.includes(letter));
}

/** The words that are no options. */
export function plainWords(words: readonly string[]): readonly string[] {
	return words.filter(word => !word.startsWith('-'));
}

/** The part of a pipeline before this call, nearest last. */
export function before(call: Call): readonly Call['pipeline'][number][] {
	return call.pipeline.slice(0, call.at);
}

/** The part of a pipeline after it. */
export function after(call: Call): readonly Call['pipeline'][number][] {
	return call.pipeline.slice(call.at + 1);
}

const clients = /^(?:docker|podman|nerdctl)$/;

/** The words of a Docker command from its verb on, and whether it is one of Compose; undefined for others. */
export function dockerWords(
	call: Pick<Call, 'program' | 'words'>,
):
	| {readonly isCompose: boolean; readonly verb: string; readonly rest: readonly string[]}
	| undefined {
	const {program, words} = call;
	const isOld = /^(?:docker|podman)-compose$/.test(program);
	if (!isOld && !clients.test(program)) return undefined;
	let at = 0;
	let isCompose = isOld;
	while (at < words.length) {
		const word = words[at] ?? '';
		if (!isCompose && word === 'compose') isCompose = true;
		else if (!word.startsWith('-')) break;
		else if (
			/^(?:-[fpHc]|--(?:file|project-name|profile|env-file|host|context|project-directory))$/.test(
				word,
			)
		)
			at++;
		at++;
	}

	return {isCompose, verb: words[at] ?? '', rest: words.slice(at + 1)};
}

const redisValued = /^(?:-[hpansuir]|--(?:user|pass|cacert|cert|key|tls-ciphers|sni))$/;

/** Commands that handbooks name without their client. */
const bareRedis = /^(?:FLUSHALL|FLUSHDB|KEYS|MONITOR|BGSAVE|CONFIG)$/;

/** The command that redis-cli sends, in small letters, with its words; undefined for other programs. */
export function redisWords(call: Pick<Call, 'program' | 'words'>): readonly string[] | undefined {
	if (bareRedis.test(call.program)) return [call.program.toLowerCase(), ...call.words];
	if (!/^(?:redis|valkey)-cli$/.test(call.program)) return undefined;
	let at = 0;
	while (at < call.words.length && (call.words[at] ?? '').startsWith('-')) {
		at += redisValued.test(call.words[at] ?? '') ? 2 : 1;
	}

	const [command = '', ...rest] = call.words.slice(at);
	return [command.toLowerCase(), ...rest];
}
