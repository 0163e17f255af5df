import {cleanLine} from '../../domain/clean.ts';
import {composeArgv} from '../../domain/compose-place.ts';
import {maskText} from '../../domain/mask.ts';
import type {Command} from '../../domain/plan.ts';
import {serviceContainer, type ServiceContainer} from '../../domain/service-facts.ts';
import {graceSeconds} from '../../domain/service-grace.ts';
import {listOf, objectOf, textOf} from '../../domain/unknown.ts';
import type {Look, Tools} from '../operation.ts';
import type {Compose} from './compose.ts';
import {inspect, type ComposeUnit} from './find.ts';
import {refuse} from './refuse.ts';

export type ProgramCommand = Command & {kind: 'program'};

/**
 * `up` for one service and nothing else: never its dependencies, never a build, and always with the number of containers,
 * because without it Compose goes back to the number in the file.
 */
export function upCommand(
	{program, project, environment}: Compose,
	{service, members}: ComposeUnit,
	count: number,
	options: readonly string[] = [],
): ProgramCommand {
	// Compose's own where nothing is stopped.
	const graces = members.map(member => graceSeconds(member));
	const grace = graces.length === 0 ? 10 : Math.max(...graces);
	const words = ['up', '--detach', '--no-deps', '--no-build', ...options];
	const argv = composeArgv(program, project, [
		...words,
		...['--timeout', String(grace), '--scale', `${service}=${count}`],
		...['--', service],
	]);
	return {
		kind: 'program',
		argv,
		...(Object.keys(environment).length > 0 && {environment}),
	};
}

/** Runs a planned `up`; rejects with the last line that Compose wrote. */
export async function runUp(tools: Tools, command: ProgramCommand, name: string): Promise<void> {
	const {exitCode, stderr, stdout} = await tools.program(command);
	if (exitCode === 0) return;
	const said = `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
	throw refuse('service-up-failed', {name, cause: cleanLine(maskText(said), 300), exitCode});
}

/** The containers of a service as they are now, without those of `compose run`, by number. */
export async function serviceNow(
	look: Look,
	{project, service}: {readonly project: string; readonly service: string},
): Promise<readonly ServiceContainer[]> {
	const filters = JSON.stringify({
		label: [`com.docker.compose.project=${project}`, `com.docker.compose.service=${service}`],
	});
	const path = `/containers/json?all=1&filters=${encodeURIComponent(filters)}`;
	const ids = listOf(await look.io.docker.get(path, look.signal)).map(entry =>
		textOf(objectOf(entry)['Id']),
	);
	const inspections = await Promise.all(ids.map(id => inspect(look, id)));
	return inspections
		.filter(inspection => inspection !== undefined)
		.map(serviceContainer)
		.filter(({compose}) => compose?.isOneOff === false)
		.toSorted((a, b) => (a.container.number ?? 0) - (b.container.number ?? 0));
}
