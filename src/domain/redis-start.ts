import {parseRedisBytes} from './redis-bytes.ts';

/** Settings as a server would have them after its next start, by name. */
export type StartSettings = ReadonlyMap<string, string>;

const programs = /(?:^|\/)(?:redis|valkey)-server$/;

/** The arguments behind the server's own name; undefined where it is started by a shell or by something else. */
function argumentsOf(argv: readonly string[]): readonly string[] | undefined {
	const at = argv.findIndex(word => programs.test(word));
	return at < 0 ? undefined : argv.slice(at + 1);
}

/** A list of save points: several directives add up, an empty one takes all away. */
function addSave(before: string | undefined, value: string): string {
	return value === ''
		? ''
		: [before, value].filter(part => part !== undefined && part !== '').join(' ');
}

function keep(found: Map<string, string>, name: string, words: readonly string[]): void {
	const value = words.join(' ');
	found.set(name, name === 'save' ? addSave(found.get(name), value) : value);
}

/** The configuration file that the command line names first; undefined where there is none. */
export function configFileOf(argv: readonly string[]): string | undefined {
	const first = argumentsOf(argv)?.[0];
	return first?.startsWith('-') === false && first !== '' ? first : undefined;
}

/**
 * What the next start gives, from the command line and the text of the configuration file where it names one. Undefined
 * where that cannot be told: a shell starts the server, the file is not readable, or it includes others.
 */
export function startSettings(
	argv: readonly string[],
	configText: string | undefined,
): StartSettings | undefined {
	const words = argumentsOf(argv);
	const hasFile = configFileOf(argv) !== undefined;
	if (words === undefined || (hasFile && configText === undefined)) return undefined;
	const found = new Map<string, string>();
	for (const line of hasFile ? (configText ?? '').split('\n') : []) {
		const [name = '', ...values] = line.trim().split(/\s+/);
		if (name === 'include') return undefined;
		if (name === '' || name.startsWith('#')) continue;
		keep(
			found,
			name.toLowerCase(),
			values.map(value => value.replace(/^(["'])(.*)\1$/, '$2')),
		);
	}

	let name: string | undefined;
	let values: string[] = [];
	for (const word of [...words.slice(hasFile ? 1 : 0), '--']) {
		if (!word.startsWith('--')) {
			values.push(word);
			continue;
		}

		if (name !== undefined) keep(found, name, values);
		name = word.slice(2).toLowerCase();
		values = [];
	}

	return found;
}

/** A setting that runs and will be gone after the next start. */
export type LostSetting = {readonly name: string; readonly running: string; readonly start: string};

/** Built-in values; the save points depend on the version and count only where they are written. */
const builtIn: Readonly<Record<string, string>> = {
	maxmemory: '0',
	'maxmemory-policy': 'noeviction',
	appendonly: 'no',
};

function sameValue(name: string, one: string, other: string): boolean {
	if (name === 'maxmemory') return parseRedisBytes(one) === parseRedisBytes(other);
	return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Settings that run otherwise than the next start would give them. */
export function lostSettings(
	running: ReadonlyMap<string, string>,
	start: StartSettings,
): readonly LostSetting[] {
	return [...running].flatMap(([name, value]) => {
		const next = start.get(name) ?? builtIn[name];
		if (next === undefined || sameValue(name, value, next)) return [];
		return [{name, running: value, start: next}];
	});
}
