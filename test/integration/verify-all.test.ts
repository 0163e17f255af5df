import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {manifestText} from '../../src/domain/manifest-json.ts';
import {isObject, type Json} from '../../src/domain/unknown.ts';
import {idAt, manifestOf} from '../support/manifests.ts';
import {makePlace, type Place} from '../support/program.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';

const flock = await requireComponent(
	'flock and /proc',
	() => existsSync('/usr/bin/flock') && existsSync('/proc/self/fd'),
);
const atMs = Date.UTC(2026, 10, 20);

let place: Place;
let environment: Readonly<Record<string, string>>;

beforeEach(async () => {
	place = await makePlace();
	environment = {OPSCONSOLE_STATE: join(place.folder, 'state')};
	const lines = [
		'environment: {kind: test, name: t}',
		'docker: {enabled: false}',
		'discovery: {enabled: false}',
	];
	await place.write('opsconsole.yaml', lines.join('\n'));
});

afterEach(() => place.remove());

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** A backup of logs, of which nothing but sizes and checksums can be verified. */
async function put(series: string, random: string, content = 'lines'): Promise<string> {
	const id = idAt(atMs, random);
	const backups = join(place.folder, 'state', 'backups');
	const folder = join(backups, series, id);
	await mkdir(folder, {recursive: true, mode: 0o700});
	const {database: _, ...rest} = manifestOf({
		id,
		series,
		kind: 'logs',
		files: [],
		artefacts: [{name: 'logs.tar', bytes: 5, sha256: sha256('lines'), format: 'tar'}],
	});
	const text = manifestText(rest);
	await writeFile(join(folder, 'manifest.json'), text, {mode: 0o600});
	await writeFile(join(folder, 'manifest.sha256'), `${sha256(text)}  manifest.json\n`);
	await writeFile(join(folder, 'logs.tar'), content, {mode: 0o600});
	return id;
}

async function run(words: readonly string[]): Promise<{status: number | null; document: Json}> {
	const {status, stdout, stderr} = await place.run([...words, '--json'], environment);
	const document: unknown = JSON.parse(stdout === '' ? 'null' : stdout);
	if (!isObject(document)) throw new Error(`${words.join(' ')}: ${String(status)} ${stderr}`);
	return {status, document};
}

describe.skipIf(flock.missing !== undefined)(titleWith(flock, 'verify all'), () => {
	test('every series is verified, a bad one does not end it, and the worst status counts', async () => {
		expect(await run(['verify', 'all', '--yes'])).toMatchObject({
			status: 10,
			document: {problem: {code: 'backup-not-found'}},
		});
		const backups = join(place.folder, 'state', 'backups');
		await mkdir(join(backups, 'verify'), {mode: 0o700});
		await put('logs-a', '00000001', 'LINES');
		const good = await put('logs-b', '00000002');
		const marker = {version: 1, id: good, createdAt: '2026-11-20T00:00:00.000Z'};
		await writeFile(join(backups, '.opsconsole'), JSON.stringify(marker), {mode: 0o600});
		expect(await run(['verify', 'all'])).toMatchObject({status: 64});
		const {status, document} = await run(['verify', 'all', '--yes']);
		expect(document).toMatchObject({
			operation: 'verify-all',
			exitStatus: 11,
			results: [
				{series: 'logs-a', exitStatus: 11, problem: {code: 'verify-failed'}},
				{series: 'logs-b', exitStatus: 0, outcome: 'done', result: {level: 2, isGood: true}},
			],
		});
		expect(status).toBe(11);
		const listed = await run(['backups']);
		expect(listed).toMatchObject({
			status: 0,
			document: {
				backups: [
					{series: 'logs-a', proofLevel: null, failure: {level: 1}},
					{series: 'logs-b', id: good, proofLevel: 2, failure: null},
				],
			},
		});
	});
});
