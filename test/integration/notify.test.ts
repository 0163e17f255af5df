import {spawn} from 'node:child_process';
import {chmod, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createHash} from 'node:crypto';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {afterAll, afterEach, beforeEach, expect, test} from 'vitest';
import {secret} from '../../src/domain/secret.ts';
import type {Notification} from '../../src/domain/settings.ts';
import type {Job} from '../../src/domain/job.ts';
import {createAct} from '../../src/io/create-act.ts';
import {readAudit} from '../../src/work/audit.ts';
import {listJobs, readJob} from '../../src/work/jobs.ts';
import {tell} from '../../src/work/notify.ts';
import {bundleOf} from '../support/bundle.ts';
import {waitFor} from '../support/wait.ts';

// Started more than a dozen times: much faster from one file than from all the sources.
const program = await bundleOf('road-main.ts');
afterAll(() => program.remove());

let root = '';
let server: Server;
let address = '';
let bodies: string[] = [];
let status = 200;

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'opsconsole-notify-'));
	bodies = [];
	status = 200;
	server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			bodies.push(body);
			response.statusCode = status;
			response.end();
		});
	});
	await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
	const {port} = server.address() as AddressInfo;
	address = `http://127.0.0.1:${port}/services/Canary99/Xy`;
});

afterEach(async () => {
	server.closeAllConnections();
	await new Promise(done => server.close(done));
	await rm(root, {recursive: true, force: true});
});

/** A mail program of our own: keeps what it is given. */
async function fakeSendmail(exitCode = 0): Promise<{program: string; mail: () => Promise<string>}> {
	const program = join(root, `sendmail-${exitCode}`);
	const out = join(root, 'mail.txt');
	await writeFile(program, `#!/bin/sh\ncat > "$1"\necho "no route" >&2\nexit ${exitCode}\n`);
	await chmod(program, 0o700);
	return {program, mail: () => readFile(out, 'utf8')};
}

const events = ['finished', 'failed', 'overdue'] as const;
const chat = (): Notification => ({id: 'chat', kind: 'webhook', url: secret(address), events});
const notice = {event: 'failed', subject: 'back up shop: failed', lines: ['why']} as const;

test('a webhook gets one text, by one POST', async () => {
	expect(await tell({notifications: [chat()]}, notice, createAct())).toEqual([{id: 'chat'}]);
	expect(bodies).toEqual([JSON.stringify({text: 'back up shop: failed\nwhy'})]);
});

test('only who wants the event is told', async () => {
	const notifications = [{...chat(), events: ['overdue'] as const}];
	expect(await tell({notifications}, notice, createAct())).toEqual([]);
	expect(bodies).toEqual([]);
});

test('a second try after a failure, then a problem without the address', async () => {
	status = 503;
	const sent = await tell({notifications: [chat()]}, notice, createAct());
	expect(bodies).toHaveLength(2);
	expect(sent).toMatchObject([
		{id: 'chat', problem: {code: 'notice-failed', params: {id: 'chat', cause: 'HTTP 503'}}},
	]);
	expect(JSON.stringify(sent)).not.toContain('Canary99');
});

test('a server that is not there', async () => {
	const url = secret('http://127.0.0.1:1/Canary99');
	const sent = await tell(
		{notifications: [{...chat(), kind: 'webhook', url}]},
		notice,
		createAct(),
	);
	expect(sent[0]?.problem?.code).toBe('notice-failed');
	expect(JSON.stringify(sent)).not.toContain('Canary99');
});

test('mail goes to the program on standard input', async () => {
	const {program, mail} = await fakeSendmail();
	const way: Notification = {
		id: 'mail',
		kind: 'mail',
		to: 'ops@example.com',
		command: [program, join(root, 'mail.txt')],
		events,
	};
	expect(await tell({notifications: [way]}, notice, createAct())).toEqual([{id: 'mail'}]);
	const text = await mail();
	expect(text).toContain('To: ops@example.com\r\nSubject: back up shop: failed\r\n');
	expect(text).toContain('\r\n\r\nback up shop: failed\r\nwhy\r\n');
	const bad = (await fakeSendmail(75)).program;
	const sent = await tell(
		{notifications: [{...way, command: [bad, join(root, 'mail.txt')]}]},
		notice,
		createAct(),
	);
	expect(sent[0]?.problem?.params['cause']).toBe('exit 75 no route');
});

/** Runs the program as an operator does and gives what it printed. */
async function command(...words: readonly string[]) {
	const child = spawn(
		process.execPath,
		[program.file, ...words, `--config=${root}/opsconsole.yaml`],
		{
			stdio: ['ignore', 'pipe', 'pipe'],
			env: {...process.env, OPSCONSOLE_STATE: join(root, 'state'), LANG: 'C.UTF-8'},
		},
	);
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const exitStatus = await new Promise<number | null>(done => child.on('close', done));
	return {exitStatus, output};
}

/** A configuration whose only way to tell is the webhook, a folder to move, and what else it is to have. */
async function configure(more: readonly string[] = []): Promise<string> {
	await writeFile(join(root, 'hook'), address, {mode: 0o600});
	await mkdir(join(root, 'place', 'live'), {recursive: true});
	await writeFile(join(root, 'place', 'live', 'data'), 'old');
	const config = [
		'environment: {kind: test, name: t}',
		'docker: {enabled: false}',
		'discovery: {enabled: false}',
		'notifications: [{id: chat, url: "${file:./hook}"}]',
		...more,
	];
	await writeFile(join(root, 'opsconsole.yaml'), config.join('\n'), {mode: 0o600});
	return join(root, 'place');
}

/** The run of this id as it is shown, once it was told. */
async function told(output: string): Promise<Job> {
	const {folder} = JSON.parse(output) as {folder: string};
	return waitFor(async () => {
		const job = await readJob(folder);
		return job.notes.some(({phrase}) => phrase.code.endsWith('-notice')) ? job : undefined;
	});
}

