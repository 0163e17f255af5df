import {describe, expect, test} from 'vitest';
import type {Rule} from '../../../src/domain/alerts.ts';
import {everySubject, type Sample} from '../../../src/domain/metrics.ts';
import {
	evaluate,
	longestGapMs,
	noThresholdState,
	unknownHoldMs,
	type AlertChange,
	type ThresholdState,
} from '../../../src/domain/thresholds.ts';

const wallStartMs = Date.UTC(2026, 10, 21);

const diskRule: Rule = {
	id: 'disk',
	metric: 'host.disk',
	warn: 80,
	crit: 90,
	direction: 'above',
	forMs: 10_000,
	hysteresis: 0.05,
	provenance: 'H2-04',
};

function disk(value: number | undefined, subject = '/'): Sample {
	return {metric: 'host.disk', target: 'host', subject, value};
}

/** Evaluates a series; each step is seconds since the start, the samples, and how far the wall clock is off. */
function run(
	rules: readonly Rule[],
	steps: readonly (readonly [seconds: number, samples: readonly Sample[], wallOffMs?: number])[],
) {
	let state: ThresholdState = noThresholdState;
	const changes: AlertChange[] = [];
	const alerts = steps.map(([seconds, samples, wallOffMs = 0]) => {
		const result = evaluate(state, rules, samples, {
			nowMs: wallStartMs + seconds * 1000 + wallOffMs,
			monotonicMs: seconds * 1000,
		});
		state = result.state;
		changes.push(...result.changes);
		return result.alerts;
	});
	return {alerts, changes, last: alerts.at(-1) ?? [], kinds: changes.map(change => change.kind)};
}

describe('hold time and levels', () => {
	test('pending, raised after the hold time, cleared', () => {
		const {alerts, kinds} = run(
			[diskRule],
			[
				[0, [disk(85)]],
				[9, [disk(85)]],
				[10, [disk(86)]],
				[12, [disk(70)]],
			],
		);
		expect(alerts[0]).toMatchObject([{isPending: true, level: 'warn', sinceMs: wallStartMs}]);
		expect(alerts[1]).toMatchObject([{isPending: true}]);
		expect(alerts[2]).toMatchObject([
			{
				isPending: false,
				level: 'warn',
				value: 86,
				threshold: 80,
				sinceMs: wallStartMs,
				provenance: 'H2-04',
				target: 'host',
				subject: '/',
			},
		]);
		expect(alerts[3]).toEqual([]);
		expect(kinds).toEqual(['pending', 'raised', 'cleared']);
	});

	test('one good value while pending starts the hold time anew', () => {
		const {last, kinds} = run(
			[diskRule],
			[
				[0, [disk(85)]],
				[8, [disk(79.9)]],
				[9, [disk(85)]],
				[18, [disk(85)]],
			],
		);
		expect(last).toMatchObject([{isPending: true}]);
		expect(kinds).toEqual(['pending', 'pending']);
	});

	test('each level has its own hold time, and a change of level is told', () => {
		const {alerts, changes} = run(
			[diskRule],
			[
				[0, [disk(85)]],
				[10, [disk(95)]],
				[19, [disk(95)]],
				[20, [disk(95)]],
				[21, [disk(86)]],
				[22, [disk(85)]],
			],
		);
		expect(alerts.map(list => list[0]?.level)).toEqual([
			'warn',
			'warn',
			'warn',
			'crit',
			'crit',
			'warn',
		]);
		expect(changes.map(({kind, from}) => [kind, from])).toEqual([
			['pending', undefined],
			['raised', undefined],
			['level', 'warn'],
			['level', 'crit'],
		]);
	});

	test('without a hold time it is raised at once', () => {
		expect(run([{...diskRule, forMs: 0}], [[0, [disk(95)]]]).kinds).toEqual(['raised']);
	});

	test('hysteresis keeps a raised level, and only a raised one', () => {
		const rule = {...diskRule, forMs: 0};
		const {alerts} = run(
			[rule],
			[
				[0, [disk(78)]],
				[1, [disk(80)]],
				[2, [disk(76.1)]],
				[3, [disk(76)]],
				[4, [disk(78)]],
			],
		);
		expect(alerts.map(list => list.length)).toEqual([0, 1, 1, 0, 0]);
	});

	test('below: trouble at or under the threshold', () => {
		const rule: Rule = {
			id: 'certificate',
			metric: 'endpoint.certificate-days',
			warn: 30,
			crit: 7,
			direction: 'below',
			forMs: 0,
			hysteresis: 0.1,
			provenance: 'built in',
		};
		const days = (value: number): Sample[] => [
			{metric: 'endpoint.certificate-days', target: 'web', subject: 'web', value},
		];
		const {alerts} = run(
			[rule],
			[
				[0, days(31)],
				[1, days(30)],
				[2, days(32.9)],
				[3, days(33)],
				[4, days(7)],
			],
		);
		expect(alerts.map(list => list[0]?.level)).toEqual([
			undefined,
			'warn',
			'warn',
			undefined,
			'crit',
		]);
	});

	test('after a long pause nobody knows what held, so the hold time starts anew', () => {
		const pause = longestGapMs / 1000 + 1;
		const {kinds} = run(
			[diskRule],
			[
				[0, [disk(85)]],
				[pause, [disk(85)]],
				[pause + 9, [disk(85)]],
			],
		);
		expect(kinds).toEqual(['pending']);
	});
});

