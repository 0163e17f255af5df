import {expect, test} from 'vitest';
import {currentScreen} from '../../src/store/select.ts';
import {drawState} from '../support/draw-state.tsx';
import {calmShop, troubledShop} from '../support/shop.ts';
import {containerDetail, fresh} from '../support/values.ts';

test('from an alert Enter leads to its evidence, from an error to its service', async () => {
	const {frame, store} = await drawState(troubledShop());
	await frame.press('6', 'enter');
	expect((await frame.settled()).text).toContain('Enter opens PostgreSQL');
	await frame.press('enter');
	expect(currentScreen(store.state())).toEqual({kind: 'panel', panel: 'postgres'});
	await frame.press('esc', 'j', 'enter');
	expect(currentScreen(store.state())).toEqual({kind: 'container', key: 'shop/app/1'});
	expect(store.state().tail?.key).toBe('shop/app/1');
	await frame.press('esc', 'esc', '5', 'enter');
	expect((await frame.settled()).text).toContain('counted as: ');
	await frame.press('enter');
	expect(currentScreen(store.state())).toEqual({kind: 'container', key: 'shop/订单服务/1'});
	await frame.unmount();
});

test('the trace of an error scrolls below the list', async () => {
	const {frame} = await drawState(troubledShop());
	await frame.press('5', 'enter', 'j');
	const before = await frame.settled();
	expect(before.text).toMatch(/Details 1-\d+ of \d+, J\/K scroll/);
	expect(before.text).toContain('Traceback');
	const after = await frame.press('J', 'J', 'J', 'J', 'J');
	expect(after.text).not.toContain('Traceback');
	expect(after.text).toContain('/app/深/');
	expect((await frame.press('K', 'K', 'K', 'K', 'K')).text).toContain('Traceback');
	await frame.unmount();
});

test('the container view: facts with masked secrets, log, filter, wrap, whole log, whole facts', async () => {
	const state = troubledShop({
		readings: {'docker.detail': {'shop/app/1': fresh(containerDetail)}},
	});
	const {frame, store} = await drawState(state);
	await frame.press('j', 'enter', 'enter');
	const lines = Array.from({length: 40}, (_, index) => ({
		atMs: state.data.nowMs,
		severity: 'info' as const,
		text: index === 39 ? `end ${'long '.repeat(40)}tail` : `line ${index}`,
	}));
	store.send({type: 'tail-arrived', key: 'shop/app/1', lines});
	const both = await frame.settled();
	expect(both.text).toContain('x CRITICAL unhealthy');
	expect(both.text).toContain('HTTP 503');
	expect(both.text).toContain('DOWN HTTP 503');
	expect(both.text).toMatch(/end long .*…/);
	expect(both.text).not.toContain('long tail');
	expect((await frame.press('w')).text).toContain('long tail');
	const whole = await frame.press('l');
	expect(whole.text).toContain('line 22');
	expect(whole.text).not.toContain('HTTP 503');
	expect((await frame.press('/', '3', '3', 'enter')).text).toMatch(/line 33\n/);
	expect((await frame.settled()).text).not.toContain('line 32');
	await frame.press('esc');
	const facts = await frame.press('d');
	expect(facts.text).toContain('DATABASE_URL=postgresql://app:••••••@db/shop');
	expect(facts.text).not.toContain('line 20');
	await frame.press('d', 'up');
	expect((await frame.settled()).text).toContain('stopped, f follows');
	expect((await frame.press('G')).text).toContain('Log following');
	await frame.unmount();
});

test('filter, only trouble and freeze are seen and undone', async () => {
	const {frame, store} = await drawState(troubledShop());
	const typed = await frame.press('/', 'm', 'a', 'i', 'l');
	expect(typed.lines.at(-1)).toContain('filter: mail_');
	expect(typed.text).toMatch(/▶ +mail +exited \(1\)/);
	expect(typed.text).not.toMatch(/ worker +crash loop/);
	expect((await frame.press('enter', 'z')).lines[0]).toContain('FROZEN');
	await frame.press('esc');
	const trouble = await frame.press('x');
	expect(trouble.lines[0]).toContain('only trouble');
	expect(trouble.text).toContain('worker');
	expect(trouble.text).not.toMatch(/ mail +exited/);
	await frame.press('x', 'z');
	expect(store.state().frozen).toBeUndefined();
	await frame.press('/', 'n', 'o', 'n', 'e', 'enter');
	expect((await frame.settled()).text).toContain('nothing matches the filter "none"');
	await frame.unmount();
});

test('help scrolls at 80x24 and stands in two columns when wide', async () => {
	const {frame} = await drawState(calmShop());
	const first = await frame.press('?');
	expect(first.text).toMatch(/Keys 1-\d+ of \d+/);
	expect(first.text).toContain('Go to panel 1-6');
	expect(first.text).toContain('Signs: x critical');
	expect((await frame.press('G')).text).toContain('Leave at once');
	expect((await frame.press('esc')).text).toContain('1 Containers');
	await frame.unmount();
	const wide = await drawState(calmShop({columns: 120, rows: 40}));
	const {text} = await wide.frame.press('?');
	expect(text).toMatch(/Move +Look/);
	expect(text).toContain('Signs: x critical');
	await wide.frame.unmount();
});

test('the language changes on the screen', async () => {
	const {frame} = await drawState(troubledShop());
	const {text} = await frame.press('L');
	expect(text).toContain('1 容器');
	expect(text).toContain('反复崩溃');
	expect(text).not.toContain('Containers');
	await frame.unmount();
});
