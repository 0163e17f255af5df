import type {BackupChoice} from '../domain/backup-choice.ts';
import {evictionPolicies} from '../domain/eviction-policies.ts';
import {formatBytes, formatCount, formatDateTime, formatDuration} from '../domain/format.ts';
import type {BackupKind} from '../domain/manifest.ts';
import type {Problem} from '../domain/problem.ts';
import {valueOf} from '../domain/reading.ts';
import {say, type ScreenWord} from '../words/screen.ts';
import {allContainerRows} from './select-containers.ts';
import {cancelObstacle} from './availability.ts';
import type {State} from './state.ts';
import {projectsHere, type Thing} from './things.ts';

/** One thing to choose: what it means, and what is shown. */
export type Choice = {
	readonly value: string;
	readonly label: string;
	readonly detail?: string;
	/** Why it cannot be chosen now. */
	readonly obstacle?: Problem;
};

/** The choices, or why there are none. */
export type Choices =
	| {readonly kind: 'ready'; readonly list: readonly Choice[]}
	| {readonly kind: 'loading'}
	| {readonly kind: 'failed'; readonly problem: Problem};

/** Where a field takes its choices and first value from. */
export type FieldFacts = {
	readonly state: State;
	readonly thing: Thing;
	/** What was given for the fields before. */
	readonly values: Readonly<Record<string, string>>;
};

/** One value that an action asks for. */
export type Field =
	| {
			readonly kind: 'choice';
			readonly id: string;
			readonly title: ScreenWord;
			readonly choices: (facts: FieldFacts) => Choices;
			/** Value that is selected first; the first one where absent. */
			readonly initial?: (facts: FieldFacts) => string;
	  }
	| {
			readonly kind: 'number';
			readonly id: string;
			readonly title: ScreenWord;
			readonly initial: (facts: FieldFacts) => string;
			readonly least: number;
			readonly most: number;
	  }
	| {
			readonly kind: 'text';
			readonly id: string;
			readonly title: ScreenWord;
			readonly initial: (facts: FieldFacts) => string;
			readonly pattern: RegExp;
	  };

/** Whether what was typed can be taken. */
export function isGiven(field: Field, input: string): boolean {
	switch (field.kind) {
		case 'choice':
			return input !== '';
		case 'number': {
			if (!/^\d{1,9}$/.test(input)) return false;
			const value = Number(input);
			return value >= field.least && value <= field.most;
		}

		case 'text':
			return field.pattern.test(input);
	}
}

function ready(list: readonly Choice[]): Choices {
	return {kind: 'ready', list};
}

const signals: readonly Choice[] = [
	{value: 'SIGKILL', label: 'SIGKILL'},
	{value: 'SIGTERM', label: 'SIGTERM'},
	{value: 'SIGINT', label: 'SIGINT'},
	{value: 'SIGQUIT', label: 'SIGQUIT'},
	{value: 'SIGHUP', label: 'SIGHUP'},
	{value: 'SIGUSR1', label: 'SIGUSR1'},
];

/** Which signal a container gets. */
export const signalField: Field = {
	kind: 'choice',
	id: 'signal',
	title: 'field.signal',
	choices: () => ready(signals),
};

/** How many containers a service shall have; how many it has now is filled in. */
export const countField: Field = {
	kind: 'number',
	id: 'count',
	title: 'field.count',
	initial({state, thing}) {
		if (thing.kind !== 'container') return '1';
		const same = allContainerRows(state.data).filter(
			({container}) => container.project === thing.project && container.service === thing.service,
		);
		return String(Math.max(1, same.length));
	},
	least: 1,
	most: 100,
};

function backupChoice(state: State, backup: BackupChoice): Choice {
	const {language} = state.ui;
	const proof = backup.isBad
		? say(language, 'level.bad')
		: backup.proof === undefined
			? say(language, 'level.unproven')
			: say(language, `level.${backup.proof}`);
	return {
		value: backup.id,
		label: `${formatDateTime(backup.atMs)} ${backup.series}`,
		detail: `${formatBytes(backup.bytes)}, ${proof}, ${backup.id}`,
	};
}

/** Which backup, newest first, with its time, size and proof. */
export function backupField(...kinds: readonly BackupKind[]): Field {
	return {
		kind: 'choice',
		id: 'backup',
		title: 'field.backup',
		choices({state}) {
			const {backups = {kind: 'loading'}} = state;
			if (backups.kind !== 'ready') return backups;
			return ready(
				backups.backups
					.filter(({kind}) => kinds.includes(kind))
					.toSorted((a, b) => b.atMs - a.atMs)
					.map(backup => backupChoice(state, backup)),
			);
		},
	};
}

/** Which table of the chosen backup. */
export const backupTableField: Field = {
	kind: 'choice',
	id: 'table',
	title: 'field.table',
	choices({state, values}) {
		const {backups = {kind: 'loading'}} = state;
		if (backups.kind !== 'ready') return backups;
		const tables = backups.backups.find(({id}) => id === values['backup'])?.tables ?? [];
		return ready(tables.map(name => ({value: name, label: name})));
	},
};

/** How deep a backup is verified. */
export const levelField: Field = {
	kind: 'choice',
	id: 'level',
	title: 'field.level',
	choices: ({state}) =>
		ready(
			(['1', '2', '3', '4'] as const).map(level => ({
				value: level,
				label: say(state.ui.language, `level.${level}`),
			})),
		),
	initial: () => '3',
};

/** Which of the watched servers of an area. */
export function serverField(area: 'postgres' | 'redis'): Field {
	return {
		kind: 'choice',
		id: 'server',
		title: area === 'postgres' ? 'field.database' : 'field.redis',
		choices: ({state}) =>
			ready(
				state.data.targets[area].map(({id, host, port}) => ({
					value: id,
					label: id,
					detail: `${host}:${port}`,
				})),
			),
	};
}

