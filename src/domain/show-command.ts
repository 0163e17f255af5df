import {clean} from './clean.ts';
import type {Command, Sidecar} from './plan.ts';
import {shellQuote} from './shell-quote.ts';

const fileWords = {
	make: ['mkdir', '-m', '700'],
	write: ['install', '-m', '600', '/dev/stdin'],
	publish: ['mv', '-n'],
	move: ['mv', '-n'],
	replace: ['mv'],
	remove: ['rm', '-r', '--'],
} as const;

function line(words: readonly string[]): string {
	return words.map(word => shellQuote(word)).join(' ');
}

function assignments(environment: Readonly<Record<string, string>> = {}): readonly string[] {
	return Object.entries(environment).map(([name, value]) => `${name}=${shellQuote(value)}`);
}

function sidecarWords(sidecar: Sidecar): readonly string[] {
	const {image, argv, network, memoryBytes, mounts = [], tmpfs = {}, environment = {}} = sidecar;
	return [
		...['docker', 'run', sidecar.isBackground === true ? '--detach' : '--rm'],
		...['--network', network, '--memory', String(memoryBytes)],
		...(sidecar.isWritable === true ? [] : ['--read-only']),
		...(sidecar.user === undefined ? [] : ['--user', sidecar.user]),
		...mounts.flatMap(({from, to, isReadOnly}) => [
			'-v',
			`${from}:${to}${isReadOnly ? ':ro' : ''}`,
		]),
		...Object.entries(tmpfs).flatMap(([path, bytes]) => ['--tmpfs', `${path}:size=${bytes}`]),
		...Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
		image,
		...argv,
	];
}

/** The line that stands for a command on a card: quoted so that it could be typed, never executed by anybody. */
export function showCommand(command: Command): string {
	return clean(rawLine(command).replace(/\s*\n\s*/g, ' '), 2000);
}

function rawLine(command: Command): string {
	switch (command.kind) {
		case 'sql': {
			const values = (command.values ?? []).map(
				(value, index) => `$${index + 1}=${JSON.stringify(value)}`,
			);
			const shown = line(['psql', '-d', command.database, '-c', command.text.trim()]);
			return [shown, ...(values.length > 0 ? [`-- ${values.join(' ')}`] : [])].join(' ');
		}

		case 'redis':
			return line([
				'redis-cli',
				...(command.server === 'scratch' ? ['-h', 'scratch'] : []),
				...command.argv,
			]);
		case 'engine':
			return command.say;
		case 'sidecar':
			return line(sidecarWords(command.sidecar));
		case 'exec': {
			const user = command.user === undefined ? [] : ['-u', command.user];
			return line(['docker', 'exec', ...user, command.containerName, ...command.argv]);
		}

		case 'program': {
			const folder = command.folder === undefined ? '' : `cd ${shellQuote(command.folder)} && `;
			return folder + [...assignments(command.environment), line(command.argv)].join(' ');
		}

		case 'file':
			return line([
				...fileWords[command.action],
				command.path,
				...(command.to === undefined ? [] : [command.to]),
			]);
		case 'http':
			return line(['curl', '-X', command.method, command.url]);
		case 'job':
			return line(['opsconsole', command.operation, JSON.stringify(command.request)]);
	}
}
