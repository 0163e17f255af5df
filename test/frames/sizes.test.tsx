import {expect, test} from 'vitest';
import {panels, type Screen} from '../../src/store/state.ts';
import {say} from '../../src/words/screen.ts';
import {screenFaults} from '../support/check-screen.ts';
import {drawState} from '../support/draw-state.tsx';
import {calmShop, type ShopFacts, troubledShop} from '../support/shop.ts';
import {container} from '../support/state.ts';

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d_2b_79_f5) | 0;
		let value = Math.imul(state ^ (state >>> 15), 1 | state);
		value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
		return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const sizes = [
	[60, 15],
	[80, 24],
	[120, 40],
	[200, 50],
] as const;

test.each(sizes)(
	'the dashboard at %dx%d has every heading, the key line and whole rows',
	async (columns, rows) => {
		for (const make of [calmShop, troubledShop]) {
			for (const language of ['en', 'zh'] as const) {
				const {frame} = await drawState(make({columns, rows, language}));
				const screen = await frame.settled();
				expect(screenFaults(screen), screen.text).toEqual([]);
				for (const [index, panel] of panels.entries()) {
					const title = `${index + 1} ${say(language, `panel.${panel}`)}`;
					expect(screen.text).toContain(title.slice(0, 14));
				}

				expect(screen.lines.at(-1)).toMatch(/\? (help|帮助) {2}q/);
				expect(screen.lines[0]).toContain(say(language, 'environment.test'));
				await frame.unmount();
			}
		}
	},
);

test('any state in any window keeps every row whole', async () => {
	const random = randomFrom(20_261_121);
	const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
	const oneOf = <T,>(...choices: readonly [T, ...T[]]): T =>
		choices[whole(0, choices.length - 1)] ?? choices[0];
	for (let round = 0; round < 120; round++) {
		const columns = whole(60, 220);
		const rows = whole(15, 60);
		const screens: readonly Screen[] = [
			{kind: 'dashboard'},
			...oneOf<readonly Screen[]>(
				[],
				[],
				[{kind: 'panel', panel: oneOf(...panels)}],
				[{kind: 'container', key: 'shop/app/1'}],
			),
		];
		const count = oneOf(0, 1, 7, 55, 200);
		const names = ['app', '订单服务', 'very-long-service-name-that-never-ends', 'é'];
		const many = Array.from({length: count}, (_, index) =>
			container(`${names[index % names.length] ?? ''}${index}`, {
				project: oneOf('shop', 'blog'),
				key: `key ${index}`,
			}),
		);
		const facts: ShopFacts = {
			columns,
			rows,
			language: oneOf('en', 'zh'),
			isAscii: oneOf(true, false),
			...(oneOf(true, false) ? {containers: many} : {}),
			ui: {
				screens,
				focus: oneOf(...panels),
				isHelpOpen: random() < 0.1,
				filter: oneOf('', '', 'app', '订单'.repeat(60)),
				isFilterOpen: random() < 0.1,
				isTroubleOnly: random() < 0.2,
				sort: oneOf('trouble', 'cpu', 'name'),
				scroll: whole(0, 200),
				detailPart: oneOf('both', 'facts', 'log'),
				isWrapped: random() < 0.5,
			},
		};
		const made = oneOf(calmShop, troubledShop)(facts);
		const lines = Array.from({length: 60}, (_, index) => ({
			atMs: made.data.nowMs,
			severity: oneOf('info' as const, 'error' as const),
			text: `${index} ${'日志 line '.repeat(whole(0, 60))}`,
		}));
		const tail = {key: 'shop/app/1', lines, dropped: 0, isFollowing: random() < 0.5};
		const state = {...made, tail, ...(random() < 0.2 ? {frozen: made.data} : {})};
		const {frame} = await drawState(state);
		const screen = await frame.settled();
		const what = `round ${round}: ${columns}x${rows} ${JSON.stringify(facts.ui)}\n${screen.text}`;
		expect(screenFaults(screen), what).toEqual([]);
		expect(screen.lines.at(-1)?.trim(), what).not.toBe('');
		if (state.ui.isAscii) expect(screen.text, what).toMatch(/^[\n\u0020-\u007e]*$/);
		await frame.unmount();
	}
}, 120_000);