/** What is known of the storage of the server that is meant. */
function storageOf({state, thing}: FieldFacts) {
	if (thing.kind !== 'postgres') return undefined;
	return valueOf(state.data.readings['postgres.storage'][thing.id]);
}

/** Which table of the server, largest first. */
export const tableField: Field = {
	kind: 'choice',
	id: 'table',
	title: 'field.table',
	choices(facts) {
		const tables = storageOf(facts)?.tables;
		if (tables === undefined) return {kind: 'loading'};
		const {language} = facts.state.ui;
		return ready(
			(tables.available ? tables.value : []).map(table => ({
				value: `${table.schema}.${table.name}`,
				label: `${table.schema}.${table.name}`,
				detail: `${formatBytes(table.totalBytes)}, ${say(language, 'postgres.dead-rows')} ${formatCount(table.deadRows)}`,
			})),
		);
	},
};

/** Which database that a restore has put aside, by the name that restores give. */
export const keptField: Field = {
	kind: 'choice',
	id: 'kept',
	title: 'field.kept',
	choices(facts) {
		const databases = storageOf(facts)?.databases;
		if (databases === undefined) return {kind: 'loading'};
		return ready(
			(databases.available ? databases.value : [])
				.filter(({name}) => /__o_[0-9a-f]{8}$/.test(name))
				.map(({name, bytes}) => ({value: name, label: name, detail: formatBytes(bytes)})),
		);
	},
};

/** Which running query, the longest first. */
export const sessionField: Field = {
	kind: 'choice',
	id: 'pid',
	title: 'field.session',
	choices({state, thing}) {
		const reading =
			thing.kind === 'postgres' ? state.data.readings['postgres.activity'][thing.id] : undefined;
		const {language} = state.ui;
		const choices = (valueOf(reading)?.active ?? []).map((session): Choice => {
			const obstacle = cancelObstacle(session);
			return {
				value: String(session.pid),
				label: `${session.pid} ${formatDuration(session.querySeconds, language)}`,
				detail: `${session.user}@${session.database} ${session.query}`,
				...(obstacle && {obstacle}),
			};
		});
		// What can be chosen comes first; its order stays.
		return ready(
			choices.toSorted((a, b) => Number(Boolean(a.obstacle)) - Number(Boolean(b.obstacle))),
		);
	},
};

/** How long a session must be idle to be ended. */
export const minutesField: Field = {
	kind: 'number',
	id: 'minutes',
	title: 'field.minutes',
	initial: () => '10',
	least: 1,
	most: 100_000,
};

/** The memory limit of a Redis server; the present one is filled in. */
export const memoryField: Field = {
	kind: 'text',
	id: 'memory',
	title: 'field.memory',
	initial({state, thing}) {
		const reading =
			thing.kind === 'redis' ? state.data.readings['redis.server'][thing.id] : undefined;
		return String(valueOf(reading)?.memory.maxBytes ?? 0);
	},
	pattern: /^\d{1,15}(kb?|mb?|gb?)?$/i,
};

function policyNow({state, thing}: FieldFacts): string {
	const reading =
		thing.kind === 'redis' ? state.data.readings['redis.server'][thing.id] : undefined;
	return valueOf(reading)?.memory.policy ?? '';
}

/** What Redis does when its memory is full. */
export const policyField: Field = {
	kind: 'choice',
	id: 'policy',
	title: 'field.policy',
	choices: facts =>
		ready(
			evictionPolicies.map(policy => ({
				value: policy,
				label: policy,
				...(policy === policyNow(facts)
					? {detail: say(facts.state.ui.language, 'policy.now')}
					: {}),
			})),
		),
	initial: policyNow,
};

/** How the names of the keys begin; nothing in it has a meaning of its own. */
export const prefixField: Field = {
	kind: 'text',
	id: 'prefix',
	title: 'field.prefix',
	initial: () => '',
	pattern: /^[^\s*?[\]][^*?[\]]{2,199}$/,
};

/** When Redis saves by itself: pairs of seconds and changes, or none. */
export const saveField: Field = {
	kind: 'text',
	id: 'save',
	title: 'field.save',
	initial: () => '3600 1 300 100',
	pattern: /^(none|[1-9]\d{0,8} [1-9]\d{0,8}( [1-9]\d{0,8} [1-9]\d{0,8}){0,9})$/,
};

/** Name of an index, with its schema or alone. */
export const indexField: Field = {
	kind: 'text',
	id: 'index',
	title: 'field.index',
	initial: () => '',
	pattern: /^\S.{0,199}$/,
};

function days(initial: string, title: ScreenWord, most: number): Field {
	return {kind: 'number', id: 'days', title, initial: () => initial, least: 1, most};
}

/** How far back logs are archived. */
export const daysField: Field = days('7', 'field.days', 365);

/** How long ago a log file must have been written last to be deleted. */
export const daysOldField: Field = days('14', 'field.days-old', 3650);

/** Which set of files: the configured ones, and one for every Compose project. */
export const setField: Field = {
	kind: 'choice',
	id: 'set',
	title: 'field.set',
	choices({state}) {
		const configured = state.settings.fileSets ?? [];
		const folders = new Map(configured.map(({id, folder}) => [id, folder]));
		const ids = new Set([...folders.keys(), ...projectsHere(state)]);
		return ready(
			[...ids].map(id => {
				const folder = folders.get(id);
				return {value: id, label: id, ...(folder !== undefined && {detail: folder})};
			}),
		);
	},
};
