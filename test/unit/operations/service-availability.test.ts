import {expect, test} from 'vitest';
import type {ContainerState} from '../../../src/domain/containers.ts';
import {serviceAvailability} from '../../../src/operations/services/availability.ts';
import {container} from '../../support/state.ts';

const actions = ['start', 'stop', 'restart', 'kill', 'recreate', 'scale', 'shell'] as const;

/** The actions that are possible on a service whose containers have these states. */
function possible(...states: readonly ContainerState[]): string {
	const containers = states.map(state => container('app', {state}));
	const chosen = {name: 'shop/app', containers};
	return actions.filter(action => serviceAvailability(action, chosen).isPossible).join(' ');
}

test('an action is offered where it can do something', () => {
	expect(possible('running')).toBe('stop restart kill recreate scale shell');
	expect(possible('exited')).toBe('start restart recreate scale');
	expect(possible('running', 'exited')).toBe('start stop restart kill recreate scale shell');
	expect(possible('paused')).toBe('stop recreate scale');
	expect(possible('removing')).toBe('');
	expect(possible()).toBe('');
});

test('the reason is given where it is not', () => {
	const chosen = {name: 'shop/app', containers: [container('app', {state: 'exited'})]};
	expect(serviceAvailability('stop', chosen)).toEqual({
		isPossible: false,
		why: {code: 'service-none-running', params: {names: 'shop/app'}, retry: 'rarely'},
	});
});
