import {expect, test} from 'vitest';
import {chooseSet, knownSets} from '../../../src/operations/files/sets.ts';
import type {Look} from '../../../src/operations/operation.ts';
import {noTargets} from '../../../src/domain/targets.ts';
import type {Settings} from '../../../src/domain/settings.ts';
import {createIo} from '../../../src/io/create-io.ts';
import {settingsOf} from '../../support/settings.ts';
import {container} from '../../support/state.ts';

function look(fileSets: Settings['fileSets'] = []): Look {
	const io = createIo();
	const labels = {'com.docker.compose.project.working_dir': '/srv/shop'};
	return {
		io: {...io, docker: {...io.docker, get: () => Promise.resolve({Config: {Labels: labels}})}},
		settings: settingsOf({fileSets}),
		targets: noTargets,
		containers: [container('api'), container('db')],
		folders: {backups: '/b', scratch: '/s', trash: '/t'},
		signal: new AbortController().signal,
	};
}

test('a configured set stands beside those of the projects', async () => {
	const web = {id: 'web', folder: '/srv/web', paths: ['nginx/'], maxBytes: 1000};
	const sets = await knownSets(look([web]));
	expect(sets.map(({id, folder}) => [id, folder])).toEqual([
		['shop', '/srv/shop'],
		['web', '/srv/web'],
	]);
	expect(sets[1]).toMatchObject({paths: ['nginx/'], maxBytes: 1000, exclude: ['*.log', '*.pyc']});
	await expect(chooseSet(look([web]), {})).rejects.toMatchObject({problem: {code: 'files-no-set'}});
	expect(await chooseSet(look([web]), {set: 'web'})).toMatchObject({folder: '/srv/web'});
});

test('a set with the name of a project changes what is taken of it', async () => {
	const sets = await knownSets(look([{id: 'shop', paths: ['.env']}]));
	expect(sets).toMatchObject([{id: 'shop', folder: '/srv/shop', paths: ['.env']}]);
	// Its project does not run, so nobody knows where its files are.
	expect(await knownSets(look([{id: 'other', paths: ['.env']}]))).toHaveLength(1);
});
