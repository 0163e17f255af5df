import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import process from 'node:process';
import {expect, test} from 'vitest';
import type {State} from '../../src/store/state.ts';
import {screenFaults} from '../support/check-screen.ts';
import {pressSlowly} from '../support/dialogs.ts';
import {drawState, linesOf} from '../support/draw-state.tsx';
import {incidentScreens} from '../support/incident-screens.ts';
import {diagnosisOf, loadSeen, moves, onWalk} from '../support/runbooks.ts';
import {
	checkScreens,
	diagnosisScreens,
	listScreens,
	runbookScreens,
	walkScreens,
} from '../support/runbook-screens.ts';
import type {ShopFacts} from '../support/shop.ts';

const folder = new URL('screens/runbooks/', import.meta.url);

const variants: Readonly<Record<string, ShopFacts>> = {
	'': {},
	zh: {language: 'zh'},
	'ascii-60x15': {columns: 60, rows: 15, isAscii: true},
	'120x40': {columns: 120, rows: 40},
	'zh-200x50': {columns: 200, rows: 50, language: 'zh'},
};

const only: Readonly<Record<string, readonly string[]>> = {
	'ascii-60x15': [
		'incident-long',
		'walk-rank',
		'walk-ask',
		'diagnosis-several',
		'check-fail',
		'runbooks-walks',
	],
	'120x40': ['incident-long', 'walk-long', 'diagnosis-several', 'runbooks-walks', 'check-fail'],
	'zh-200x50': ['walk-rank', 'diagnosis-several'],
};

/** Screens that are read together stand in one file, each under its name. */
const groups = {
	walk: walkScreens,
	diagnosis: diagnosisScreens,
	list: listScreens,
	check: checkScreens,
	incident: incidentScreens,
} as const;

const files = Object.entries(groups).flatMap(([group, screens]) =>
	Object.entries(variants).flatMap(([variant, facts]) => {
		const names = Object.keys(screens).filter(name => only[variant]?.includes(name) ?? true);
		const made = names.map((name): [string, State | undefined] => [name, screens[name]?.(facts)]);
		return made.length === 0 ? [] : [[[group, variant].filter(Boolean).join('-'), made] as const];
	}),
);

// After a wanted change: UPDATE_SCREENS=1 npx vitest run test/frames/runbooks.test.tsx, then read the difference.
test.each(files)('%s is as reviewed', async (file, screens) => {
	const parts: string[] = [];
	for (const [name, state] of screens) {
		if (state) parts.push(`== ${name} ==\n${(await linesOf(state)).join('\n')}\n`);
	}

	const text = parts.join('\n');
	const path = fileURLToPath(new URL(`${file}.txt`, folder));
	if (process.env['UPDATE_SCREENS'] === '1') {
		await mkdir(fileURLToPath(folder), {recursive: true});
		await writeFile(path, text);
	}

	expect(text).toBe(await readFile(path, 'utf8'));
});

const sizes: readonly ShopFacts[] = [
	{columns: 60, rows: 15, isAscii: true},
	{columns: 60, rows: 15, language: 'zh'},
];

test.each(Object.entries({...runbookScreens, ...incidentScreens}))(
	'%s: whole rows in the smallest window',
	async (_, make) => {
		for (const facts of sizes) {
			const {frame} = await drawState(make(facts));
			const screen = await frame.settled();
			expect(screenFaults(screen), screen.text).toEqual([]);
			expect(screen.lines.at(-1)?.trim(), screen.text).not.toBe('');
			await frame.unmount();
		}
	},
);

test('the newest step of a long walk is in sight; pages go back to the first and forward again', async () => {
	const {frame, store} = await drawState(onWalk({}, moves.long));
	const press = async (...keys: readonly string[]) => {
		for (const key of keys) {
			store.send({type: 'key-pressed', key, text: '', atMs: 1, together: 1});
			await frame.settled();
		}

		return (await frame.settled()).text;
	};
	const newest = 'not before the shop closes';
	const question = 'Tell the users';
	expect((await frame.settled()).text).toContain(newest);
	const back = await press('pageup', 'pageup', 'pageup', 'pageup');
	expect(back).toContain('Is the host itself short');
	expect(back).not.toContain(newest);
	expect(back).toContain(question);
	expect(await press('end')).toContain(newest);
	expect(await press('up')).not.toBe(await press('down'));
	await frame.unmount();
});

