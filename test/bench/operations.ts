import {mkdirSync, writeFileSync} from 'node:fs';
import {cp, mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import {createAct} from '../../src/io/create-act.ts';
import {createIo} from '../../src/io/create-io.ts';
import {backupDatabase} from '../../src/operations/backup/backup-database.ts';
import {verifyBackupWith} from '../../src/operations/verify/verify-backup.ts';
import {verifiers} from '../../src/operations/verify/verifiers.ts';
import {openJournal} from '../../src/work/journal-file.ts';
import type {Journal} from '../../src/work/journal-memory.ts';
import {listJobs} from '../../src/work/jobs.ts';
import {perform} from '../../src/work/perform.ts';
import {docker} from '../lab/docker.ts';
import {pressUntil} from '../pty/operate.ts';
import {launcher, makeHome} from '../pty/own-console.ts';
import {bundleOf} from '../support/bundle.ts';
import {makeBackup} from '../support/database-backup.ts';
import {makeFolders, performNow, planNow, removeFolders} from '../support/perform.ts';
import {startPostgresContainer} from '../support/postgres-container.ts';
import {startPostgres} from '../support/postgres-server.ts';
import {openTerminal, type Terminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait.ts';
import {median, spreadOf, type Figure} from './figures.ts';
import {mutationOf, randomOf} from './mutations.ts';

const program = 'opsconsole';
const deadlineMs = 20_000;
/** What the shown list of unfinished operations says of the one that runs. */
const currentStep = /2\/5 \d+%/;

/**
 * From the start of a console to the current step of a running operation on its screen: after one that was left, and from
 * the moment when the console before and its terminal are killed. Medians; at most five runs, for the operation waits 20 s.
 */
export async function measureAttach(runs: number): Promise<readonly Figure[]> {
	const config =
		'refresh: 500ms\nenvironment: {kind: test, name: t}\ndiscovery: {enabled: false}\n';
	const home = makeHome(config);
	const bundle = await bundleOf('screen-main.ts');
	const [place, go, state] = ['place', 'go', 'ops-state'].map(name => join(home.folder, name));
	mkdirSync(join(place ?? '', 'live'), {recursive: true});
	const env = {...home.env, OPSCONSOLE_STATE: state, OPSCT_FOLDER: place, OPSCT_WAIT: go};
	let terminals: readonly Terminal[] = [];
	const start = (command: string, args: readonly string[]) => {
		const terminal = openTerminal({
			command,
			args: [...args, '--project', 'opsct-none'],
			cwd: home.folder,
			columns: 120,
			rows: 40,
			env,
		});
		terminals = [...terminals, terminal];
		return terminal;
	};
	const open = () => start(launcher, []);
	const shown = async (terminal: Terminal) =>
		(await terminal.waitForText(currentStep, {deadlineMs})).atMs;
	try {
		const first = start(process.execPath, ['--', bundle.file]);
		await first.waitForText(/\d Host/, {deadlineMs});
		first.press('A');
		await pressUntil(first, 'down', '▶ Back up configuration');
		first.press('enter');
		await first.waitForText('[> Run <]', {deadlineMs});
		await pressUntil(first, 'enter', /step 2\/5/);
		const [left, killed]: [number[], number[]] = [[], []];
		for (let run = 0; run <= runs; run++) {
			const one = open();
			const seenMs = await shown(one);
			const killedMs = performance.now();
			one.kill('SIGKILL');
			one.hangUp();
			const next = open();
			const againMs = await shown(next);
			// The first start reads the disk and is not counted.
			if (run > 0) {
				left.push(seenMs - one.startedAtMs);
				killed.push(againMs - killedMs);
			}

			await next.close();
		}

		const figure = (what: string, values: readonly number[]): Figure => ({
			bench: 'attach',
			what,
			unit: 'ms',
			program,
			value: median(values),
			limit: 1000,
			note: spreadOf(values),
		});
		return [
			figure('start to the current step', left),
			figure('kill of the terminal to the step', killed),
		];
	} finally {
		for (const terminal of terminals) await terminal.close();
		writeFileSync(go ?? '', '');
		await waitFor(
			async () =>
				(await listJobs(join(state ?? '', 'ops'))).every(job => job.state === 'ended')
					? true
					: undefined,
			{what: 'the end of the worker'},
		);
		await bundle.remove();
		home.remove();
	}
}

/** A journal that adds up how long a run waits for it, in ms. */
function timed(journal: Journal): Journal & {readonly waitedMs: () => number} {
	let waitedMs = 0;
	return {
		lines: () => journal.lines(),
		close: () => journal.close(),
		waitedMs: () => waitedMs,
		async append(entry) {
			const startMs = performance.now();
			await journal.append(entry);
			waitedMs += performance.now() - startMs;
		},
	};
}

/** How much of the time of a backup of a pgbench database (15 MB each scale) goes into its journal, in percent. */
export async function measureJournal(scale: number, runs: number): Promise<readonly Figure[]> {
	const server = await startPostgresContainer({dataBytes: 2 ** 30 + scale * 48 * 2 ** 20});
	try {
		const fill = ['pgbench', '-i', '-q', '-s', String(scale), '-h', '127.0.0.1', '-U', 'postgres'];
		await docker(['exec', server.id, ...fill, 'shop'], {deadlineMs: 600_000});
		const shares: number[] = [];
		const texts: string[] = [];
		for (let run = 0; run < runs; run++) {
			const options = {
				act: createAct(),
				targets: {postgres: [server.target]},
				containers: [server.container],
			};
			const {plan, look} = await planNow(backupDatabase, {}, options);
			const {clock} = look.io;
			const startMs = performance.now();
			const opened = await openJournal({
				path: join(look.folders.scratch, 'journal.jsonl'),
				op: plan.id,
				now: () => clock.now(),
				monotonic: () => clock.monotonic(),
				boot: 'bench',
			});
			const openedMs = performance.now() - startMs;
			const journal = timed(opened);
			const end = await perform({
				plan,
				operation: backupDatabase,
				act: options.act,
				look,
				mode: 'run',
				journal,
			});
			await journal.close();
			const totalMs = performance.now() - startMs;
			if (end.exitStatus !== 0 && end.exitStatus !== 5) throw new Error(JSON.stringify(end));
			const ownMs = openedMs + journal.waitedMs();
			shares.push((ownMs / totalMs) * 100);
			texts.push(`${ownMs.toFixed(0)} of ${totalMs.toFixed(0)} ms`);
		}

		const note = `backup of ${scale * 15} MB: ${texts.join(', ')}`;
		const what = 'share of the journal';
		return [{bench: 'journal', what, unit: '%', program, value: median(shares), limit: 1, note}];
	} finally {
		await server.remove();
		await removeFolders();
	}
}

const mutationCount = 400;

/**
 * Damages a backup in 400 ways, one after the other, and verifies it at levels 1 and 2; counts what is not found, and what
 * is called damaged although it is whole.
 */
export async function measureCorruption(seed: number): Promise<readonly Figure[]> {
	const server = await startPostgres();
	try {
		const folders = await makeFolders();
		await server.psql('CREATE DATABASE shop');
		await server.psql(
			'CREATE TABLE t AS SELECT n AS id, md5(n::text) AS text FROM generate_series(1, 20000) n',
			'shop',
		);
		const backup = await makeBackup(server, folders, {database: 'shop'});
		await server.psql('DELETE FROM t WHERE id % 2 = 0', 'shop');
		const other = await makeBackup(server, folders, {database: 'shop'});
		const folder = join(backup.dump, '..');
		const results = join(folders.backups, 'verify');
		mkdirSync(results, {mode: 0o700});
		const kept = await mkdtemp(join(tmpdir(), 'opsct-kept-'));
		await cp(folder, kept, {recursive: true});
		const options = {
			act: createAct(),
			io: createIo(),
			folders,
			targets: {postgres: [server.target()]},
		};
		const isFound = async (level: number): Promise<boolean> => {
			const request = {backup: backup.id, level};
			const done = await performNow(verifyBackupWith(verifiers), request, options).catch(
				() => undefined,
			);
			return done?.outcome !== 'done';
		};
		const random = randomOf(seed);
		let missed = 0;
		let falseAlarms = 0;
		for (let index = 0; index < mutationCount; index++) {
			const mutation = mutationOf(index, random);
			await mutation.spoil(folder, join(other.dump, '..'));
			if (!(await isFound(index % 4 === 0 ? 2 : 1))) {
				missed++;
				process.stderr.write(`not found: mutation ${index}, ${mutation.name}\n`);
			}

			await rm(folder, {recursive: true, force: true});
			await cp(kept, folder, {recursive: true});
			for (const name of await readdir(results)) await rm(join(results, name));

			if (index % 40 === 0 && (await isFound(1 + (index % 80) / 40))) falseAlarms++;
		}

		await rm(kept, {recursive: true});
		const bench = 'corruption';
		const note = `seed ${seed}, levels 1 and 2`;
		return [
			{
				bench,
				what: `not found of ${mutationCount} mutations`,
				unit: '',
				program,
				value: missed,
				limit: 0,
				note,
			},
			{
				bench,
				what: `whole, but called damaged, of ${mutationCount / 40}`,
				unit: '',
				program,
				value: falseAlarms,
				limit: 0,
			},
		];
	} finally {
		await server.remove();
		await removeFolders();
	}
}
