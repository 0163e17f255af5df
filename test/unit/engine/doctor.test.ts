import {describe, expect, test} from 'vitest';

import {ProblemError} from '../../../src/domain/problem.ts';
import {noTargets, type PostgresTarget, type RedisTarget} from '../../../src/domain/targets.ts';
import {checkTerminal, type TerminalFacts} from '../../../src/engine/doctor-terminal.ts';
import {formatDoctor, runDoctor} from '../../../src/engine/doctor.ts';
import type {Files, Io, Processes} from '../../../src/io/io.ts';
import {doctorWords} from '../../../src/words/doctor-words.ts';
import {localIo} from '../../support/io.ts';
import {settingsOf} from '../../support/settings.ts';

const signal = new AbortController().signal;

/** Processes without any program, but for the answer of journalctl. */
function processesWith(stderr?: string): Processes {
	return {
		has: () => Promise.resolve(stderr !== undefined),
		run: () => Promise.resolve({exitCode: 0, stdout: 'line\n', stderr: stderr ?? ''}),
		lines: () => {
			throw new Error('not used');
		},
	};
}

/** This machine with user `ada`, without a journal, and with an engine that answers. */
function ioWith(changes: Partial<Io> = {}): Io {
	const io = localIo();
	return {
		...io,
		environment: {USER: 'ada'},
		processes: processesWith(),
		docker: {
			...io.docker,
			address: 'unix:///run/docker.sock',
			version: () =>
				Promise.resolve({
					version: '29.0.1',
					apiVersion: '1.51',
					minApiVersion: '1.44',
					operatingSystem: 'linux',
				}),
		},
		...changes,
	};
}

/** Files where every access fails with a code. */
function failingFiles(code: string): Files {
	const fail = () => Promise.reject(Object.assign(new Error(code), {code}));
	return {...localIo().files, readBytes: fail, readText: fail, list: fail, stat: fail};
}

const postgres: PostgresTarget = {
	id: 'db',
	origin: 'configured',
	host: '127.0.0.1',
	port: 5432,
	database: 'app',
	user: 'watch',
	tls: 'off',
};
const redis: RedisTarget = {
	id: 'cache',
	origin: 'configured',
	host: '127.0.0.1',
	port: 6379,
	user: 'my watch',
	tls: 'off',
};

/** A PostgreSQL that answers the two questions of the doctor. */
function postgresAnswers(seesAll: boolean, extension: {version?: string; libraries?: string}) {
	return () => ({
		query: (sql: string) =>
			Promise.resolve([
				sql.includes('pg_extension')
					? {version: extension.version ?? null, libraries: extension.libraries ?? null}
					: {role: 'wa"tch', database: 'app', version: '17.2', sees_all: seesAll},
			]),
		close: () => Promise.resolve(),
	});
}

/** One check of a run, by its id. */
async function checkOf(
	id: string,
	io: Io,
	targets: Partial<typeof noTargets>,
	files: string[] = [],
) {
	const checks = await runDoctor(io, settingsOf({files}), {...noTargets, ...targets}, signal);
	return checks.find(check => check.id === id);
}

describe('docker', () => {
	test('ok', async () => {
		expect(await checkOf('docker', ioWith(), {})).toMatchObject({
			outcome: 'ok',
			found: {en: 'version 29.0.1, API 1.51, at unix:///run/docker.sock'},
		});
	});

	test('no right: the group', async () => {
		const io = ioWith();
		const problem = {
			code: 'docker-no-permission' as const,
			params: {address: 'unix:///x', user: 'ada'},
			retry: 'soon' as const,
		};
		const docker = {...io.docker, version: () => Promise.reject(new ProblemError(problem))};
		expect(await checkOf('docker', {...io, docker}, {})).toMatchObject({
			outcome: 'missing',
			command: 'sudo usermod -aG docker ada && newgrp docker',
		});
	});

	test('switched off', async () => {
		const settings = settingsOf({docker: {isEnabled: false}});
		const checks = await runDoctor(ioWith(), settings, noTargets, signal);
		expect(checks.find(check => check.id === 'docker')?.outcome).toBe('skipped');
	});
});

