import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {appendFile, mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {objectOf, textOf} from '../../src/domain/unknown.ts';
import type {Scope} from '../../src/runbooks/scope.ts';
import type {WalkMove} from '../../src/runbooks/walk.ts';
import {createWalker} from '../../src/work/walker.ts';
import {
	appendWalk,
	beginWalk,
	holderOf,
	isHeldHere,
	listWalks,
	mayHaveWaiting,
	readWalk,
	resumeWalk,
	walkOf,
	walksFolder,
	type KeptWalk,
	type Taken,
} from '../../src/work/walks.ts';
import {requireComponent, titleWith} from '../support/require-component.ts';
import {appScope, loadSeen, net, slow, slowText, wizardOf} from '../support/runbooks.ts';
import {waitFor} from '../support/wait.ts';

const proc = await requireComponent('/proc', () => existsSync('/proc/self/stat'));
const main = fileURLToPath(new URL('../support/walk-main.ts', import.meta.url));
const all = {'app-slow': slow};
const first = '20261120T120000Z-00000001';
const second = '20261120T120000Z-00000002';

describe.skipIf(proc.missing !== undefined)(titleWith(proc, 'walks'), () => {
	let root: string;
	const ends: (() => Promise<void>)[] = [];
	beforeEach(async () => {
		root = await mkdtemp(join(tmpdir(), 'opsconsole-walks-'));
	});
	afterEach(async () => {
		for (const end of ends.splice(0)) await end();
		await rm(root, {recursive: true, force: true});
	});

	/** Another console: what it told so far, and a way to tell it something. */
	function other(how: 'begin' | 'resume' | 'force', id: string, by: string, looks = '') {
		const child = spawn(process.execPath, [main, root, how, id, by, looks], {
			stdio: ['pipe', 'pipe', 'inherit'],
		});
		const exited = once(child, 'exit');
		const told: Record<string, unknown>[] = [];
		createInterface({input: child.stdout}).on('line', line => {
			told.push({...objectOf(JSON.parse(line))});
		});
		const kill = async () => {
			child.kill('SIGKILL');
			await exited;
		};
		ends.push(kill);
		return {
			kill,
			exited,
			told: async (count: number) =>
				waitFor(() => told[count - 1], {what: `${count} lines of ${by}`}),
			tell: (move: WalkMove | {readonly type: 'release'}) =>
				child.stdin.write(`${JSON.stringify(move)}\n`),
		};
	}

	function ours(taken: Taken | undefined): Extract<Taken, {readonly release: unknown}> {
		if (!taken || 'heldBy' in taken) throw new Error('the walk is not ours');
		return taken;
	}

	const begin = async (id = first, wizard = slow) =>
		beginWalk(root, {id, wizard, scope: appScope, by: 'li', nowMs: 1});
	const resume = async (id: string, isForced = false) =>
		resumeWalk(root, id, {by: 'wang', nowMs: 2, isForced});

	async function kept(id = first): Promise<KeptWalk> {
		const walk = await readWalk(root, id);
		if (!walk) throw new Error(`no walk ${id}`);
		return walk;
	}

	/** Walks in this process what it has. */
	async function walkerOf({folder, id}: KeptWalk) {
		const found = walkOf(await kept(id), all);
		if (!found) throw new Error(`no walk ${id}`);
		return createWalker({
			...found,
			folder,
			look: () => Promise.resolve([loadSeen()]),
			clock: {now: () => 3, sleep: () => Promise.resolve()},
			takesBest: false,
			onChange: () => undefined,
		});
	}

	it('begun by two at the same time belong to one, and the other sees who has it', async () => {
		const consoles = [other('begin', first, 'li'), other('begin', second, 'wang')];
		const told = await Promise.all(consoles.map(async one => one.told(1)));
		const had = told.filter(({heldBy}) => heldBy === undefined);
		const looksOn = told.filter(({heldBy}) => heldBy !== undefined);
		expect([had.length, looksOn.length]).toEqual([1, 1]);
		expect(looksOn[0]).toEqual({heldBy: had[0]?.['by'], id: had[0]?.['id']});
		expect(await listWalks(root)).toHaveLength(1);
		// About something else everybody may walk the same wizard.
		const scope = {...appScope, container: 'shop/web/1'};
		const facts = {id: second, wizard: slow, scope, by: 'li', nowMs: 1};
		ours(await beginWalk(root, {...facts, id: '20261120T120000Z-00000003'}));
		expect(await listWalks(root)).toHaveLength(2);
	});

	it('about the host are others where they look at another server', async () => {
		const facts = {wizard: {...slow, on: 'host'} as const, by: 'li', nowMs: 1};
		const begun = async (id: string, scope: Scope) => {
			const {kept: walk} = await beginWalk(root, {...facts, id, scope});
			return walk.id;
		};
		expect(await begun(first, {postgres: 'blog/db'})).toBe(first);
		expect(await begun(second, {})).toBe(first);
		expect(await begun(second, {postgres: 'shop/db'})).toBe(second);
	});

	it('of a console that was killed in a look go on from there, the same', async () => {
		const console_ = other('begin', first, 'li', 'hang');
		await console_.told(2);
		const before = await kept();
		expect(await holderOf(before.folder)).toMatchObject({by: 'li'});
		const refused = await resume(first);
		expect(refused && 'heldBy' in refused && refused.heldBy.by).toBe('li');
		await console_.kill();
		expect(await holderOf(before.folder)).toBeUndefined();
		const taken = ours(await resume(first));
		const was = walkOf(before, all)?.walk;
		const is = walkOf(taken.kept, all)?.walk;
		expect(is).toMatchObject({at: was?.at, trail: was?.trail, status: 'walking', by: 'wang'});
		const walker = await walkerOf(taken.kept);
		await walker.go();
		expect(walker.walk()).toMatchObject({at: 'which', status: 'walking'});
		expect(walkOf(await kept(), all)?.walk).toEqual(walker.walk());
		await taken.release();
		expect(await holderOf(taken.kept.folder)).toBeUndefined();
	});

	it('whose last line was torn lose that line only, and take the next one whole', async () => {
		const {kept: walk, release} = ours(await begin());
		const remarked = {type: 'remarked', by: 'li', atMs: 2} as const;
		await appendWalk(walk.folder, {...remarked, text: 'before'});
		const file = join(walk.folder, 'walk.jsonl');
		await appendFile(file, '{"type":"looked","atMs":3,"node":"see","evi');
		await release();
		const {events} = ours(await resume(first)).kept;
		expect(events.map(({type}) => type)).toEqual(['started', 'remarked', 'resumed']);
		await appendWalk(walk.folder, {...remarked, text: '之后'});
		expect((await kept()).events.map(({type}) => type)).toEqual([
			...['started', 'remarked', 'resumed', 'remarked'],
		]);
		expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(6);
	});

	it('are handed over to a colleague, who has them with everything that was seen', async () => {
		const {kept: walk, release} = ours(await begin());
		const walker = await walkerOf(walk);
		await walker.go();
		await walker.move({type: 'handed-over', by: 'li', to: 'wang'});
		await release();
		expect(walkOf(await kept(), all)?.walk).toMatchObject({status: 'handed-over', by: 'wang'});
		const wang = other('resume', first, 'wang');
		expect(await wang.told(1)).toEqual({id: first, at: 'which', by: 'wang'});
		wang.tell({type: 'decided', node: 'which', way: {cause: 'cpu'}});
		expect(await wang.told(2)).toEqual({at: 'restart', isLost: false});
		wang.tell({type: 'release'});
		await wang.exited;
		expect(await holderOf(walk.folder)).toBeUndefined();
	});

	it('taken over by force are no longer written into by who had them', async () => {
		const li = other('begin', first, 'li');
		await li.told(2);
		await waitFor(async () => (walkOf(await kept(), all)?.walk.at === 'which' ? true : undefined), {
			what: 'the look',
		});
		const taken = ours(await resume(first, true));
		expect(await isHeldHere(taken.kept.folder)).toBe(true);
		const before = await kept();
		li.tell({type: 'decided', node: 'which', way: {cause: 'swap'}});
		expect(await li.told(3)).toEqual({at: 'which', isLost: true});
		expect(await kept()).toEqual(before);
		li.tell({type: 'release'});
		await li.exited;
		// Who lost it does not take it from who has it now.
		expect(await isHeldHere(taken.kept.folder)).toBe(true);
		const walker = await walkerOf(taken.kept);
		await walker.move({type: 'decided', node: 'which', way: {cause: 'cpu'}});
		expect([walker.walk().at, walker.isLost()]).toEqual(['restart', false]);
	});

	it('over a wizard that was changed keep the steps that it still has', async () => {
		const {kept: walk, release} = ours(await begin());
		const walker = await walkerOf(walk);
		await walker.go();
		await walker.move({type: 'decided', node: 'which', way: {cause: 'cpu'}});
		await release();
		const changed = wizardOf(
			slowText.replaceAll(/\bwhich\b/g, 'ranked').replace('30 s', '40 s'),
			'app-slow',
		);
		const found = walkOf(await kept(), {'app-slow': changed});
		expect(found?.walk).toMatchObject({at: 'ranked', sha256: slow.sha256, status: 'walking'});
		expect(found?.walk.sha256).not.toBe(found?.wizard.sha256);
		expect(walkOf(await kept(), {})).toBeUndefined();
		const again = ours(await begin(second, changed));
		expect(again.kept.id).toBe(first);
	});

	it('that wait are known at the start without their wizards, those that are over are not', async () => {
		expect(await mayHaveWaiting(root)).toBe(false);
		const {kept: walk, release} = ours(await begin());
		const walker = await walkerOf(walk);
		await walker.go();
		expect(await mayHaveWaiting(root)).toBe(true);
		await walker.move({type: 'decided', node: 'which', way: {cause: 'cpu'}});
		await walker.move({type: 'acted', node: 'restart', end: 'failed'});
		expect(walker.walk().status).toBe('ended');
		expect(await mayHaveWaiting(root)).toBe(false);
		await walker.move({type: 'went-back'});
		expect([walker.walk().status, await mayHaveWaiting(root)]).toEqual(['walking', true]);
		await release();
	});

	it('that are over let a new one begin; a name that is no id is none', async () => {
		const {kept: walk, release} = ours(await begin(first, net));
		await appendWalk(walk.folder, {type: 'looked', atMs: 2, node: 'see', evidence: []});
		await release();
		expect(ours(await begin(second, net)).kept.id).toBe(second);
		expect((await listWalks(root)).map(({id}) => id)).toEqual([second, first]);
		expect(await readWalk(root, '../ops')).toBeUndefined();
		expect(await resume('20261120T120000Z-99999999')).toBeUndefined();
		const names = await readdir(walksFolder(root));
		expect(names.toSorted()).toEqual([first, second]);
		expect(textOf((await kept()).events[0]?.type)).toBe('started');
	});
});
