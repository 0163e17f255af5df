import type {BackupChoices} from '../../src/domain/backup-choice.ts';
import type {Plan} from '../../src/domain/plan.ts';
import type {Effect} from '../../src/store/events.ts';
import type {State} from '../../src/store/state.ts';
import {update} from '../../src/store/update.ts';
import {calmShop, type ShopFacts} from './shop.ts';
import {nowMs} from './state.ts';

/** Every operation that the menu has an entry for. */
export const allOperations = [
	'backup-everything',
	...['start-service', 'stop-service', 'restart-service', 'kill-service', 'recreate-service'],
	...['scale-service', 'restart-all', 'backup-database', 'verify-backup', 'restore-database'],
	...['restore-table', 'prune-backups', 'backup-redis', 'restore-redis', 'set-redis-memory'],
	...[
		'set-redis-policy',
		'set-redis-save',
		'delete-redis-keys',
		'backup-files',
		'restore-files',
		'backup-logs',
	],
	...['cancel-query', 'terminate-sessions', 'analyze-database'],
	...['vacuum-table', 'reindex-concurrently', 'clean-images', 'clean-logs'],
	...['clean-build-cache', 'swap-back-database'],
	...['drop-kept-database', 'pin-backup', 'unpin-backup'],
];

/** A catalogue with a proven, an unproven and a bad backup. */
export const someBackups: BackupChoices = {
	kind: 'ready',
	backups: [
		{
			id: '20261119T030000Z-aaaaaaaa',
			kind: 'database',
			series: 'pg-shop',
			atMs: nowMs - 118_800_000,
			bytes: 123_456_789,
			proof: 3,
			tables: ['public.orders', 'public.订单'],
		},
		{
			id: '20261120T030000Z-bbbbbbbb',
			kind: 'database',
			series: 'pg-shop',
			atMs: nowMs - 32_400_000,
			bytes: 125_000_000,
		},
		{
			id: '20261118T030000Z-cccccccc',
			kind: 'redis',
			series: 'redis-cache',
			atMs: nowMs - 205_200_000,
			bytes: 4_000_000,
			isBad: true,
		},
	],
};

/** The shop with every operation there is and nothing done so far. */
export function shopWithOperations(facts: ShopFacts = {}): State {
	return {...calmShop(facts), operations: allOperations, jobs: [], backups: someBackups};
}

/** Presses keys one second apart, each alone, as a calm person does; resolves with the state and all effects. */
export function pressSlowly(
	state: State,
	keys: readonly string[],
	start = 100_000,
): {readonly state: State; readonly effects: readonly Effect[]; readonly atMs: number} {
	const effects: Effect[] = [];
	let current = state;
	let atMs = start;
	for (const key of keys) {
		atMs += 1000;
		const text = Array.from(key).length === 1 ? key : key === 'space' ? ' ' : '';
		const next = update(current, {type: 'key-pressed', key, text, atMs, together: 1});
		current = next.state;
		effects.push(...next.effects);
	}

	return {state: current, effects, atMs};
}

/** Opens the menu and moves to an action; not yet chosen. */
export function moveTo(state: State, action: string, menuKey: 'a' | 'A' = 'a'): State {
	let current = pressSlowly(state, [menuKey], 0).state;
	for (let presses = 0; presses < 60; presses++) {
		if (current.dialog?.kind !== 'menu') break;
		if (current.dialog.selected.endsWith(` ${action}`)) return current;
		current = pressSlowly(current, ['down'], presses * 1000).state;
	}

	throw new Error(`${action} is not in the menu`);
}

/** Opens the menu, moves to an action and chooses it. */
export function choose(state: State, action: string, menuKey: 'a' | 'A' = 'a') {
	return pressSlowly(moveTo(state, action, menuKey), ['return'], 70_000);
}

/** The state with the card of a plan, as if its action had been chosen. */
export function withCard(state: State, plan: Plan, atMs = 50_000): State {
	const menu = pressSlowly(state, ['a'], 0).state;
	const {dialog} = menu;
	if (dialog?.kind !== 'menu') throw new Error('no menu');
	const entry = {key: 'x', action: plan.operation, thing: {kind: 'host'} as const};
	const planning: State = {
		...menu,
		dialog: {kind: 'planning', operation: 'clean-logs', menu: dialog, entry, number: 7},
		planCount: 7,
	};
	return update(planning, {type: 'planned', number: 7, plan, atMs}).state;
}