test('the selected choice and its evidence are in sight in the smallest window', async () => {
	const {frame, store} = await drawState(onWalk({columns: 60, rows: 15}, moves.rank));
	for (const selected of [0, 1, 0]) {
		const {text} = await frame.settled();
		expect(text).toContain(
			selected === 0 ? 'programs wait for each core' : 'of the memory is taken',
		);
		const key = selected === 0 ? 'down' : 'up';
		store.send({type: 'key-pressed', key, text: '', atMs: 1, together: 1});
	}

	await frame.unmount();
});

test('what happens while the operator reads earlier steps does not move the text', async () => {
	const open = onWalk({}, moves.long);
	const {frame, store} = await drawState(open);
	await frame.settled();
	store.send({type: 'key-pressed', key: 'home', text: '', atMs: 1, together: 1});
	const before = (await frame.settled()).lines[2];
	const {walk} = open.runbook;
	if (!walk) throw new Error('no walk');
	store.send({type: 'walk-moved', wizard: walk.wizard, walk: walk.walk, activity: walk.activity});
	expect((await frame.settled()).lines[2]).toBe(before);
	await frame.unmount();
});

test('while it looks again, what was seen before is dim and says how old it is', async () => {
	const make = diagnosisScreens['diagnosis-again'];
	if (!make) throw new Error('no such screen');
	const {frame, store} = await drawState(make({}));
	const causeOf = async () => {
		const screen = await frame.settled();
		const row = screen.lines.findIndex(line => line.includes('. follows'));
		return {
			head: screen.lines[1],
			cell: screen.cells(row)[screen.lines[row]?.indexOf('memory') ?? 0],
		};
	};

	const before = await causeOf();
	expect(before.head).toContain('looking again; this was seen 4 m 5 s ago');
	expect(before.cell).toMatchObject({isDim: true});
	store.send({type: 'diagnosed', diagnosis: diagnosisOf(loadSeen())});
	const now = await causeOf();
	expect(now.head).toContain('4 s ago, took 1.2 s');
	expect(now.cell).toMatchObject({isDim: false});
	await frame.unmount();
});

test('a text that is missing is said in place', async () => {
	const make = incidentScreens['incident-new'];
	if (!make) throw new Error('no such screen');
	const {state} = pressSlowly(make({}), ['x', 'return']);
	expect((await linesOf(state)).join('\n')).toContain('! Nothing is typed: write it');
});

test('a key of a walk does what it says on a drawn screen', async () => {
	const {frame, effects} = await drawState(onWalk({}, moves.ask));
	await frame.press('2', 'enter');
	expect(effects).toEqual([{type: 'walk-move', move: {type: 'answered', node: 'ask', choice: 1}}]);
	expect(pressSlowly(onWalk({}, moves.ask), ['3', 'return']).effects).toEqual([
		{type: 'walk-move', move: {type: 'answered', node: 'ask'}},
	]);
	await frame.unmount();
});

test('a walk that is taken up later says how old what it saw is; a new one tells of an older one', async () => {
	const later = (state: State, byMs: number): State => ({
		...state,
		data: {...state.data, nowMs: state.data.nowMs + byMs},
	});
	const textOf = async (state: State) => (await linesOf(state)).join('\n');
	const fresh = onWalk({}, moves.rank);
	expect(await textOf(fresh)).not.toContain('may no longer be so');
	const old = await textOf(later(fresh, 3 * 3_600_000));
	expect(old).toMatch(
		/What was seen last is of 2026-11-2\d \d\d:\d\d, 3 h.* ago: it may no longer/,
	);
	expect(old).toMatch(/\d\d:\d\d:\d\d, 3 h.* ago Load of the host/);
	const {walk} = fresh.runbook;
	if (!walk) throw new Error('no walk');
	const olderAtMs = fresh.data.nowMs - 3 * 3_600_000;
	const anew = {...fresh, runbook: {...fresh.runbook, walk: {...walk, olderAtMs}}};
	expect(await textOf(anew)).toMatch(/an open walk of 2026-11-2\d \d\d:\d\d, 3 h ago, is in W/);
});
