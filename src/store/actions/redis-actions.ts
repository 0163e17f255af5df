import {firstOf, noBackup} from '../availability.ts';
import {backupField, memoryField, policyField, prefixField, saveField} from '../fields.ts';
import {type Action, serverOf, onServer, onPrimary} from './action.ts';

/** The actions on a Redis server, in the order of the menu. */
export const redisActions: readonly Action[] = [
	{
		id: 'backup-redis',
		title: 'action.backup-redis',
		on: ['redis'],
		risk: 'safe',
		obstacle: onServer,
		request: (thing, values) => ({redis: serverOf(thing, values)}),
	},
	{
		id: 'restore-redis',
		title: 'action.restore-redis',
		on: ['redis'],
		risk: 'destructive',
		fields: [backupField('redis')],
		obstacle: firstOf(onPrimary, noBackup('redis')),
		request: (thing, values) => ({
			redis: serverOf(thing, values),
			backup: values['backup'] ?? '',
		}),
	},
	{
		id: 'set-redis-memory',
		title: 'action.set-redis-memory',
		on: ['redis'],
		risk: 'disruptive',
		fields: [memoryField],
		obstacle: onServer,
		request: (thing, values) => ({redis: serverOf(thing, values), value: values['memory'] ?? ''}),
	},
	{
		id: 'set-redis-policy',
		title: 'action.set-redis-policy',
		on: ['redis'],
		risk: 'disruptive',
		fields: [policyField],
		obstacle: onServer,
		request: (thing, values) => ({redis: serverOf(thing, values), value: values['policy'] ?? ''}),
	},
	{
		id: 'set-redis-save',
		title: 'action.set-redis-save',
		on: ['redis'],
		risk: 'disruptive',
		fields: [saveField],
		obstacle: onServer,
		request: (thing, values) => ({redis: serverOf(thing, values), value: values['save'] ?? ''}),
	},
	{
		id: 'delete-redis-keys',
		title: 'action.delete-redis-keys',
		on: ['redis'],
		risk: 'destructive',
		fields: [prefixField],
		obstacle: onPrimary,
		request: (thing, values) => ({
			redis: serverOf(thing, values),
			prefix: values['prefix'] ?? '',
		}),
	},
];
