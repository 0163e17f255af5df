import {createHash} from 'node:crypto';
import {mkdir, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, expect, it} from 'vitest';
import {markerText} from '../../../src/domain/catalogue.ts';
import {manifestText, verificationText} from '../../../src/domain/manifest-json.ts';
import {createAct} from '../../../src/io/create-act.ts';
import {createIo} from '../../../src/io/create-io.ts';
import {pinBackup, unpinBackup} from '../../../src/operations/retention/pin.ts';
import {pruneBackups} from '../../../src/operations/retention/prune.ts';
import {idAt, manifestOf, verificationOf} from '../../support/manifests.ts';
import {
	makeFolders,
	performNow,
	planNow,
	recoverNow,
	removeFolders,
	type PerformOptions,
} from '../../support/perform.ts';

const act = createAct();
const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 20, 12);

afterAll(removeFolders);

/** This machine at another time. */
function ioAt(atMs: number) {
	const io = createIo();
	return {...io, clock: {...io.clock, now: () => atMs}};
}

/** A catalogue with a verified backup for each of the last ten days, and how it is worked with. */
async function tenDays(): Promise<{
	readonly options: PerformOptions;
	readonly ids: readonly string[];
}> {
	const folders = await makeFolders();
	const ids: string[] = [];
	for (let day = 0; day < 10; day++) {
		const startedAt = new Date(nowMs - day * dayMs - 3_600_000).toISOString();
		const manifest = manifestOf({
			startedAt,
			finishedAt: startedAt,
			id: idAt(Date.parse(startedAt)),
		});
		const folder = join(folders.backups, manifest.series, manifest.id);
		await mkdir(folder, {recursive: true, mode: 0o700});
		const text = manifestText(manifest);
		await writeFile(join(folder, 'manifest.json'), text);
		const sum = createHash('sha256').update(text).digest('hex');
		await writeFile(join(folder, 'manifest.sha256'), `${sum}  manifest.json\n`);
		await mkdir(join(folders.backups, 'verify'), {recursive: true, mode: 0o700});
		const result = verificationOf(manifest.id, 2, {at: startedAt});
		const file = `${manifest.id}.2-${result.operation}.json`;
		await writeFile(join(folders.backups, 'verify', file), verificationText(result));
		ids.push(manifest.id);
	}

	await writeFile(join(folders.backups, '.opsconsole'), markerText(idAt(0), 0));
	await writeFile(join(folders.backups, 'pg-shop', 'notes.txt'), 'of somebody else');
	const settings = {storage: {retention: {keepLast: 3}}};
	return {ids, options: {act, folders, settings, io: ioAt(nowMs), targets: {}}};
}

async function left({folders}: PerformOptions): Promise<readonly string[]> {
	const names = await readdir(join(folders?.backups ?? '', 'pg-shop'));
	return names
		.filter(name => name.startsWith('2026'))
		.toSorted()
		.toReversed();
}

it('moves what is too old into the trash, and deletes it a day later', async () => {
	const {options, ids} = await tenDays();
	const {plan} = await planNow(pruneBackups, {}, options);
	expect(plan.deletes.map(({name}) => name)).toEqual(ids.slice(3).map(id => `pg-shop/${id}`));
	expect(plan.deletes.every(({why}) => why.code === 'retention-expired')).toBe(true);
	const first = await performNow(pruneBackups, {}, options);
	expect(first).toMatchObject({outcome: 'done', result: {moved: 7, unlinked: 0}});
	expect(await left(options)).toEqual(ids.slice(0, 3));
	const trash = join(options.folders?.backups ?? '', '.trash');
	expect(await readdir(trash)).toHaveLength(7);
	const same = await performNow(pruneBackups, {}, {...options, io: ioAt(nowMs + dayMs / 2)});
	expect(same).toMatchObject({outcome: 'done', result: {moved: 0, unlinked: 0}});
	// The newest backup is then a little older than a day, which is no strange clock yet.
	const later = await performNow(pruneBackups, {}, {...options, io: ioAt(nowMs + dayMs + 60_000)});
	expect(later).toMatchObject({outcome: 'done', result: {moved: 0, unlinked: 7}});
	expect(await readdir(trash)).toEqual([]);
	expect(await readdir(join(options.folders?.backups ?? '', 'verify'))).toHaveLength(3);
	expect(await readdir(join(options.folders?.backups ?? '', 'pg-shop'))).toContain('notes.txt');
});

it('is all or nothing, wherever it dies', async () => {
	const {options, ids} = await tenDays();
	for (const failAt of ['trash:begun', 'trash:mid1', 'trash:mid4', 'trash:pre8', 'trash:effect']) {
		const died = await performNow(pruneBackups, {}, {...options, failAt});
		expect([failAt, died.outcome]).toEqual([failAt, 'crashed']);
		const twice = await recoverNow(pruneBackups, died, {...options, failAt: 'undo/trash:mid2'});
		const recovered = await recoverNow(pruneBackups, twice, options);
		expect([failAt, recovered.outcome]).toEqual([failAt, 'undone']);
		expect(await left(options)).toEqual(ids);
	}

	const died = await performNow(pruneBackups, {}, {...options, failAt: 'trash:after'});
	expect((await recoverNow(pruneBackups, died, options)).outcome).toBe('done');
	expect(await left(options)).toEqual(ids.slice(0, 3));
});

it('stops where a backup got a reason to stay after the plan was shown', async () => {
	const {options, ids} = await tenDays();
	const end = await performNow(
		pruneBackups,
		{},
		{
			...options,
			async onPlace(step, place) {
				if (step !== 'trash' || place !== 'before') return;
				await writeFile(join(options.folders?.backups ?? '', 'pg-shop', `${ids[5] ?? ''}.pin`), '');
			},
		},
	);
	expect(end.end).toMatchObject({outcome: 'undone', problem: {code: 'retention-changed'}});
	expect(await left(options)).toHaveLength(11);
});

it('keeps what is pinned until it is unpinned', async () => {
	const {options, ids} = await tenDays();
	const request = {backup: ids[7] ?? ''};
	expect((await performNow(pinBackup, request, options)).outcome).toBe('done');
	expect((await performNow(pinBackup, request, options)).outcome).toBe('done');
	const names = async () =>
		(await planNow(pruneBackups, {}, options)).plan.deletes.map(({name}) => name);
	expect(await names()).not.toContain(`pg-shop/${ids[7] ?? ''}`);
	await performNow(unpinBackup, request, options);
	expect(await names()).toContain(`pg-shop/${ids[7] ?? ''}`);
});

it.each([
	['retention-no-policy', {settings: {}}],
	['retention-no-policy', {settings: {storage: {retention: {minVerified: 2}}}}],
	['retention-clock', {io: ioAt(nowMs - 5 * dayMs)}],
	['retention-clock', {io: ioAt(nowMs + 5 * dayMs)}],
] as const)('is refused with %s', async (code, changes) => {
	const {options} = await tenDays();
	await expect(planNow(pruneBackups, {}, {...options, ...changes})).rejects.toMatchObject({
		problem: {code},
	});
});
