import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, readFile, rename, stat, statfs, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {names, trashFolder, verificationFile} from '../../src/domain/catalogue.ts';
import {manifestText} from '../../src/domain/manifest-json.ts';
import {run} from '../lab/docker.ts';
import {composeProgram} from '../lab/compose.ts';
import {buildHere} from '../support/buildkit.ts';
import {idAt, manifestOf, verificationOf} from '../support/manifests.ts';
import type {DoPlay} from './do-play.ts';
import {until, type Ground} from './ground.ts';
import {disk} from './host.ts';
import {engineOf, onSmallEngine, smallEngine, type SmallEngine} from './small-engine.ts';

const sh = promisify(execFile);
const dayMs = 86_400_000;
const mebibyte = 2 ** 20;

/** How full the disk of the play is, in percent. */
async function fullness(path: string): Promise<number> {
	const {blocks, bfree} = await statfs(path);
	return (100 * (blocks - bfree)) / blocks;
}

/** Folders of plays that are on a disk of the play's own. */
const folders = new WeakMap<Ground, string>();

function folderOf(ground: Ground): string {
	return folders.get(ground) ?? '';
}

/** An image that was made years ago, with a layer of what the shell command puts into its folder. */
async function oldImage(ground: Ground, engine: SmallEngine, fill: string): Promise<void> {
	const folder = join(ground.folder, 'image');
	const script = `rm -rf "$1" && mkdir -p "$1/root" && cd "$1/root" && ${fill} && cd .. && tar -cf layer.tar -C root . && rm -r root && sha256sum layer.tar && gzip -1 layer.tar`;
	const {stdout} = await sh('sh', ['-c', script, 'sh', folder]);
	const config = JSON.stringify({
		architecture: 'amd64',
		os: 'linux',
		created: '2020-01-01T00:00:00Z',
		config: {},
		rootfs: {type: 'layers', diff_ids: [`sha256:${stdout.slice(0, 64)}`]},
	});
	const manifest = [{Config: 'config.json', RepoTags: ['old/shop:1'], Layers: ['layer.tar.gz']}];
	await writeFile(join(folder, 'config.json'), config);
	await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
	const parts = ['config.json', 'manifest.json', 'layer.tar.gz'];
	await sh('tar', ['-cf', join(folder, 'image.tar'), '-C', folder, ...parts]);
	await engine.docker(['load', '--input', join(folder, 'image.tar')]);
}

/** A build whose cache stays when its image goes, as if it had been last used a month ago. */
async function oldCache(ground: Ground, engine: SmallEngine): Promise<void> {
	const folder = join(ground.folder, 'build');
	const script =
		'mkdir -p "$1" && cd "$1" && truncate -s 230M pages && tar -czf pages.tar.gz pages && rm pages';
	await sh('sh', ['-c', script, 'sh', folder]);
	await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nADD pages.tar.gz /\n');
	await buildHere(engine.host, folder, 'shop:built');
	await engine.docker(['rmi', 'shop:built']);
	await engine.stop();
	// Times of BuildKit's records are nanoseconds in its data base; a number of the same length fits into its place.
	const path = join(engine.socketPath, '..', 'data', 'buildkit', 'metadata_v2.db');
	const bytes = await readFile(path, 'latin1');
	const monthNs = BigInt(30 * dayMs) * 1_000_000n;
	const aged = bytes.replace(/(?<!\d)1[78]\d{17}(?!\d)/g, text => String(BigInt(text) - monthNs));
	await writeFile(path, aged, 'latin1');
	await engine.start();
}

async function cacheBytes(engine: SmallEngine): Promise<number> {
	const text = await engine.docker(['system', 'df', '--format', '{{json .}}']);
	const row = text.split('\n').find(line => line.includes('"Build Cache"')) ?? '';
	return /"Size":"0B"/.test(row) ? 0 : 1;
}

