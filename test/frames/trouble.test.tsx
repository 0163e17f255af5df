import {expect, test} from 'vitest';
import {endOf} from '../support/check-screen.ts';
import {drawState, linesOf} from '../support/draw-state.tsx';
import {calmShop, troubledShop} from '../support/shop.ts';
import {container, containerAlert, logsTarget, nowMs} from '../support/state.ts';
import {endpointTarget, errorsValue, fresh} from '../support/values.ts';

test('at 80x24 one look tells which services are in trouble and why', async () => {
	const lines = await linesOf(troubledShop());
	const text = lines.join('\n');
	expect(lines[0]).toContain('x CRITICAL');
	// What does not run first, then what may only follow from it, each with its reason.
	expect(lines[3]).toMatch(/^▶ x worker +crash loop .*killed: out of memory, 7 restarts/);
	expect(lines[4]).toMatch(/^ {2}x app +unhealthy .*health check: HTTP 503/);
	expect(text).toContain('! 4711 blocks 3 for 12m');
	expect(text).toContain('x OUT OF MEMORY: refuses');
	expect(text).toContain('x db: connections 92%');
	expect(text).toContain('x app /health: answers 503');
	expect(text).toMatch(/! \S*docker: disk 93%/);
	expect(text).toMatch(/! database: 3d11h ago 12B/);
	expect(text).toContain('? 配置: folder does not exist');
	const errors = lines.findIndex(line => line.includes('5 Errors'));
	expect(lines[errors + 1]).toMatch(/FATAL +1x +1m 订单服务/);
	expect(lines[errors + 2]).toMatch(/error +12\.3k +1m app/);
});

test('without colour every level still has its sign or word', async () => {
	const {frame} = await drawState(troubledShop({columns: 120, rows: 40}));
	const screen = await frame.settled();
	for (let row = 1; row < screen.rows - 1; row++) {
		const cells = screen.cells(row);
		const text = screen.lines[row] ?? '';
		const red = cells.some(cell => cell.foreground === 1 && cell.text.trim() !== '');
		const yellow = cells.some(cell => cell.foreground === 3 && cell.text.trim() !== '');
		if (red) expect(text).toMatch(/x |error|FATAL/);
		if (yellow) expect(text).toMatch(/! |warn/);
	}

	await frame.unmount();
});

test('the columns of the table end at the same cell whatever the names are', async () => {
	const names = ['app', '订单服务', 'naïve', '服务-b', 'a-rather-long-name'];
	const containers = names.map((name, index) =>
		container(name, {key: `shop/${name}/1`, id: `${index}`}),
	);
	for (const columns of [60, 80, 120, 200]) {
		for (const isAscii of [false, true]) {
			const {frame} = await drawState(calmShop({columns, rows: 40, isAscii, containers}));
			const screen = await frame.settled();
			const end = endOf(screen.cells(2), 'CPU');
			expect(end).toBeGreaterThan(0);
			for (let row = 3; row < 3 + names.length; row++) {
				const ends = ['0%', '14%', '27%', '41%', '55%'].map(cpu => endOf(screen.cells(row), cpu));
				expect(ends, screen.lines[row]).toContain(end);
			}

			await frame.unmount();
		}
	}
});

test('panels side by side start at the same cell in every row', async () => {
	for (const isAscii of [false, true]) {
		const {frame} = await drawState(troubledShop({columns: 120, rows: 40, isAscii}));
		const screen = await frame.settled();
		const top = screen.lines.findIndex(line => line.includes('6 Alerts'));
		const before = endOf(screen.cells(top), '6 Alerts') - '6 Alerts'.length - 3;
		for (let row = top; row < screen.rows - 1; row++) {
			expect(screen.cells(row)[before]?.text.trim(), screen.lines[row]).toBe('');
		}

		await frame.unmount();
	}
});

test('services of the same name in two projects are told apart', async () => {
	const containers = ['shop', 'blog'].flatMap(project =>
		['web', 'db'].map(service =>
			container(service, {
				project,
				key: `${project}/${service}/1`,
				name: `${project}_${service}_1`,
				id: `${project}${service}`,
			}),
		),
	);
	const lines = await linesOf(calmShop({containers, alerts: [containerAlert('blog_db_1')]}));
	expect(lines[3]).toMatch(/^▶ x blog\/db/);
	expect(lines.join('\n')).toContain('shop/db');
	expect(lines.join('\n')).toContain('x blog/db: down');
});

test('of long projects the service stays whole at 80 columns, with the reason beside it', async () => {
	const names = ['football-prediction', 'opsct-88613388'];
	const containers = names.flatMap(project =>
		['nginx', 'frontend'].map(service =>
			container(service, {
				...{project, key: `${project}/${service}/1`, id: `${project}${service}`},
				name: `${project}_${service}_1`,
				...(service === 'frontend' && {oomKilled: true, oomKilledAtMs: nowMs - 5000}),
			}),
		),
	);
	const text = (await linesOf(calmShop({containers, columns: 80, rows: 24}))).join('\n');
	expect(text).toContain('football-p…/nginx');
	expect(text).toContain('footbal…/frontend');
	expect(text).toContain('killed: out of memory');
});

test('the value of an alert stays at 80 columns, and so does what tells its subject from another', async () => {
	const alerts = ['idle-one', 'leak-one'].map(name => {
		const target = `opsct-88613388-${name}/db`;
		return containerAlert(target, {
			...{id: name, target, metric: 'postgres.idle-in-transaction', value: 1440, threshold: 600},
		});
	});
	const text = (await linesOf(calmShop({alerts, columns: 80, rows: 24}))).join('\n');
	expect(text).toMatch(/x …idle-one\/db: idle.*… 24 m/);
	expect(text).toMatch(/x …leak-one\/db: idle.*… 24 m/);
});

