import {expect, test} from 'vitest';
import {examples, judgedLine} from '../../../src/looks/service/judged-lines.ts';
import {lastRunMs, ofLastRun} from '../../../src/looks/service/last-run.ts';
import {countSymptoms} from '../../../src/domain/log-symptoms.ts';
import type {Io} from '../../../src/io/io.ts';
import {sayText} from '../../../src/runbooks/say.ts';
import {partialIo} from '../../support/io.ts';
import {lookFacts} from '../../support/look-facts.ts';
import {container, nowMs} from '../../support/state.ts';

const none: ReadonlyMap<string, string> = new Map();
const line = (agoMs: number, text: string) => judgedLine({atMs: nowMs - agoMs, text}, none);
const refused = 'redis.exceptions.ConnectionError: Error 111 connecting. Connection refused.';
const outage = [600_000, 590_000, 580_000].map(ago => line(ago, refused));
const wrong = line(20_000, "KeyError: 'MODEL_PATH'");

test('a line of an earlier run gives neither kind nor first where the last one says something', () => {
	const run = ofLastRun([...outage, wrong], nowMs - 30_000);
	expect(run.isEarlier).toBe(false);
	expect(countSymptoms(run.telling)).toMatchObject({kind: 'setting-missing', first: wrong.text});
	expect(countSymptoms(run.lines).counts).toEqual({'setting-missing': 1});
	// What goes on over several runs is counted over all of them.
	const again = ofLastRun([...outage, line(20_000, refused)], nowMs - 30_000);
	expect(countSymptoms(again.lines).counts).toEqual({'connection-refused': 4});
	expect(again.telling).toHaveLength(1);
});

test('a line of an earlier run is said to be so where the last one says nothing', () => {
	const run = ofLastRun([...outage, line(5000, 'listening')], nowMs - 30_000);
	expect(run).toMatchObject({isEarlier: true, telling: outage});
	expect(examples(run.lines, run)[0]).toMatch(/^earlier run: .*Connection refused/);
	const says = (isEarlier: boolean, language: 'en' | 'zh') =>
		sayText(
			{en: 'its log: {service.log.first}', zh: '日志：{service.log.first}'},
			({field}) => (field === 'is-earlier-run' ? isEarlier : refused),
			language,
		);
	expect(says(true, 'en')).toBe(`its log: ${refused} (an earlier run)`);
	expect(says(true, 'zh')).toBe(`日志：${refused}（较早一次运行）`);
	expect(says(false, 'en')).toBe(`its log: ${refused}`);
	expect(ofLastRun([line(5000, 'listening')], 0).isEarlier).toBe(false);
});

const events: readonly (readonly [string, number])[] = [
	['start', 50_000],
	['die', 49_000],
	['start', 30_000],
	['die', 29_000],
	['start', 500],
];

/** An engine that tells these events. */
function engine(): Io {
	const lines = events.map(([action, agoMs]) =>
		JSON.stringify({
			...{Type: 'container', Action: action, timeNano: (nowMs - agoMs) * 1_000_000},
			Actor: {ID: 'app', Attributes: {name: 'app'}},
		}),
	);
	async function* stream() {
		yield await Promise.resolve(Buffer.from(`${lines.join('\n')}\n`));
	}

	const io = partialIo();
	return {...io, docker: {...io.docker, stream: () => Promise.resolve(stream())}};
}

test.each([
	['ends again and again, between two runs', {state: 'restarting', isCrashLooping: true}, 30_100],
	['ends again and again, runs a moment', {state: 'running', isCrashLooping: true}, 30_100],
	['was restarted and runs', {state: 'running', isCrashLooping: false}, 600],
	['has ended', {state: 'exited', isCrashLooping: false}, 30_100],
] as const)('the last run of a container that %s', async (_what, more, agoMs) => {
	const startedAtMs = nowMs - (more.state === 'running' ? 500 : 30_000);
	const app = container('app', {...more, startedAtMs, finishedAtMs: nowMs - 29_000});
	expect(await lastRunMs(lookFacts({io: engine()}), app)).toBe(nowMs - agoMs);
});