const engineDoes: readonly DoPlay[] = [
	{
		wizard: 'disk-full',
		node: 'deleted-restart',
		async inject(ground) {
			const engine = await smallEngine(ground);
			const script =
				'[ -e /done ] && exec sleep 1000; touch /done; dd if=/dev/zero of=/app.log bs=1M count=60; exec 3</app.log; rm /app.log; echo held; sleep 1000';
			const id = await engine.runContainer('holder', ['sh', '-c', script]);
			await until(async () => (await engine.docker(['logs', id])).includes('held'), 'a held file');
			await engine.fit(93);
		},
		config: onSmallEngine,
		proves: async ground => {
			const {docker, disk: path} = engineOf(ground);
			const format = ['--format', '{{.State.StartedAt}} {{.State.Running}}', 'holder'];
			const before = await docker(['inspect', ...format]);
			return async () => {
				const now = await docker(['inspect', ...format]);
				return now !== before && now.endsWith('true') && (await fullness(path)) < 50;
			};
		},
		ends: 'solved',
	},
	{
		wizard: 'disk-full',
		node: 'log-anew',
		async inject(ground) {
			const engine = await smallEngine(ground);
			folders.set(ground, join(ground.folder, 'talker'));
			await writeTalker(ground, true);
			const [program = 'docker-compose', ...first] = await composeProgram();
			const file = join(folderOf(ground), 'compose.yaml');
			await run(program, [...first, '-p', 'talk', '-f', file, 'up', '-d', '--no-build'], {
				environment: {DOCKER_HOST: engine.host},
			});
			const {talker, log} = await talkerOf(engine);
			ground.undo(async () => engine.docker(['rm', '--force', talker]).catch(() => ''));
			await until(async () => (await stat(log)).size > 40 * mebibyte, 'a large log');
			await engine.fit(93);
		},
		config: onSmallEngine,
		async atNode(ground, node) {
			if (node === 'log') await writeTalker(ground, false);
		},
		way: {'log-recreate': 0},
		proves: async ground => {
			const engine = engineOf(ground);
			const before = await talkerOf(engine);
			return async () => {
				const now = await talkerOf(engine);
				const limit = ['inspect', '--format', '{{json .HostConfig.LogConfig.Config}}'];
				const said = await engine.docker([...limit, now.talker]);
				return now.talker !== before.talker && !existsSync(before.log) && said.includes('max-size');
			};
		},
		ends: 'solved',
	},
	{
		wizard: 'disk-full',
		node: 'images',
		async inject(ground) {
			const engine = await smallEngine(ground);
			await oldCache(ground, engine);
			await engine.fit(93);
		},
		config: onSmallEngine,
		proves: async ground => {
			const engine = engineOf(ground);
			return Promise.resolve(async () => {
				const isSmall = (await fullness(engine.disk)) < 50;
				return isSmall && (await cacheBytes(engine)) === 0;
			});
		},
		ends: 'solved',
	},
	{
		wizard: 'disk-full',
		node: 'images-clean',
		async inject(ground) {
			const engine = await smallEngine(ground);
			await oldImage(ground, engine, 'truncate -s 230M pages');
			await engine.runContainer('shop', ['sleep', '1000']);
			await engine.fit(93);
		},
		config: onSmallEngine,
		proves: async ground => {
			const {docker, disk: path, image} = engineOf(ground);
			return Promise.resolve(async () => {
				const names = await docker(['images', '--format', '{{.Repository}}:{{.Tag}}']);
				return names === image && (await fullness(path)) < 50;
			});
		},
		ends: 'solved',
	},
	{
		wizard: 'disk-full',
		node: 'inodes-images',
		async inject(ground) {
			const engine = await smallEngine(ground);
			await oldImage(ground, engine, 'seq 1 4000 | xargs touch');
			await engine.runContainer('shop', ['sleep', '1000']);
			await engine.fitInodes(94);
		},
		config: onSmallEngine,
		way: {'inodes-more': 1},
		proves: async ground => {
			const {docker, image, disk: path} = engineOf(ground);
			return Promise.resolve(async () => {
				const names = await docker(['images', '--format', '{{.Repository}}:{{.Tag}}']);
				const {files, ffree} = await statfs(path);
				return names === image && (files - ffree) / files < 0.5;
			});
		},
		ends: 'solved-inodes',
	},
];

/** The file of a service that writes its log full, or of one whose log is limited. */
async function writeTalker(ground: Ground, isLoud: boolean): Promise<void> {
	const {image} = engineOf(ground);
	const loud = 'head -c 45000000 /dev/zero | tr "\\\\0" x | fold -w 4000; exec sleep 1000';
	const talker = isLoud
		? {image, command: ['sh', '-c', loud]}
		: {image, command: ['sleep', '1000'], logging: {options: {'max-size': '1m'}}};
	const service = {init: true, stop_grace_period: '1s', network_mode: 'none', ...talker};
	await mkdir(folderOf(ground), {recursive: true});
	const text = JSON.stringify({version: '3.8', services: {talker: service}});
	await writeFile(join(folderOf(ground), 'compose.yaml'), text);
}

async function talkerOf({docker}: SmallEngine) {
	const named = 'label=com.docker.compose.service=talker';
	const talker = await docker(['ps', '--all', '--quiet', '--no-trunc', '--filter', named]);
	return {talker, log: await docker(['inspect', '--format', '{{.LogPath}}', talker])};
}

