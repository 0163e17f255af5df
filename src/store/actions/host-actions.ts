import {firstOf, noEngine, readOnly} from '../availability.ts';
import {daysOldField} from '../fields.ts';
import {type Action, number} from './action.ts';

/** The actions on the host, in the order of the menu. */
export const hostActions: readonly Action[] = [
	{
		id: 'clean-images',
		title: 'action.clean-images',
		on: ['host'],
		risk: 'destructive',
		obstacle: firstOf(readOnly, noEngine),
		request: () => ({}),
	},
	{
		id: 'clean-build-cache',
		title: 'action.clean-build-cache',
		on: ['host'],
		risk: 'destructive',
		obstacle: firstOf(readOnly, noEngine),
		request: () => ({}),
	},
	{
		id: 'clean-logs',
		title: 'action.clean-logs',
		on: ['host'],
		risk: 'destructive',
		fields: [daysOldField],
		obstacle: readOnly,
		request: (_thing, values) => ({days: number(values, 'days')}),
	},
];