describe('postgres', () => {
	test('all there', async () => {
		const io = ioWith({
			postgres: postgresAnswers(true, {version: '1.11', libraries: 'pg_stat_statements'}),
		});
		expect((await checkOf('postgres:db', io, {postgres: [postgres]}))?.outcome).toBe('ok');
		expect((await checkOf('postgres:db:statements', io, {postgres: [postgres]}))?.outcome).toBe(
			'ok',
		);
	});

	test.each([
		[
			{libraries: 'auto_explain'},
			"ALTER SYSTEM SET shared_preload_libraries = 'auto_explain,pg_stat_statements'; CREATE EXTENSION pg_stat_statements;",
		],
		[
			{libraries: '', version: '1.11'},
			"ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';",
		],
		[{libraries: 'pg_stat_statements'}, 'CREATE EXTENSION pg_stat_statements;'],
		[{}, 'CREATE EXTENSION pg_stat_statements;'],
	])('%o', async (extension, command) => {
		const io = ioWith({postgres: postgresAnswers(false, extension)});
		const targets = {postgres: [postgres]};
		expect(await checkOf('postgres:db', io, targets)).toMatchObject({
			outcome: 'missing',
			command: 'GRANT pg_monitor TO "wa""tch";',
		});
		expect((await checkOf('postgres:db:statements', io, targets))?.command).toBe(command);
	});

	test('not reachable: the cause and nothing else is delayed', async () => {
		const io = ioWith({
			postgres: () => ({
				query: () => Promise.reject(new Error('broken')),
				close: () => Promise.resolve(),
			}),
		});
		const checks = await runDoctor(io, settingsOf(), {...noTargets, postgres: [postgres]}, signal);
		expect(checks.find(check => check.id === 'postgres:db')?.found.en).toContain('broken');
		expect(checks.find(check => check.id === 'docker')?.outcome).toBe('ok');
	});
});

test('redis: an ACL that allows all; any other failure is told', async () => {
	const answers = ioWith({
		redis: () => ({call: () => Promise.resolve(1), close: () => Promise.resolve()}),
	});
	expect((await checkOf('redis:cache', answers, {redis: [redis]}))?.outcome).toBe('ok');
	const broken = ioWith({
		redis: () => ({call: () => Promise.reject(new Error('gone')), close: () => Promise.resolve()}),
	});
	expect((await checkOf('redis:cache', broken, {redis: [redis]}))?.found.en).toContain('gone');
});

describe('files', () => {
	const log = {
		id: 'web',
		service: 'web',
		format: 'auto',
		from: {kind: 'file', path: '/var/log/my app.log'},
	} as const;
	const backups = {
		id: 'database',
		kind: 'database',
		folder: '/backups',
		pattern: '*',
		maxAgeMs: 1,
		provenance: 'H1-01',
	} as const;

	test('no right: the command that grants it', async () => {
		const io = ioWith({files: failingFiles('EACCES')});
		expect(await checkOf('log:web', io, {logs: [log]})).toMatchObject({
			outcome: 'missing',
			command: "sudo setfacl -m u:ada:r '/var/log/my app.log'",
		});
		expect((await checkOf('backups:database', io, {backups: [backups]}))?.command).toBe(
			'sudo setfacl -m u:ada:rx /backups',
		);
		expect((await checkOf('cgroup', io, {}))?.outcome).toBe('missing');
	});

	test('not there', async () => {
		const io = ioWith({files: failingFiles('ENOENT')});
		expect((await checkOf('log:web', io, {logs: [log]}))?.found.zh).toBe(
			'/var/log/my app.log 不存在',
		);
	});

	test.each([
		[0o100644, 0, 'ok', undefined],
		[0o100664, 0, 'missing', 'chmod go-w /etc/opsconsole.yaml'],
		[0o100600, 4242, 'missing', 'sudo chown ada /etc/opsconsole.yaml'],
	])('configuration of mode %o, owner %d', async (mode, ownerId, outcome, command) => {
		const files: Files = {
			...localIo().files,
			stat: () =>
				Promise.resolve({
					name: 'opsconsole.yaml',
					kind: 'file',
					bytes: 1,
					modifiedAtMs: 0,
					mode,
					ownerId,
					groupId: 0,
					inode: 1,
					device: 1,
				}),
		};
		const id = 'config:/etc/opsconsole.yaml';
		const check = await checkOf(id, ioWith({files}), {}, ['/etc/opsconsole.yaml']);
		expect(check?.outcome).toBe(outcome);
		expect(check?.command).toBe(command);
	});
});

