import type {JsonValue, Risk} from '../domain/plan.ts';
import type {Problem} from '../domain/problem.ts';
import type {ScreenWord} from '../words/screen.ts';
import {
	busy,
	firstOf,
	gone,
	needsServer,
	noBackup,
	noCompose,
	noEngine,
	notRunning,
	type Obstacle,
	readOnly,
	runsAlready,
	server,
} from './availability.ts';
import type {Entry} from './dialog.ts';
import {
	backupField,
	backupTableField,
	countField,
	daysField,
	daysOldField,
	type Field,
	indexField,
	keptField,
	levelField,
	memoryField,
	minutesField,
	policyField,
	prefixField,
	serverField,
	saveField,
	sessionField,
	setField,
	signalField,
	tableField,
} from './fields.ts';
import type {State} from './state.ts';
import {type Thing, thingId} from './things.ts';

type Values = Readonly<Record<string, string>>;

/** One thing that an operator can do, for the menu. The operation itself plans, refuses and acts. */
export type Action = {
	/** Id of the operation, or of the way into a container. */
	readonly id: string;
	readonly title: ScreenWord;
	/** Kinds of things that it can be done to. */
	readonly on: readonly Thing['kind'][];
	/** What to expect; the card has the risk of the plan itself. */
	readonly risk: Risk;
	readonly fields?: readonly Field[];
	/** Why it is not possible now. */
	readonly obstacle: Obstacle;
	/** What the operation is asked for. */
	readonly request: (thing: Thing, values: Values) => JsonValue;
	/** Not an operation: the terminal is handed over to a program in the container. */
	readonly terminal?: 'shell' | 'attach';
};

const onService = firstOf(readOnly, noEngine, gone, busy);
const onRunning = firstOf(onService, notRunning);
const onServer = firstOf(readOnly, busy, server('answer'));
const onPrimary = firstOf(readOnly, busy, server('writes'));

/** The very container that the menu was opened for, by its id: a namesake is not meant. */
function services(thing: Thing): {readonly services: readonly string[]} {
	return {services: thing.kind === 'container' ? [thing.id] : []};
}

function serverOf(thing: Thing, values: Values): string {
	return thing.kind === 'postgres' || thing.kind === 'redis' ? thing.id : (values['server'] ?? '');
}

function number(values: Values, id: string): number {
	return Number(values[id] ?? '');
}

