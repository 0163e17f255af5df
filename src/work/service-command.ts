import type {JsonValue} from '../domain/plan.ts';
import type {ChangeCommand, CommandFlags} from './command-table.ts';

const operations: Readonly<Record<string, string>> = {
	start: 'start-service',
	stop: 'stop-service',
	restart: 'restart-service',
	kill: 'kill-service',
	recreate: 'recreate-service',
};

function text(flags: CommandFlags, name: string): Readonly<Record<string, string>> {
	const value = flags[name];
	return typeof value === 'string' ? {[name]: value} : {};
}

function scale(names: readonly string[], flags: CommandFlags): JsonValue {
	const [service, count, ...rest] = names;
	if (service === undefined || count === undefined || rest.length > 0 || !/^\d+$/.test(count)) {
		throw new Error('service scale needs a service and a number');
	}

	return {service, count: Number(count), ...text(flags, 'project')};
}

/** Services by name, or with `--all` everything of a project. */
function chosen(names: readonly string[], flags: CommandFlags): {readonly services: JsonValue} {
	const isAll = flags['all'] === true;
	if (isAll === names.length > 0) throw new Error('name services, or give --all');
	return {services: isAll ? 'all' : names, ...text(flags, 'project')};
}

/** `opsconsole service …`: everything that can be done to services. */
export const serviceCommand: ChangeCommand = {
	name: 'service',
	usage: [
		[
			'service start|stop|restart NAME…',
			'services by name or project/service; --all: every one of them',
		],
		['service kill NAME… [--signal NAME]', 'send a signal, SIGKILL unless told'],
		['service recreate NAME…', 'bring a changed Compose file or image'],
		['service scale NAME COUNT', 'give a service another number of containers'],
		['service restart-all [--project NAME]', 'everything of a project, one after the other'],
	],
	options: {
		all: {type: 'boolean'},
		project: {type: 'string'},
		signal: {type: 'string'},
	},
	parse([verb = '', ...names], flags) {
		if (flags['signal'] !== undefined && verb !== 'kill') {
			throw new Error('--signal belongs to service kill');
		}

		if (verb === 'scale') return {operation: 'scale-service', request: scale(names, flags)};
		if (verb === 'restart-all') {
			if (names.length > 0) throw new Error('service restart-all takes --project, no names');
			return {operation: 'restart-all', request: text(flags, 'project')};
		}

		const operation = Object.hasOwn(operations, verb) ? operations[verb] : undefined;
		if (operation === undefined) {
			throw new Error(`service ${verb || '(nothing)'} is not known`);
		}

		return {operation, request: {...chosen(names, flags), ...text(flags, 'signal')}};
	},
};
