import {expect, test} from 'vitest';
import {lostServices, withSeen} from '../../../src/domain/lost-services.ts';
import {container} from '../../support/state.ts';

const expected = (name: string, runtime: 'compose' | 'systemd' = 'compose', isCritical = true) => ({
	...{name, runtime, isCritical, provenance: 'H1'},
});
const [app, db] = [container('app'), container('db')];
const names = (containers: Parameters<typeof withSeen>[1], more: Parameters<typeof withSeen>[1]) =>
	lostServices({
		containers: more,
		seen: withSeen(withSeen([], containers), more),
		expected: [],
	}).map(({key}) => key);

test('a service that had a container since the console runs and has none is lost', () => {
	expect(names([app, db], [app, db])).toEqual([]);
	expect(names([app, db], [db])).toEqual(['shop/app/1']);
	const stopped = container('app', {state: 'exited', exitCode: 137, restartPolicy: 'no'});
	expect(names([stopped, db], [db])).toEqual(['shop/app/1']);
});

test('a job that was done, another copy, what compose run made and a project taken down are not', () => {
	const job = container('migrate', {state: 'exited', exitCode: 0, restartPolicy: 'no'});
	expect(names([job, db], [db])).toEqual([]);
	const second = container('app', {key: 'shop/app/2', id: 'app2', number: 2});
	expect(names([app, second, db], [second, db])).toEqual([]);
	const run = container('app', {key: 'shop/run/shop_app_run_1'});
	expect(names([run, db], [db])).toEqual([]);
	const other = container('db', {project: 'blog', key: 'blog/db/1'});
	expect(names([app, db, other], [other])).toEqual([]);
	// What was forgotten is not remembered again when the project comes back one by one.
	const seen = [[app, db, other], [other], [db, other]].reduce(withSeen, []);
	expect(lostServices({containers: [db, other], seen, expected: []})).toEqual([]);
});

test('a service that the configuration names is lost in the project that has others of it', () => {
	const blog = container('web', {project: 'blog', key: 'blog/web/1'});
	const named = [expected('app'), expected('db'), expected('nginx', 'systemd')];
	const lost = (...containers: Parameters<typeof withSeen>[1]) =>
		lostServices({containers, seen: [], expected: named}).map(({key}) => key);
	expect(lost(app, db)).toEqual([]);
	expect(lost(db, blog)).toEqual(['shop/app/1']);
	expect(lost(blog)).toEqual(['blog/app/1', 'blog/db/1']);
	expect(lost()).toEqual([]);
});

test('one that is not critical is lost only where it had a container', () => {
	const named = [expected('app'), expected('grafana', 'compose', false)];
	const grafana = container('grafana');
	const never = withSeen([], [app]);
	expect(lostServices({containers: [app], seen: never, expected: named})).toEqual([]);
	const seen = withSeen(withSeen([], [app, grafana]), [app]);
	expect(lostServices({containers: [app], seen, expected: named})).toEqual([
		{project: 'shop', service: 'grafana', key: 'shop/grafana/1', wasThere: true},
	]);
	// A critical one that was never there is said to be so.
	const [lost] = lostServices({
		containers: [db],
		seen: [],
		expected: [expected('app'), expected('db')],
	});
	expect(lost).toMatchObject({service: 'app', wasThere: false});
});
