import {expect, test} from 'vitest';
import {refOf} from '../../src/domain/recognise.ts';
import {noTargets} from '../../src/domain/targets.ts';
import {linesOf} from '../support/draw-state.tsx';
import {calmShop} from '../support/shop.ts';
import {container, logsTarget} from '../support/state.ts';
import {errorsValue, fresh, postgresTarget} from '../support/values.ts';

function of(project: string, service: string) {
	const key = `${project}/${service}/1`;
	return container(service, {project, key, id: key, name: `${project}_${service}_1`});
}

const projects = ['football-prediction', 'staging'];
const containers = projects.flatMap(project => [of(project, 'app'), of(project, 'db')]);

/** Two systems with services of the same names; the errors are those of the first. */
function twoSystems(size: {readonly columns: number; readonly rows: number}) {
	const shop = calmShop({...size, containers});
	const [group] = errorsValue.groups;
	const groups = group ? [{...group, project: 'football-prediction', services: ['app']}] : [];
	const value = {...errorsValue, groups};
	const postgres = containers
		.filter(({service}) => service === 'db')
		.map(one => ({...postgresTarget, id: `${one.project ?? ''}/db`, container: refOf(one)}));
	const readings = {...shop.data.readings, 'logs.errors': {[logsTarget]: fresh(value)}};
	return {
		...shop,
		data: {...shop.data, readings, targets: {...noTargets, postgres}},
	};
}

test.each([
	[80, 24, /PostgreSQL footba…\/db .*UNKNOWN/, /warn .* football-pr…\/app /],
	[200, 50, /PostgreSQL football-prediction\/db, 1\/2/, /warn .* football-prediction\/app /],
] as const)(
	'of several projects it is said whose the errors and servers are, at %i columns',
	async (columns, rows, server, errors) => {
		const text = (await linesOf(twoSystems({columns, rows}))).join('\n');
		expect(text).toMatch(server);
		expect(text).toMatch(errors);
	},
);
