import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import type {Rule} from '../../../src/domain/alerts.ts';
import type {HostValue} from '../../../src/domain/host.ts';
import type {Reading} from '../../../src/domain/reading.ts';
import {createBoard} from '../../../src/engine/board.ts';
import {createClock} from '../../../src/io/clock.ts';
import type {Event} from '../../../src/store/events.ts';
import {settingsOf} from '../../support/settings.ts';
import {container} from '../../support/state.ts';
import {endpoint, errorsValue, failed, fresh, hostValue, usage} from '../../support/values.ts';

const cpuRule: Rule = {
	id: 'cpu',
	metric: 'host.cpu',
	direction: 'above',
	warn: 50,
	forMs: 0,
	hysteresis: 0.05,
	provenance: 'test',
};
const usageRule: Rule = {...cpuRule, id: 'usage', metric: 'container.cpu'};

function busy(busyPercent: number): Reading<HostValue> {
	return fresh({...hostValue, cpu: {...hostValue.cpu, busyPercent}});
}

/** A board that starts at a tick, and what it sent: the names of the changes and the alerts of each event. */
function openBoard(rules: readonly Rule[] = []) {
	const events: Event[] = [];
	const settings = settingsOf({rules, refreshMs: 2000});
	const board = createBoard({
		clock: createClock(),
		settings: () => settings,
		send: event => events.push(event),
	});
	const sent = () =>
		events.map(event =>
			event.type === 'readings-arrived' ? event.changes.map(({target}) => target).join() : '',
		);
	const alerts = () => {
		const last = events.at(-1);
		return last?.type === 'readings-arrived' ? last.alerts.map(({ruleId}) => ruleId) : [];
	};
	const engine = {version: '1', apiVersion: '1', name: 'a', operatingSystem: 'b'};
	const putContainers = (...names: string[]) => {
		const containers = names.map(name => container(name));
		board.put('docker.containers', 'docker', fresh({engine, containers}));
		return containers;
	};
	return {board, events, sent, alerts, putContainers};
}

beforeEach(() => {
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date']});
	vi.advanceTimersByTime(2000 - (performance.now() % 2000));
});
afterEach(() => {
	vi.useRealTimers();
});

describe('readings', () => {
	test('of one tick make one event; containers do not wait for it', () => {
		const {board, sent, putContainers} = openBoard();
		board.put('host.load', 'host', busy(1));
		vi.advanceTimersByTime(15);
		board.put('host.load', 'host', busy(2));
		board.put('host.load', 'other', busy(2));
		vi.advanceTimersByTime(15);
		expect(sent()).toEqual(['host', 'host,other']);
		board.put('host.load', 'host', busy(3));
		vi.advanceTimersByTime(60);
		board.put('host.load', 'other', busy(3));
		vi.advanceTimersByTime(59);
		expect(sent()).toHaveLength(2);
		vi.advanceTimersByTime(1);
		expect(sent()[2]).toBe('host,other');
		board.put('host.load', 'host', busy(4));
		putContainers('app');
		vi.advanceTimersByTime(1);
		expect(sent()[3]).toBe('host,docker');
	});

	test('that fail, or are there for the first time, are handed on at once', () => {
		const {board, sent} = openBoard();
		board.put('http.endpoint', 'a', fresh(endpoint('http://a')));
		vi.advanceTimersByTime(15);
		board.put('http.endpoint', 'a', failed());
		vi.advanceTimersByTime(15);
		expect(sent()).toEqual(['a', 'a']);
	});

	test('with a rhythm of their own ride with the next tick, unless they turn bad', () => {
		const {board, sent} = openBoard();
		board.put('http.endpoint', 'a', fresh(endpoint('http://a')));
		board.put('logs.errors', 'logs', fresh({...errorsValue, groups: []}));
		vi.advanceTimersByTime(500);
		board.put('http.endpoint', 'a', fresh(endpoint('http://a', {latencyMs: 9})));
		board.put('logs.errors', 'logs', fresh({...errorsValue, groups: [], errorsPerMinute: 3}));
		vi.advanceTimersByTime(1500 + 119);
		expect(sent()).toEqual(['a,logs']);
		vi.advanceTimersByTime(1);
		expect(sent()).toEqual(['a,logs', 'a,logs']);
		board.put('http.endpoint', 'a', fresh(endpoint('http://a', {isUp: false})));
		vi.advanceTimersByTime(15);
		board.put('logs.errors', 'logs', fresh(errorsValue));
		vi.advanceTimersByTime(15);
		expect(sent().slice(2)).toEqual(['a', 'logs']);
	});

	test('of a target that is no longer watched do not arrive any more', () => {
		const {board, sent, alerts} = openBoard([cpuRule]);
		board.put('host.load', 'host', busy(80));
		board.flush();
		expect(alerts()).toEqual(['cpu']);
		board.put('host.load', 'host', busy(90));
		board.put('host.load', 'other', busy(1));
		board.drop('host.load', 'host');
		board.flush();
		expect(sent()).toEqual(['host', 'other']);
		expect(alerts()).toEqual([]);
	});

	test('are judged by the thresholds in the event that brings them', () => {
		const {board, alerts} = openBoard([cpuRule]);
		for (const [percent, expected] of [
			[10, []],
			[60, ['cpu']],
			[10, []],
		] as const) {
			board.put('host.load', 'host', busy(percent));
			board.flush();
			expect(alerts()).toEqual(expected);
		}
	});

	test('of usage are told by the containers of now, also when only those changed', () => {
		const {board, alerts, putContainers} = openBoard([usageRule]);
		const [app, db] = putContainers('app', 'db');
		const byId = {[app?.id ?? '']: usage({cpuPercent: 80}), [db?.id ?? '']: usage({cpuPercent: 1})};
		board.put('docker.usage', 'docker', fresh({byId}) as never);
		board.flush();
		expect(alerts()).toEqual(['usage']);
		putContainers('db');
		board.flush();
		expect(alerts()).toEqual([]);
	});

	test('bring the points of their sparklines', () => {
		const {board, events} = openBoard();
		board.put('host.load', 'host', busy(42));
		board.flush();
		expect(events[0]).toMatchObject({points: {'host.cpu@host': 42}});
	});
});

test('a closed board hands on what it had and leaves no timer', () => {
	const {board, sent} = openBoard();
	board.put('host.load', 'host', busy(1));
	board.close();
	board.put('host.load', 'host', busy(2));
	vi.advanceTimersByTime(5000);
	expect(sent()).toEqual(['host']);
	expect(vi.getTimerCount()).toBe(0);
});
