import {spawn} from 'node:child_process';
import {chmod, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {secret} from '../../src/domain/secret.ts';
import type {Notification} from '../../src/domain/settings.ts';
import {createAct} from '../../src/io/create-act.ts';
import {tell} from '../../src/work/notify.ts';

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

const all = ['finished', 'failed', 'overdue'] as const;
const chat = (): Notification => ({id: 'chat', kind: 'webhook', url: secret(address), events: all});
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
		events: all,
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
	const main = fileURLToPath(new URL('../support/road-main.ts', import.meta.url));
	const child = spawn(process.execPath, [main, ...words, `--config=${root}/opsconsole.yaml`], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {...process.env, OPSCONSOLE_STATE: join(root, 'state'), LANG: 'C.UTF-8'},
	});
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const exitStatus = await new Promise<number | null>(done => child.on('close', done));
	return {exitStatus, output};
}

test('the program: a test, what is overdue, and the end of an operation', async () => {
	await writeFile(join(root, 'hook'), address, {mode: 0o600});
	await mkdir(join(root, 'old'));
	await mkdir(join(root, 'place', 'live'), {recursive: true});
	await writeFile(join(root, 'place', 'live', 'data'), 'old');
	const config = [
		'environment: {kind: test, name: t}',
		'docker: {enabled: false}',
		'discovery: {enabled: false}',
		'backups: [{id: nightly, folder: "' + join(root, 'old') + '", pattern: "*", max_age: 1h}]',
		'notifications: [{id: chat, url: "${file:./hook}"}]',
	];
	await writeFile(join(root, 'opsconsole.yaml'), config.join('\n'), {mode: 0o600});

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
	const moved = await command('move', join(root, 'place'), '--risk=safe', '--yes', '--json');
	expect(moved.exitStatus).toBe(0);
	expect(bodies.slice(2)).toHaveLength(2);
	expect(bodies[2]).toContain('done and verified');
	const {folder} = JSON.parse(moved.output) as {folder: string};
	const journal = await readFile(join(folder, 'journal.jsonl'), 'utf8');
	expect(journal).toContain('"code":"warn-notice","params":{"id":"chat","cause":"HTTP 500"}');
	expect(journal + tried.output + overdue.output + moved.output).not.toContain('Canary99');
});