test.each([
	['Hint: You are currently not seeing messages from other users and the system.', 'missing'],
	['No journal files were opened due to insufficient permissions.', 'missing'],
	['No journal files were found.', 'skipped'],
	['', 'ok'],
	[undefined, 'skipped'],
])('journal: %s', async (stderr, outcome) => {
	const io = ioWith({processes: processesWith(stderr)});
	expect((await checkOf('journal', io, {}))?.outcome).toBe(outcome);
});

describe('terminal', () => {
	const facts: TerminalFacts = {
		isTerminal: true,
		columns: 80,
		rows: 24,
		colourDepth: 8,
		environment: {TERM: 'xterm-256color', LANG: 'de_DE.UTF-8'},
		nodeVersion: '26.10.0',
	};
	const outcomes = (changes: Partial<TerminalFacts>) =>
		checkTerminal({...facts, ...changes}).map(check => check.outcome);

	test.each<[string, Partial<TerminalFacts>, string[]]>([
		['good', {}, ['ok', 'ok', 'ok']],
		['small', {columns: 59}, ['missing', 'ok', 'ok']],
		['low', {rows: 14}, ['missing', 'ok', 'ok']],
		['dumb', {environment: {TERM: 'dumb', LANG: 'C.UTF-8'}}, ['missing', 'ok', 'ok']],
		[
			'C',
			{environment: {TERM: 'linux', LANG: 'en_US.UTF-8', LC_ALL: 'C'}},
			['ok', 'missing', 'ok'],
		],
		['no locale', {environment: {TERM: 'linux'}}, ['ok', 'missing', 'ok']],
		['none', {isTerminal: false}, ['skipped', 'ok', 'ok']],
		['old Node', {nodeVersion: '18.20.1'}, ['ok', 'ok', 'missing']],
	])('%s', (_, changes, expected) => {
		expect(outcomes(changes)).toEqual(expected);
	});

	test('as text, in both languages', () => {
		const checks = checkTerminal({...facts, environment: {TERM: 'linux'}});
		expect(formatDoctor(checks, 'en')).toBe(
			[
				'✓ ok      terminal: 80x24, 256 colours, TERM=linux',
				'✗ missing characters: the locale C is not UTF-8; lines and Chinese text may look wrong',
				'            $ export LC_ALL=C.UTF-8',
				'✓ ok      Node.js: version 26.10.0',
				'',
				'2 ok, 1 missing, 0 skipped',
				'',
			].join('\n'),
		);
		expect(formatDoctor(checks, 'zh')).toContain('2 项正常，1 项缺失，0 项跳过');
	});
});

test('both languages of every text have the same places', () => {
	for (const {en, zh} of Object.values(doctorWords)) {
		const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(match => match[0]).sort();
		expect(places(zh), en).toEqual(places(en));
	}
});

test('an abort ends the run', async () => {
	await expect(
		runDoctor(ioWith(), settingsOf(), noTargets, AbortSignal.abort(new Error('enough'))),
	).rejects.toThrow('enough');
});