/** Every action, in the order of the menu. An operation that is not registered is left out. */
export const actions: readonly Action[] = [
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
	{
		id: 'backup-database',
		title: 'action.backup-database',
		on: ['postgres'],
		risk: 'safe',
		obstacle: onServer,
		request: (thing, values) => ({target: serverOf(thing, values)}),
	},
	{
		id: 'restore-database',
		title: 'action.restore-database',
		on: ['postgres'],
		risk: 'destructive',
		fields: [backupField('database')],
		obstacle: firstOf(onPrimary, noBackup('database')),
		request: (thing, values) => ({
			target: serverOf(thing, values),
			backup: values['backup'] ?? '',
		}),
	},
	{
		id: 'restore-table',
		title: 'action.restore-table',
		on: ['postgres'],
		risk: 'safe',
		fields: [backupField('database'), backupTableField],
		obstacle: firstOf(onPrimary, noBackup('database')),
		request: (thing, values) => ({
			target: serverOf(thing, values),
			backup: values['backup'] ?? '',
			table: values['table'] ?? '',
		}),
	},
	{
		id: 'swap-back-database',
		title: 'action.swap-back-database',
		on: ['postgres'],
		risk: 'destructive',
		fields: [keptField],
		obstacle: onPrimary,
		request: (thing, values) => ({target: serverOf(thing, values), kept: values['kept'] ?? ''}),
	},
	{
		id: 'drop-kept-database',
		title: 'action.drop-kept-database',
		on: ['postgres'],
		risk: 'destructive',
		fields: [keptField],
		obstacle: onPrimary,
		request: (thing, values) => ({target: serverOf(thing, values), kept: values['kept'] ?? ''}),
	},
	{
		id: 'cancel-query',
		title: 'action.cancel-query',
		on: ['postgres'],
		risk: 'disruptive',
		fields: [sessionField],
		obstacle: firstOf(readOnly, server('answer', 'queries')),
		request: (thing, values) => ({
			target: serverOf(thing, values),
			pid: number(values, 'pid'),
		}),
	},
	{
		id: 'terminate-sessions',
		title: 'action.terminate-sessions',
		on: ['postgres'],
		risk: 'disruptive',
		fields: [minutesField],
		obstacle: firstOf(readOnly, server('answer')),
		request: (thing, values) => ({
			target: serverOf(thing, values),
			idleMinutes: number(values, 'minutes'),
		}),
	},
	{
		id: 'analyze-database',
		title: 'action.analyze-database',
		on: ['postgres'],
		risk: 'safe',
		obstacle: onPrimary,
		request: (thing, values) => ({target: serverOf(thing, values)}),
	},
	{
		id: 'vacuum-table',
		title: 'action.vacuum-table',
		on: ['postgres'],
		risk: 'safe',
		fields: [tableField],
		obstacle: onPrimary,
		request: (thing, values) => ({target: serverOf(thing, values), table: values['table'] ?? ''}),
	},
	{
		id: 'reindex-concurrently',
		title: 'action.reindex-concurrently',
		on: ['postgres'],
		risk: 'safe',
		fields: [indexField],
		obstacle: onPrimary,
		request: (thing, values) => ({target: serverOf(thing, values), index: values['index'] ?? ''}),
	},
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
	{
		id: 'backup-everything',
		title: 'action.backup-everything',
		on: ['backups'],
		risk: 'safe',
		obstacle: readOnly,
		request: () => ({}),
	},
	{
		id: 'backup-database',
		title: 'action.backup-database',
		on: ['backups'],
		risk: 'safe',
		fields: [serverField('postgres')],
		obstacle: firstOf(readOnly, needsServer('postgres')),
		request: (thing, values) => ({target: serverOf(thing, values)}),
	},
	{
		id: 'backup-redis',
		title: 'action.backup-redis',
		on: ['backups'],
		risk: 'safe',
		fields: [serverField('redis')],
		obstacle: firstOf(readOnly, needsServer('redis')),
		request: (thing, values) => ({redis: serverOf(thing, values)}),
	},
	{
		id: 'backup-files',
		title: 'action.backup-files',
		on: ['backups'],
		risk: 'safe',
		fields: [setField],
		obstacle: readOnly,
		request: (_thing, values) => ({set: values['set'] ?? ''}),
	},
	{
		id: 'backup-logs',
		title: 'action.backup-logs',
		on: ['backups'],
		risk: 'safe',
		fields: [daysField],
		obstacle: readOnly,
		request: (_thing, values) => ({days: number(values, 'days')}),
	},
	{
		id: 'verify-backup',
		title: 'action.verify-backup',
		on: ['backups'],
		risk: 'safe',
		fields: [backupField('database', 'redis', 'files', 'logs'), levelField],
		obstacle: firstOf(readOnly, noBackup('database', 'redis', 'files', 'logs')),
		request: (_thing, values) => ({
			backup: values['backup'] ?? '',
			level: number(values, 'level'),
		}),
	},
	{
		id: 'restore-database',
		title: 'action.restore-database',
		on: ['backups'],
		risk: 'destructive',
		fields: [backupField('database'), serverField('postgres')],
		obstacle: firstOf(readOnly, needsServer('postgres'), noBackup('database')),
		request: (thing, values) => ({
			target: serverOf(thing, values),
			backup: values['backup'] ?? '',
		}),
	},
	{
		id: 'restore-redis',
		title: 'action.restore-redis',
		on: ['backups'],
		risk: 'destructive',
		fields: [backupField('redis'), serverField('redis')],
		obstacle: firstOf(readOnly, needsServer('redis'), noBackup('redis')),
		request: (thing, values) => ({
			redis: serverOf(thing, values),
			backup: values['backup'] ?? '',
		}),
	},
	{
		id: 'restore-files',
		title: 'action.restore-files',
		on: ['backups'],
		risk: 'destructive',
		fields: [backupField('files')],
		obstacle: firstOf(readOnly, noBackup('files')),
		request: (_thing, values) => ({backup: values['backup'] ?? ''}),
	},
	{
		id: 'pin-backup',
		title: 'action.pin-backup',
		on: ['backups'],
		risk: 'safe',
		fields: [backupField('database', 'redis', 'files', 'logs')],
		obstacle: firstOf(readOnly, noBackup('database', 'redis', 'files', 'logs')),
		request: (_thing, values) => ({backup: values['backup'] ?? ''}),
	},
	{
		id: 'unpin-backup',
		title: 'action.unpin-backup',
		on: ['backups'],
		risk: 'safe',
		fields: [backupField('database', 'redis', 'files', 'logs')],
		obstacle: firstOf(readOnly, noBackup('database', 'redis', 'files', 'logs')),
		request: (_thing, values) => ({backup: values['backup'] ?? ''}),
	},
	{
		id: 'prune-backups',
		title: 'action.prune-backups',
		on: ['backups'],
		risk: 'destructive',
		obstacle: readOnly,
		request: () => ({}),
	},
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

/** The actions that can be done to a thing here, in a stable order. */
export function actionsOn(state: State, thing: Thing): readonly Action[] {
	return actions.filter(
		({id, on, terminal}) =>
			on.includes(thing.kind) && (terminal !== undefined || state.operations.includes(id)),
	);
}

/** The entries of a menu for some things. */
export function entriesOf(state: State, things: readonly Thing[]): readonly Entry[] {
	return things.flatMap(thing =>
		actionsOn(state, thing).map(({id}) => ({key: `${thingId(thing)} ${id}`, action: id, thing})),
	);
}

/** The action behind an entry. */
export function actionOf({action, thing}: Entry): Action | undefined {
	return actions.find(({id, on}) => id === action && on.includes(thing.kind));
}

/** Why an entry is not possible now. */
export function obstacleOf(state: State, entry: Entry): Problem | undefined {
	return actionOf(entry)?.obstacle(state, entry.thing);
}