test('what falls back says so in the first line and beside its service, and until when', async () => {
	const {id} = endpointTarget;
	const failures = containerAlert(id, {
		...{id: 'f', ruleId: 'f', metric: 'endpoint.failures', target: id},
		...{value: 40, threshold: 25, recovery: {untilMs: nowMs + 360_000}},
	});
	const lines = await linesOf(calmShop({alerts: [failures], columns: 120, rows: 40}));
	expect(lines[0]).toContain('x CRITICAL, recovering 6m');
	expect(lines.join('\n')).toMatch(/x app .*recovering, held until \d\d:\d\d/);
	const other = containerAlert('shop_db_1');
	const both = await linesOf(calmShop({alerts: [failures, other], columns: 120, rows: 40}));
	expect(both[0]).not.toContain('recovering');
});

test('the status line keeps environment, level and stack before host name and clock', async () => {
	const state = troubledShop({columns: 60, rows: 15});
	const settings = {
		...state.settings,
		title: 'a stack with a name that is far too long for any line',
		environment: {kind: 'unknown' as const, name: ''},
	};
	const {frame} = await drawState({...state, settings, hostname: 'h'.repeat(40)});
	const {lines} = await frame.settled();
	expect(lines[0]).toMatch(/^\[\[\? UNKNOWN=PRODUCTION \?\]\] a stack .*x CRITICAL/);
	await frame.unmount();
	const wide = await linesOf({...troubledShop({columns: 120, rows: 40}), settings});
	expect(wide[0]).toMatch(/x CRITICAL {2}\d\d:\d\d:\d\d · data now$/);
});

test('a list that is longer than its place says which part is shown', async () => {
	const containers = Array.from({length: 55}, (_, index) =>
		container(`svc${index}`, {key: `k${String(index).padStart(2, '0')}`, id: `${index}`}),
	);
	const {frame} = await drawState(calmShop({containers}));
	expect((await frame.settled()).lines[1]).toContain('+44 all well, 1-11 of 55');
	expect((await frame.press('G')).lines[1]).toContain('45-55 of 55');
	await frame.unmount();
});

test('at 80x24 ten containers stand without scrolling while little else is to be said', async () => {
	const containers = Array.from({length: 10}, (_, index) => container(`svc${index}`));
	const lines = await linesOf(calmShop({containers}));
	for (const {service = ''} of containers) expect(lines.join('\n')).toContain(` ${service} `);
	expect(lines[1]).toMatch(/ 1 Containers 10 running ─/);
});

test('what is not on the screen of a longer list is said: how many, and how they are', async () => {
	const containers = Array.from({length: 20}, (_, index) =>
		container(`svc${String(index).padStart(2, '0')}`, index === 19 ? {state: 'exited'} : {}),
	);
	const {frame} = await drawState(
		calmShop({containers, alerts: [containerAlert('shop_svc03_1')], language: 'en'}),
	);
	expect((await frame.settled()).lines[1]).toMatch(/\+9 well \(1 stopped\) ─/);
	expect((await frame.press('G')).lines[1]).toMatch(/\+9: 1 in trouble ─/);
	await frame.unmount();
});

test('where the message of an error is cut, its status or its cause is not', async () => {
	const [some] = errorsValue.groups;
	if (!some) throw new Error('no group');
	const group = (id: string, example: string) => ({...some, id, example, services: ['app']});
	const groups = [
		group('a', 'GET /api/v1/predictions/17/odds → 502'),
		group('b', 'connection to server at "db" (172.18.0.3), port 5432 failed: Connection refused'),
	];
	const readings = {'logs.errors': {[logsTarget]: fresh({...errorsValue, groups})}};
	const narrow = (await linesOf(calmShop({readings}))).join('\n');
	expect(narrow).toContain('502 /api/v1/pred');
	expect(narrow).toContain('Connection refused: ');
	const wide = (await linesOf(calmShop({readings, columns: 200, rows: 50}))).join('\n');
	expect(wide).toContain('GET /api/v1/predictions/17/odds → 502');
});

test('what is about to be an alert is there before its hold time is over', async () => {
	const pending = containerAlert('app', {
		id: 'errors.server-errors',
		ruleId: 'errors.server-errors',
		metric: 'errors.server-errors',
		target: 'app',
		subject: '',
		isPending: true,
		value: 10,
		threshold: 5,
	});
	const lines = await linesOf(calmShop({alerts: [pending]}));
	const none = lines.findIndex(line => line.includes('no alerts'));
	expect(lines[0]).toMatch(/ ~ PENDING 1 /);
	expect(lines.join('\n')).not.toMatch(/ OK /);
	expect(lines[none + 1]).toMatch(/~ app: 5xx answers 10% +1m$/);
});

test('an alert about everything of a target names the target, and what is built in is said in words', async () => {
	const unknown = containerAlert('*', {level: 'unknown', metric: 'container.crash-loop'});
	const english = (await linesOf(calmShop({alerts: [unknown]}))).join('\n');
	expect(english).not.toContain('*:');
	const chinese = (
		await linesOf(calmShop({alerts: [unknown], language: 'zh', columns: 200, rows: 50}))
	).join('\n');
	expect(chinese).not.toContain('built in');
	expect(chinese).toContain('内置阈值');
});
