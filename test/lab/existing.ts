import {docker, linesOf} from './docker.ts';
import {LabError} from './engine.ts';
import {label} from './run-id.ts';
import type {StackFacts} from './stack.ts';

/** One container of a project as `lab status` shows it. */
export type ServiceState = {
	service: string;
	name: string;
	status: string;
	port: number | undefined;
};

const fields = [
	'{{index .Config.Labels "com.docker.compose.service"}}',
	'{{.Name}}',
	'{{.State.Status}}{{if .State.Health}} ({{.State.Health.Status}}){{end}}',
	'{{range $inside, $outside := .HostConfig.PortBindings}}{{range $outside}}{{.HostPort}}{{end}}{{end}}',
	`{{index .Config.Labels "${label}"}}`,
	'{{json .Config.Env}}',
].join('\t');

async function inspectProject(project: string): Promise<string[][]> {
	const filter = `label=com.docker.compose.project=${project}`;
	const ids = linesOf(await docker(['ps', '--all', '--quiet', '--filter', filter]));
	if (ids.length === 0) return [];
	const text = await docker(['inspect', '--format', fields, ...ids]);
	return linesOf(text).map(line => line.split('\t'));
}

function variable(environment: string, name: string): string {
	const found = new RegExp(`"${name}=([^"]*)"`).exec(environment);
	return found?.[1] ?? '';
}

/**
 * The containers of a project of ours. Fails where the project exists and is not the lab's, since that is
 * somebody's real stack.
 */
export async function serviceStates(project: string): Promise<ServiceState[]> {
	const rows = await inspectProject(project);
	if (rows.some(row => (row[4] ?? '') === ''))
		throw new LabError(
			`There is a Compose project ${project} that is not the lab's; choose another name with --project.`,
		);
	return rows.map(([service = '', name = '', status = '', port = '']) => ({
		service,
		name: name.replace(/^\//, ''),
		status,
		port: port === '' ? undefined : Number(port),
	}));
}

/** The facts of a lab that is there, read back from its containers; undefined where there is none. */
export async function existingStack(project: string): Promise<StackFacts | undefined> {
	const states = await serviceStates(project);
	const rows = await inspectProject(project);
	const app = rows.find(row => row[0] === 'app');
	if (!app) return undefined;
	const portOf = (service: string) => states.find(one => one.service === service)?.port ?? 0;
	const environment = app[5] ?? '';
	return {
		project,
		run: app[4] ?? '',
		ports: {
			nginx: portOf('nginx'),
			app: portOf('app'),
			db: portOf('db'),
			redis: portOf('redis'),
		},
		postgres: {
			user: variable(environment, 'POSTGRES_USER'),
			password: variable(environment, 'POSTGRES_PASSWORD'),
			database: variable(environment, 'POSTGRES_DB'),
		},
		redisPassword: variable(environment, 'REDIS_PASSWORD'),
		environment: {
			LOG_FORMAT: variable(environment, 'LOG_FORMAT'),
			APP_VERSION: variable(environment, 'APP_VERSION'),
		},
	};
}