describe('several rules and subjects', () => {
	const data: Rule = {...diskRule, id: 'data', subject: '/data*', warn: 95, crit: 99, forMs: 0};
	const exact: Rule = {
		...diskRule,
		id: 'exact',
		subject: '/data/log',
		warn: 50,
		crit: 60,
		forMs: 0,
	};

	test('the most specific subject wins', () => {
		const {last} = run(
			[exact, {...diskRule, forMs: 0}, data],
			[[0, [disk(85), disk(94, '/data'), disk(96, '/data/x'), disk(55, '/data/log')]]],
		);
		expect(last.map(alert => [alert.subject, alert.ruleId, alert.level]).sort()).toEqual([
			['/', 'disk', 'warn'],
			['/data/log', 'exact', 'warn'],
			['/data/x', 'data', 'warn'],
		]);
	});

	test('equally specific rules both count; of one id the last', () => {
		const slow: Rule = {...diskRule, id: 'slow', crit: 95, warn: 200, forMs: 60_000};
		const {last} = run(
			[diskRule, slow, {...diskRule, warn: 70, crit: 200, forMs: 0}],
			[[0, [disk(96)]]],
		);
		expect(last.map(alert => [alert.ruleId, alert.level, alert.isPending])).toEqual([
			['disk', 'warn', false],
			['slow', 'crit', true],
		]);
	});

	test('a rule may name an alias', () => {
		const rule: Rule = {
			...diskRule,
			id: 'db',
			metric: 'container.down',
			subject: 'db',
			warn: 1,
			crit: 1,
			forMs: 0,
		};
		const sample: Sample = {
			metric: 'container.down',
			target: 'docker',
			subject: 'shop-db-1',
			aliases: ['db'],
			value: 1,
		};
		expect(run([rule], [[0, [sample]]]).last).toMatchObject([
			{subject: 'shop-db-1', level: 'crit'},
		]);
	});

	test('a subject that vanished clears', () => {
		const {kinds, last} = run(
			[{...diskRule, forMs: 0}],
			[
				[0, [disk(95, '/mnt')]],
				[1, [disk(10)]],
			],
		);
		expect(kinds).toEqual(['raised', 'cleared']);
		expect(last).toEqual([]);
	});
});