test('the program: a test, what is overdue, and the end of an operation', async () => {
	await mkdir(join(root, 'old'));
	const place = await configure([
		'backups: [{id: nightly, folder: "' + join(root, 'old') + '", pattern: "*", max_age: 1h}]',
	]);
	const tried = await command('notify', 'test');
	expect(tried).toMatchObject({exitStatus: 0, output: 'chat: told\n'});
	expect(bodies[0]).toContain('This is a test of opsconsole');

	const unknown = await command('notify', 'test', 'nobody');
	expect(unknown.exitStatus).toBe(3);

	const overdue = await command('notify', 'overdue');
	expect(overdue.exitStatus).toBe(0);
	expect(overdue.output).toContain('nightly: backup overdue');
	expect(bodies[1]).toContain('nightly: backup overdue');

	status = 500;
	const moved = await command('move', place, '--risk=safe', '--yes', '--json');
	expect(moved.exitStatus).toBe(0);
	const {notes, outcome, folder} = await told(moved.output);
	expect(outcome).toBe('done');
	expect(notes.at(-1)).toMatchObject({
		kind: 'warn',
		phrase: {code: 'warn-notice', params: {id: 'chat', cause: 'HTTP 500'}},
	});
	expect(bodies.slice(2)).toHaveLength(2);
	expect(bodies[2]).toContain('done and verified');
	const written = await Promise.all(
		['journal.jsonl', 'notices.jsonl'].map(name => readFile(join(folder, name), 'utf8')),
	);
	const all = [...written, tried.output, overdue.output, moved.output].join('');
	expect(all).not.toContain('Canary99');
});

test('a webhook that never answers holds neither the operation nor its locks', async () => {
	const place = await configure();
	// It takes the message and says nothing until the test lets it.
	const answer = Promise.withResolvers<undefined>();
	server.removeAllListeners('request');
	server.on('request', (request, response) => {
		request.resume();
		bodies.push('asked');
		void answer.promise.then(() => response.end());
	});
	const moved = await command('move', place, '--risk=safe', '--yes', '--json');
	expect(moved.exitStatus).toBe(0);
	await waitFor(() => (bodies.length > 0 ? true : undefined));
	// The same locks are free while the message is still on its way.
	await rm(place, {recursive: true});
	await configure();
	const again = await command('move', place, '--risk=safe', '--yes', '--json');
	expect(again).toMatchObject({exitStatus: 0});
	const {folder} = JSON.parse(moved.output) as {folder: string};
	expect((await readJob(folder)).notes).toEqual([]);
	answer.resolve(undefined);
	expect((await told(moved.output)).notes.at(-1)?.phrase.code).toBe('note-notice');
	await told(again.output);
});

test('a scheduled command that is refused is told; one of a person is not', async () => {
	const place = await configure();
	const move = ['move', join(place, 'no-such'), '--risk=safe', '--yes', '--read-only'];
	expect((await command(...move)).exitStatus).toBe(3);
	expect(bodies).toEqual([]);
	expect((await command(...move, '--scheduled')).exitStatus).toBe(3);
	expect(bodies).toHaveLength(1);
	expect(bodies[0]).toMatch(/scheduled move .*no-such: refused.*read-only/s);
	// What holds the lock, and a server that is not there.
	const go = join(root, 'go');
	const running = command('move', place, '--risk=safe', '--yes', `--wait-for=${go}`);
	const runs = join(root, 'state', 'ops');
	await waitFor(async () => ((await listJobs(runs))[0]?.step === 2 ? true : undefined));
	const busy = await command('move', place, '--risk=safe', '--yes', '--scheduled');
	expect(busy.exitStatus).toBe(75);
	expect(bodies[1]).toMatch(/scheduled move .*refused/);
	expect(bodies[1]).toContain('mover');
	await writeFile(go, '');
	expect((await running).exitStatus).toBe(0);
	const absent = await command('backup', 'redis', 'cache', '--yes', '--scheduled');
	expect(absent.exitStatus).toBe(3);
	expect(bodies.some(body => body.includes('scheduled backup redis cache: refused'))).toBe(true);
});

test('syslog is told number and hash of every entry of the audit, where that is wanted', async () => {
	const place = await configure(['audit: {syslog: true}']);
	const out = join(root, 'syslog.txt');
	await mkdir(join(root, 'bin'));
	await writeFile(join(root, 'bin', 'logger'), `#!/bin/sh\nprintf '%s|' "$@" >> ${out}\n`);
	await chmod(join(root, 'bin', 'logger'), 0o700);
	const {PATH: before = ''} = process.env;
	process.env['PATH'] = `${join(root, 'bin')}:${before}`;
	try {
		const moved = await command('move', place, '--risk=safe', '--yes', '--json');
		expect(moved.exitStatus).toBe(0);
	} finally {
		process.env['PATH'] = before;
	}

	const audit = join(root, 'state', 'audit');
	const {lines} = await readAudit(audit);
	const hashes = lines.map(line => createHash('sha256').update(JSON.stringify(line)).digest('hex'));
	const said = await readFile(out, 'utf8');
	expect(lines.map(({kind}) => kind)).toEqual(['confirm', 'start', 'end']);
	expect(said).toContain(`|authpriv.notice|--|audit seq=2 sha256=${hashes[1] ?? ''} start op=`);
	expect(said).toContain(`audit seq=3 sha256=${hashes[2] ?? ''} end op=`);
	const {last} = JSON.parse(await readFile(join(audit, 'ends.json'), 'utf8')) as {
		last: {sha256: string};
	};
	expect(hashes[2]).toBe(last.sha256);
});
