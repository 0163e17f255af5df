import {expect, test} from 'vitest';
import {noTargets} from '../../../src/domain/targets.ts';
import {createEyes} from '../../../src/engine/eyes.ts';
import {chooseScope} from '../../../src/runbook-scope.ts';
import {createAppStore} from '../../../src/store/store.ts';
import {partialIo} from '../../support/io.ts';
import {slow} from '../../support/runbooks.ts';
import {settingsOf} from '../../support/settings.ts';
import {stateWith} from '../../support/state.ts';
import {postgresTarget, redisTarget} from '../../support/values.ts';

const targets = {
	...noTargets,
	postgres: ['blog/db', 'shop/db'].map(id => ({...postgresTarget, id})),
	redis: [{...redisTarget, id: 'shop/cache'}],
};
const state = stateWith({containers: [], targets});
const runbook = {...slow, on: 'host'} as const;

test('a wizard of the host looks at the server that is named, at none of several otherwise', () => {
	const choose = (server?: string) =>
		chooseScope(
			runbook,
			{containers: [], targets},
			{io: partialIo(), settings: settingsOf(), flags: {...(server !== undefined && {server})}},
		);
	expect(choose()).toEqual({redis: 'shop/cache'});
	expect(choose('shop/db')).toMatchObject({postgres: 'shop/db'});
	expect(choose('shop/cache')).toEqual({redis: 'shop/cache'});
	expect(choose('other')).toContain('blog/db, shop/db, shop/cache');
});

test('a look at one of several servers that nobody named says so, with their names', async () => {
	const store = createAppStore(state, () => undefined);
	const eyes = createEyes({
		io: partialIo(),
		settings: settingsOf(),
		folders: {root: '/nowhere', runs: '/nowhere', backups: '/nowhere'},
		state: () => store.state(),
		onChange: listener => store.api.subscribe(listener),
		refresh: () => undefined,
	});
	const [evidence] = await eyes.look(['postgres.storage'], {}, new AbortController().signal);
	expect(evidence?.problem).toMatchObject({
		code: 'look-which',
		params: {names: 'blog/db, shop/db'},
	});
});
