import {expect, test} from 'vitest';
import type {Container} from '../../../src/domain/containers.ts';
import {cameBack} from '../../../src/engine/came-back.ts';
import {container} from '../../support/state.ts';

const running = container('db', {state: 'running', health: 'none', startedAtMs: 1000});

test.each<[string, Partial<Container>, Partial<Container>, boolean]>([
	['goes on', {}, {}, false],
	['started', {state: 'exited'}, {}, true],
	['was unpaused', {state: 'paused'}, {}, true],
	['started again between two looks', {}, {startedAtMs: 2000}, true],
	['was only described', {startedAtMs: undefined as never}, {}, false],
	['was replaced', {state: 'exited'}, {id: 'another'}, true],
	['became healthy', {health: 'starting'}, {health: 'healthy'}, true],
	['stays healthy', {health: 'healthy'}, {health: 'healthy'}, false],
	['became unhealthy', {health: 'healthy'}, {health: 'unhealthy'}, false],
	['died', {}, {state: 'exited'}, false],
])('a container that %s', (_name, before, after, isBack) => {
	const names = cameBack([{...running, ...before}], [{...running, ...after}]).map(({name}) => name);
	expect(names).toEqual(isBack ? [running.name] : []);
});

test('containers of the first list have not come back', () => {
	expect(cameBack([], [running])).toEqual([]);
});