describe('unknown values', () => {
	const rule = {...diskRule, forMs: 0};
	const failed: Sample = disk(undefined, everySubject);
	const holdSeconds = unknownHoldMs / 1000;

	test('never known: no alert; known before: an alert after the hold time, which clears', () => {
		expect(
			run(
				[rule],
				[
					[0, [disk(undefined)]],
					[50, [disk(undefined)]],
				],
			).changes,
		).toEqual([]);
		const {alerts, kinds} = run(
			[rule],
			[
				[0, [disk(10)]],
				[1, [disk(undefined)]],
				[1 + holdSeconds, [disk(Number.NaN)]],
				[20, [disk(10)]],
			],
		);
		expect(alerts[1]).toEqual([]);
		expect(alerts[2]).toMatchObject([{level: 'unknown', isPending: false}]);
		expect(alerts[2]?.[0]).not.toHaveProperty('value');
		expect(kinds).toEqual(['raised', 'cleared']);
	});

	test('a raised alert stays raised, without a value', () => {
		const {alerts, kinds} = run(
			[rule],
			[
				[0, [disk(95)]],
				[1, [disk(undefined)]],
				[30, [disk(undefined)]],
				[31, [disk(95)]],
			],
		);
		expect(alerts[2]).toMatchObject([{level: 'crit', sinceMs: wallStartMs}]);
		expect(alerts[2]?.[0]).not.toHaveProperty('value');
		expect(kinds).toEqual(['raised']);
	});

	test('a source that failed is one unknown alert after the hold time, and keeps what was raised', () => {
		const {alerts, kinds, last} = run(
			[rule],
			[
				[0, [disk(10), disk(95, '/data')]],
				[1, [failed]],
				[1 + holdSeconds, [failed]],
				[20, [disk(10), disk(95, '/data')]],
			],
		);
		expect(alerts[1]?.map(alert => alert.level)).toEqual(['crit']);
		expect(alerts[2]?.map(alert => [alert.subject, alert.level])).toEqual([
			['/data', 'crit'],
			[everySubject, 'unknown'],
		]);
		expect(kinds).toEqual(['raised', 'raised', 'cleared']);
		expect(last).toMatchObject([{subject: '/data', level: 'crit'}]);
	});

	test('a source that never worked is an unknown alert too, after the longer hold time of the rule', () => {
		const {alerts} = run(
			[{...diskRule, forMs: 30_000}],
			[
				[0, [failed]],
				[29, [failed]],
				[30, [failed]],
			],
		);
		expect(alerts.map(list => list.map(alert => alert.level))).toEqual([[], [], ['unknown']]);
	});

	test('a pending alert does not count unknown time', () => {
		const {last} = run(
			[diskRule],
			[
				[0, [disk(85)]],
				[5, [disk(undefined)]],
				[10, [disk(85)]],
			],
		);
		expect(last).toMatchObject([{isPending: true, sinceMs: wallStartMs + 10_000}]);
	});
});

/** Small generator with a seed, so that a failure can be repeated. */
function random(seed: number): () => number {
	let value = seed;
	return () => {
		value = (value * 1_664_525 + 1_013_904_223) % 4_294_967_296;
		return value / 4_294_967_296;
	};
}

/** A random walk around the thresholds, with gaps and unknown values. */
function series(seed: number): (readonly [number, readonly Sample[]])[] {
	const next = random(seed);
	let seconds = 0;
	let value = 60 + next() * 40;
	return Array.from({length: 200}, () => {
		seconds += 0.5 + next() * 4;
		value = Math.min(100, Math.max(0, value + (next() - 0.5) * 20));
		return [seconds, [disk(next() < 0.03 ? undefined : value)]] as const;
	});
}

