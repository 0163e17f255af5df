import type {Container} from '../../domain/containers.ts';
import type {ServiceAction} from '../../domain/service-runtime.ts';
import type {Availability} from '../operation.ts';
import {refuse} from './refuse.ts';

/** What the menu knows of the chosen containers: all of one service, or one. */
export type Chosen = {readonly name: string; readonly containers: readonly Container[]};

const up: readonly string[] = ['running', 'restarting', 'paused'];

function reason(action: ServiceAction | 'shell', {name, containers}: Chosen) {
	const states = containers.map(({state}) => state);
	const isCompose = containers.every(({service}) => service !== undefined);
	if (containers.length === 0) return refuse('service-gone', {name});
	if (states.every(state => state === 'removing' || state === 'dead')) {
		return refuse('service-removing', {name, state: states[0] ?? '-'});
	}

	switch (action) {
		case 'start':
			if (states.includes('paused')) return refuse('service-paused', {name});
			return states.every(state => up.includes(state))
				? refuse('service-runs-already', {names: name})
				: undefined;
		case 'stop':
			return states.some(state => up.includes(state))
				? undefined
				: refuse('service-none-running', {names: name});
		case 'kill':
		case 'shell':
			return states.includes('running') ? undefined : refuse('service-none-running', {names: name});
		case 'restart':
			return states.includes('paused') ? refuse('service-paused', {name}) : undefined;
		case 'recreate':
		case 'scale':
			return isCompose ? undefined : refuse('service-not-compose', {name});
	}
}

/** Whether an action is possible on a service now, from what the screen knows; the plan looks closer. */
export function serviceAvailability(action: ServiceAction | 'shell', chosen: Chosen): Availability {
	const problem = reason(action, chosen)?.problem;
	return problem === undefined ? {isPossible: true} : {isPossible: false, why: problem};
}
