import {execFileSync, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {sayPhrase} from '../../src/words/phrases/phrase.ts';
import {createAct} from '../../src/io/create-act.ts';
import {backupFiles} from '../../src/operations/files/backup.ts';
import {restoreFiles} from '../../src/operations/files/restore.ts';
import {
	performNow,
	planNow,
	recoverNow,
	removeFolders,
	type Performed,
	type PerformOptions,
} from '../support/perform.ts';

const act = createAct();
const made: string[] = [];

afterEach(async () => {
	await removeFolders();
	for (const folder of made.splice(0)) rmSync(folder, {recursive: true, force: true});
});

/** A project as operators have it, in a folder of its own. */
function project(): string {
	const folder = mkdtempSync(join(tmpdir(), 'opsconsole-files-'));
	made.push(folder);
	mkdirSync(join(folder, 'nginx/conf.d'), {recursive: true});
	mkdirSync(join(folder, 'node_modules/x'), {recursive: true});
	const write = (path: string, text: string, mode = 0o644) => {
		writeFileSync(join(folder, path), text);
		chmodSync(join(folder, path), mode);
	};
	write('.env', 'DB_PASSWORD=first-Secret-1\nPORT=8000\n', 0o600);
	write('docker-compose.yml', "version: '3'\nservices:\n  app:\n    image: shop:1\n");
	write('nginx/nginx.conf', 'worker_processes 1;\n');
	write('nginx/conf.d/shop.conf', 'server { listen 80; }\n', 0o640);
	write('config.json', '{"a": 1}\n');
	mkdirSync(join(folder, 'config'));
	write('config/app.json', '{"a": 1}\n');
	write('node_modules/x/index.js', 'no\n');
	symlinkSync('conf.d/shop.conf', join(folder, 'nginx/current'));
	execFileSync('mkfifo', [join(folder, 'nginx/pipe')]);
	return folder;
}

/** Every entry of a folder with type, mode and content, as one text. */
function tree(folder: string, below = ''): string {
	return readdirSync(join(folder, below))
		.toSorted()
		.map(name => {
			const path = join(below, name);
			const stats = lstatSync(join(folder, path));
			const about = `${path} ${(stats.mode & 0o7777).toString(8)} ${stats.uid}:${stats.gid}`;
			if (stats.isDirectory()) return `${about}\n${tree(folder, path)}`;
			if (stats.isSymbolicLink()) return `${about} -> ${readlinkSync(join(folder, path))}`;
			if (!stats.isFile()) return about;
			return `${about} ${createHash('sha256')
				.update(readFileSync(join(folder, path)))
				.digest('hex')}`;
		})
		.join('\n');
}

const options = (more: Partial<PerformOptions> = {}): PerformOptions => ({
	act,
	targets: {},
	...more,
});

function backupId({plan}: Performed): string {
	return plan.id;
}

async function backup(folder: string): Promise<Performed> {
	const done = await performNow(backupFiles, {folder, set: 'shop'}, options());
	expect(done.end).toMatchObject({outcome: 'done'});
	return done;
}

/** Changes, removes and re-modes what a restore must bring back. */
function spoil(folder: string): void {
	writeFileSync(join(folder, '.env'), 'DB_PASSWORD=second-Secret-2\nPORT=9000\n');
	rmSync(join(folder, 'nginx/conf.d'), {recursive: true});
	chmodSync(join(folder, 'nginx/nginx.conf'), 0o600);
	writeFileSync(join(folder, 'config/app.json'), '{"a": 2}\n');
}

test('a project is backed up, spoiled, shown and restored', async () => {
	const folder = project();
	const before = tree(folder);
	const {folders, ...first} = await backup(folder);
	expect(first.plan.warnings.map(phrase => phrase.code)).toEqual(['files-special']);
	spoil(folder);
	const request = {backup: 'latest'};
	const {plan} = await planNow(restoreFiles, request, options({folders}));
	const card = plan.warnings.map(phrase => sayPhrase('en', phrase)).join('\n');
	expect(card).toContain('+DB_PASSWORD=•••');
	expect(card).toContain('-{"a": 2}');
	expect(card).toContain('+{"a": 1}');
	expect(card).not.toContain('-Secret-');
	const restored = await performNow(restoreFiles, request, options({folders}));
	expect(restored.end).toMatchObject({outcome: 'done'});
	expect(tree(folder)).toBe(before);
	// What was replaced is in a backup of its own, which brings it back.
	const again = await performNow(restoreFiles, {backup: restored.plan.id}, options({folders}));
	expect(again.end).toMatchObject({outcome: 'done'});
	expect(readFileSync(join(folder, '.env'), 'utf8')).toContain('PORT=9000');
	expect(JSON.stringify([restored.plan, restored.lines])).not.toContain('-Secret-');
});

test('only what is asked for is restored', async () => {
	const folder = project();
	const {folders} = await backup(folder);
	spoil(folder);
	const request = {backup: 'latest', only: 'nginx/*'};
	const restored = await performNow(restoreFiles, request, options({folders}));
	expect(restored.end).toMatchObject({outcome: 'done'});
	expect(existsSync(join(folder, 'nginx/conf.d/shop.conf'))).toBe(true);
	expect(readFileSync(join(folder, '.env'), 'utf8')).toContain('PORT=9000');
});

test('nothing is replaced where the staged files would not be valid', async () => {
	const folder = project();
	writeFileSync(join(folder, 'config/app.json'), '{"a": broken\n');
	const {folders} = await backup(folder);
	writeFileSync(join(folder, 'config/app.json'), '{"a": 1}\n');
	const before = tree(folder);
	const restored = await performNow(restoreFiles, {backup: 'latest'}, options({folders}));
	expect(restored.end).toMatchObject({outcome: 'undone', problem: {code: 'files-not-valid'}});
	expect(tree(folder)).toBe(before);
});

test('a failure in the middle puts everything back (B29)', async () => {
	const folder = project();
	const {folders} = await backup(folder);
	spoil(folder);
	const before = tree(folder);
	// Somebody changes a file that is still to be replaced, after the first one was.
	const onPlace = (step: string, place: string, count: number) => {
		if (step === 'swap' && place === 'mid' && count === 2) {
			writeFileSync(join(folder, 'config/app.json'), '{"a": 3}\n');
		}

		return Promise.resolve();
	};
	const restored = await performNow(restoreFiles, {backup: 'latest'}, options({folders, onPlace}));
	expect(restored.end?.problem?.code).toMatch(/files-changed|undo/);
	expect(readFileSync(join(folder, 'config/app.json'), 'utf8')).toBe('{"a": 3}\n');
	writeFileSync(join(folder, 'config/app.json'), '{"a": 2}\n');
	expect(tree(folder)).toBe(before);
});

test('a link in the way, above or in place of a file, is refused (B28)', async () => {
	const folder = project();
	const outside = mkdtempSync(join(tmpdir(), 'opsconsole-outside-'));
	made.push(outside);
	const {folders} = await backup(folder);
	writeFileSync(join(outside, 'target'), 'safe\n');
	unlinkSync(join(folder, '.env'));
	symlinkSync(join(outside, 'target'), join(folder, '.env'));
	await expect(planNow(restoreFiles, {backup: 'latest'}, options({folders}))).rejects.toMatchObject(
		{
			problem: {code: 'files-link-in-way'},
		},
	);
	unlinkSync(join(folder, '.env'));
	// A folder that is replaced by a link after the plan was made.
	rmSync(join(folder, 'config/app.json'));
	const onPlace = (step: string, place: string) => {
		if (step === 'swap' && place === 'begun') {
			rmSync(join(folder, 'config'), {recursive: true});
			symlinkSync(outside, join(folder, 'config'));
		}

		return Promise.resolve();
	};
	const restored = await performNow(restoreFiles, {backup: 'latest'}, options({folders, onPlace}));
	expect(restored.outcome).not.toBe('done');
	expect(readdirSync(outside)).toEqual(['target']);
});

/** Changes a folder into a link and back again, as fast as it can, until it is ended. */
const toggler = `
	const {renameSync, symlinkSync, unlinkSync} = require('node:fs');
	const [folder, outside] = process.argv.slice(1);
	let ends = false;
	process.on('message', () => (ends = true));
	const turn = () => {
		try {
			for (let count = 0; count < 50; count++) {
				renameSync(folder, folder + '.real');
				symlinkSync(outside, folder);
				unlinkSync(folder);
				renameSync(folder + '.real', folder);
			}
		} catch {}
		if (ends) process.disconnect();
		else setImmediate(turn);
	};
	process.send('ready');
	turn();
`;

test('a folder that becomes a link again and again leads nothing out of the targets (B28)', async () => {
	const folder = project();
	const outside = mkdtempSync(join(tmpdir(), 'opsconsole-outside-'));
	made.push(outside);
	writeFileSync(join(outside, 'app.json'), 'safe\n');
	const before = tree(outside);
	const {folders, plan} = await backup(folder);
	for (let round = 0; round < 12; round++) {
		writeFileSync(join(folder, 'config/app.json'), `{"a": ${round + 2}}\n`);
		const racer = spawn(process.execPath, ['-e', toggler, join(folder, 'config'), outside], {
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
		await once(racer, 'message');
		const ended = await performNow(restoreFiles, {backup: plan.id}, options({folders})).then(
			({outcome}) => outcome,
			() => 'refused',
		);
		racer.send('end');
		await once(racer, 'exit');
		expect(tree(outside), `round ${round}, ${ended}`).toBe(before);
		expect(lstatSync(join(folder, 'config')).isDirectory()).toBe(true);
	}
});

test('a damaged archive is refused before anything is touched', async () => {
	const folder = project();
	const {folders, plan} = await backup(folder);
	spoil(folder);
	const before = tree(folder);
	const archive = join(folders.backups, 'files-shop', plan.id, 'files.tar');
	const bytes = readFileSync(archive);
	bytes[700] = (bytes[700] ?? 0) ^ 1;
	writeFileSync(archive, bytes);
	await expect(planNow(restoreFiles, {backup: plan.id}, options({folders}))).rejects.toMatchObject({
		problem: {code: 'backup-damaged'},
	});
	expect(tree(folder)).toBe(before);
});

test('killed at any place, everything is old or new after recovery', async () => {
	const folder = project();
	const fresh = tree(folder);
	const first = await backup(folder);
	const {folders} = first;
	const request = {backup: backupId(first)};
	spoil(folder);
	const old = tree(folder);
	const dry = await performNow(restoreFiles, request, options({folders}));
	expect(dry.end).toMatchObject({outcome: 'done'});
	const places = dry.places.filter(place => /:(begun|after|mid\d+)$/.test(place));
	expect(places.length).toBeGreaterThan(25);
	const bad: string[] = [];
	let deaths = 0;
	for (const failAt of places) {
		if (tree(folder) === fresh) spoil(folder);
		const died = await performNow(restoreFiles, request, options({folders, failAt}));
		// The recovery dies as well, up to three times in a row, each time a little later.
		let after = died;
		for (const undoing of ['undo/swap:begun', 'undo/swap:mid1', 'undo/stage:mid1']) {
			if (after.end) break;
			after = await recoverNow(restoreFiles, after, options({failAt: undoing}));
			if (!after.end) deaths += 1;
		}
		if (!after.end) after = await recoverNow(restoreFiles, after, options());
		const now = tree(folder);
		const expected = after.outcome === 'done' ? fresh : old;
		if (now !== expected) bad.push(`${failAt}: ${after.outcome}, ${now === old ? 'old' : 'other'}`);
		if (!['done', 'undone', 'failed'].includes(after.outcome))
			bad.push(`${failAt}: ${JSON.stringify(after.end)}`);
	}

	expect(bad).toEqual([]);
	expect(deaths).toBeGreaterThan(30);
	expect(readdirSync(folder).filter(name => name.startsWith('.opsconsole'))).toEqual([]);
});