describe('random series', () => {
	const seeds = Array.from({length: 60}, (_, index) => index + 1);

	test('no alert without its hold time', () => {
		for (const seed of seeds) {
			const steps = series(seed);
			const {changes} = run([diskRule], steps);
			for (const {kind, alert, atMs} of changes) {
				if (kind !== 'raised' || alert.level === 'unknown') continue;
				const threshold = alert.level === 'crit' ? 90 : 80;
				const raisedAt = (atMs - wallStartMs) / 1000;
				const window = steps.filter(
					([seconds]) => seconds >= raisedAt - 10 && seconds <= raisedAt + 0.001,
				);
				expect(window.every(([, [sample]]) => (sample?.value ?? 0) >= threshold)).toBe(true);
				expect(alert.sinceMs).toBeLessThanOrEqual(atMs - 10_000);
			}
		}
	});

	test('every step says what a slow and simple model says', () => {
		const rule = {...diskRule, forMs: 0};
		for (const seed of seeds) {
			const steps = series(seed);
			const {alerts} = run([rule], steps);
			let warn = false;
			let crit = false;
			const expected = steps.map(([, [sample]]) => {
				const value = sample?.value;
				if (value !== undefined) {
					warn = value >= 80 || (warn && value > 76);
					crit = value >= 90 || (crit && value > 85.5);
				}

				return crit ? 'crit' : warn ? 'warn' : undefined;
			});
			const shown = alerts.map(([alert]) =>
				alert?.level === 'unknown' ? undefined : alert?.level,
			);
			expect(shown).toEqual(expected);
		}
	});

	test('no flapping inside the hysteresis band', () => {
		for (const seed of seeds) {
			const next = random(seed);
			const inside = Array.from(
				{length: 100},
				(_, index) => [index + 1, [disk(76.01 + next() * 13.9)]] as const,
			);
			const raised = run([{...diskRule, forMs: 0}], [[0, [disk(85)]], ...inside]);
			expect(raised.kinds).toEqual(['raised']);
			expect(raised.last).toHaveLength(1);
		}
	});

	test('A18: jumps of the wall clock by a day change nothing but the shown time', () => {
		for (const seed of seeds.slice(0, 20)) {
			const next = random(seed + 1000);
			const steps = series(seed);
			let offMs = 0;
			const jumping = steps.map(([seconds, samples]) => {
				if (next() < 0.1) offMs += (next() < 0.5 ? -1 : 1) * 86_400_000;
				return [seconds, samples, offMs] as const;
			});
			const calm = run([diskRule], steps);
			const jumped = run([diskRule], jumping);
			expect(jumped.kinds).toEqual(calm.kinds);
			jumped.alerts.forEach((alerts, index) => {
				const nowMs = wallStartMs + (jumping[index]?.[0] ?? 0) * 1000 + (jumping[index]?.[2] ?? 0);
				const calmNowMs = wallStartMs + (steps[index]?.[0] ?? 0) * 1000;
				expect(alerts.map(alert => alert.level)).toEqual(
					calm.alerts[index]?.map(alert => alert.level),
				);
				alerts.forEach((alert, position) => {
					const calmAgeMs = calmNowMs - (calm.alerts[index]?.[position]?.sinceMs ?? 0);
					expect(nowMs - alert.sinceMs).toBeCloseTo(calmAgeMs, 3);
					expect(nowMs - alert.sinceMs).toBeGreaterThanOrEqual(0);
				});
			});
		}
	});
});

test('says since when it is so: as the source knows, else at the latest since the first look', () => {
	const since = (...steps: Parameters<typeof run>[1]) =>
		run([diskRule], steps)
			.alerts.at(-1)
			?.map(({sinceMs, isSinceLatest}) => [(sinceMs - wallStartMs) / 1000, isSinceLatest]);
	expect(since([0, [disk(85)]], [20, [disk(85)]])).toEqual([[0, true]]);
	expect(since([0, [disk(10)]], [5, [disk(85)]], [20, [disk(85)]])).toEqual([[5, undefined]]);
	expect(since([0, [disk(85)]], [2, [disk(10)]], [5, [disk(85)]])).toEqual([[5, undefined]]);
	const known = {...disk(85), sinceMs: wallStartMs - 60_000};
	expect(since([0, [known]], [20, [known]])).toEqual([[-60, undefined]]);
	expect(since([0, [known]], [20, [known]], [21, [disk(undefined)]])).toEqual([[-60, undefined]]);
});

test('an alert whose value falls back says so, and until when it is held where that is known', () => {
	const recovery = (...steps: Parameters<typeof run>[1]) =>
		run([diskRule], steps)
			.alerts.at(-1)
			?.map(alert => alert.recovery);
	expect(recovery([0, [disk(85)]], [20, [disk(85)]])).toEqual([undefined]);
	expect(recovery([0, [disk(85)]], [20, [disk(85)]], [21, [disk(78)]])).toEqual([{}]);
	const falls = {...disk(85), fallsBelowMs: (limit: number) => limit * 100};
	expect(recovery([0, [falls]])).toEqual([undefined]);
	expect(recovery([0, [falls]], [20, [falls]])).toEqual([{untilMs: wallStartMs + 27_600}]);
});
