import {
	busy,
	firstOf,
	gone,
	noCompose,
	noEngine,
	notRunning,
	readOnly,
	runsAlready,
} from '../availability.ts';
import {countField, signalField} from '../fields.ts';
import type {Thing} from '../things.ts';
import {type Action, number} from './action.ts';

const onService = firstOf(readOnly, noEngine, gone, busy);
const onRunning = firstOf(onService, notRunning);

/** The very container that the menu was opened for, by its id: a namesake is not meant. */
function services(thing: Thing): {readonly services: readonly string[]} {
	return {services: thing.kind === 'container' ? [thing.id] : []};
}

/** The actions on containers and on a whole stack, in the order of the menu. */
export const serviceActions: readonly Action[] = [
	{
		id: 'start-service',
		title: 'action.start-service',
		on: ['container'],
		risk: 'safe',
		obstacle: firstOf(onService, runsAlready),
		request: services,
	},
	{
		id: 'restart-service',
		title: 'action.restart-service',
		on: ['container'],
		risk: 'disruptive',
		obstacle: onRunning,
		request: services,
	},
	{
		id: 'stop-service',
		title: 'action.stop-service',
		on: ['container'],
		risk: 'disruptive',
		obstacle: onRunning,
		request: services,
	},
	{
		id: 'kill-service',
		title: 'action.kill-service',
		on: ['container'],
		risk: 'disruptive',
		fields: [signalField],
		obstacle: onRunning,
		request: (thing, values) => ({...services(thing), signal: values['signal'] ?? ''}),
	},
	{
		id: 'recreate-service',
		title: 'action.recreate-service',
		on: ['container'],
		risk: 'disruptive',
		obstacle: firstOf(onService, noCompose),
		request: services,
	},
	{
		id: 'scale-service',
		title: 'action.scale-service',
		on: ['container'],
		risk: 'disruptive',
		fields: [countField],
		obstacle: firstOf(onService, noCompose),
		request: (thing, values) => ({
			service: thing.kind === 'container' ? (thing.service ?? '') : '',
			project: thing.kind === 'container' ? (thing.project ?? '') : '',
			count: number(values, 'count'),
		}),
	},
	{
		id: 'shell',
		title: 'action.shell',
		on: ['container'],
		risk: 'disruptive',
		obstacle: firstOf(readOnly, noEngine, gone, notRunning),
		request: () => null,
		terminal: 'shell',
	},
	{
		id: 'attach',
		title: 'action.attach',
		on: ['container'],
		risk: 'safe',
		obstacle: firstOf(readOnly, noEngine, gone, notRunning),
		request: () => null,
		terminal: 'attach',
	},
	{
		id: 'restart-all',
		title: 'action.restart-all',
		on: ['stack'],
		risk: 'disruptive',
		obstacle: firstOf(readOnly, noEngine, busy),
		request: thing => ({project: thing.kind === 'stack' ? thing.project : ''}),
	},
];