async function aged(path: string, bytes: number, days: number): Promise<void> {
	await writeFile(path, Buffer.alloc(bytes, 1));
	const at = new Date(Date.now() - days * dayMs);
	await utimes(path, at, at);
}

/** A backup of the database as the catalogue has it, with a file of 110 MiB. */
async function keptBackup(root: string, days: number): Promise<string> {
	const atMs = Date.now() - days * dayMs;
	const startedAt = new Date(atMs).toISOString();
	const data = Buffer.alloc(110 * mebibyte, days);
	const sha256 = createHash('sha256').update(data).digest('hex');
	const artefacts = [{name: 'dump.pgc', bytes: data.length, sha256, format: 'pg-custom' as const}];
	const manifest = manifestOf({startedAt, finishedAt: startedAt, id: idAt(atMs), artefacts});
	const folder = join(root, manifest.series, manifest.id);
	await mkdir(folder, {recursive: true, mode: 0o700});
	const text = manifestText(manifest);
	await writeFile(join(folder, 'manifest.json'), text);
	await writeFile(join(folder, 'dump.pgc'), data);
	const sum = createHash('sha256').update(text).digest('hex');
	await writeFile(join(folder, 'manifest.sha256'), `${sum}  manifest.json\n`);
	// Proven by a restore, as retention wants it of what stays.
	const proof = verificationOf(manifest.id, 3, {at: startedAt, operation: idAt(atMs + 60_000)});
	await mkdir(join(root, names.verify), {recursive: true, mode: 0o700});
	await writeFile(verificationFile(root, proof), `${JSON.stringify(proof)}\n`, {mode: 0o600});
	return folder;
}

const backupsOf = new WeakMap<Ground, readonly string[]>();

/** The engine of these plays is everybody's: nothing of it is ever cleaned. */
const nothingOfEngine = {images: 'skip', 'images-clean': 'skip', 'inodes-images': 'skip'};

const fileDoes: readonly DoPlay[] = [
	{
		wizard: 'disk-full',
		node: 'old-logs',
		async inject(ground) {
			const folder = await disk(ground, 'size=29m');
			folders.set(ground, folder);
			await aged(join(folder, 'shop.log'), mebibyte, 0);
			await aged(join(folder, 'shop.log.1'), 13 * mebibyte, 20);
			await aged(join(folder, 'shop.log.2'), 13 * mebibyte, 27);
		},
		config: ground => [`logs: [{id: shop, service: shop, path: ${folderOf(ground)}/shop.log}]`],
		way: {...nothingOfEngine, 'log-recreate': 2},
		proves: async ground => {
			const at = (name: string) => existsSync(join(folderOf(ground), name));
			return Promise.resolve(async () =>
				Promise.resolve(at('shop.log') && !at('shop.log.1') && !at('shop.log.2')),
			);
		},
		ends: 'solved',
	},
	{
		wizard: 'disk-full',
		node: 'prune',
		async inject(ground) {
			const folder = await disk(ground, 'size=355m,mode=0700');
			folders.set(ground, folder);
			const marker = {version: 1, id: idAt(Date.now() - 50 * dayMs), createdAt: '2026-01-01'};
			await writeFile(join(folder, names.marker), `${JSON.stringify(marker)}\n`, {mode: 0o600});
			const all: string[] = [];
			for (const days of [40, 30, 1]) all.push(await keptBackup(folder, days));
			// The oldest was taken out by a run two days ago: only what has been there for a day frees its room.
			const [oldest = ''] = all;
			const place = {folder, series: 'pg-shop', id: oldest.slice(oldest.lastIndexOf('/') + 1)};
			const gone = trashFolder(place, idAt(Date.now() - 2 * dayMs));
			await mkdir(join(folder, names.trash), {mode: 0o700});
			await rename(oldest, gone);
			backupsOf.set(ground, [gone, ...all.slice(1)]);
		},
		config: ground => [
			`storage: {backups: ${folderOf(ground)}, retention: {keep_last: 1, min_verified: 1}}`,
		],
		way: {...nothingOfEngine, backups: 0, enough: 2},
		proves: async ground => {
			const [oldest = '', old = '', newest = ''] = backupsOf.get(ground) ?? [];
			return Promise.resolve(async () =>
				Promise.resolve(!existsSync(oldest) && !existsSync(old) && existsSync(newest)),
			);
		},
		ends: 'solved',
	},
];

/** The `do` nodes of the wizard of a full disk; what is cleaned is only ever the play's own. */
export const diskDoes: readonly DoPlay[] = [...engineDoes, ...fileDoes];
