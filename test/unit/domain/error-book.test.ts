import {expect, test} from 'vitest';
import {createErrorBook} from '../../../src/domain/error-book.ts';
import type {LogEvent} from '../../../src/domain/errors.ts';

const nowMs = 1_000_000_000;

function event(project: string | undefined, more: Partial<LogEvent> = {}): LogEvent {
	return {
		target: `${project ?? 'host'}/app/1`,
		...(project !== undefined && {project}),
		service: 'app',
		atMs: nowMs,
		severity: 'error',
		message: 'connect ECONNREFUSED 10.0.0.4:5432',
		details: [],
		...more,
	};
}

const answer = (status: number) => ({request: {method: 'GET', route: '/', status}});

test('services of the same name in two projects are two', () => {
	const book = createErrorBook();
	for (let count = 0; count < 10; count++) book.add(event('staging'), nowMs);
	book.add(event('production'), nowMs);
	book.add(event('production', {severity: 'info', ...answer(200)}), nowMs);
	book.add(event('staging', answer(502)), nowMs);
	const {groups, projects, errorsPerMinute, serverErrorPercent} = book.snapshot(nowMs, []);
	const plain = groups.filter(({signature}) => signature.startsWith('connect'));
	expect(plain.map(({project, services, count}) => [project, services, count])).toEqual([
		['staging', ['app'], 10],
		['production', ['app'], 1],
	]);
	expect(new Set(plain.map(({id}) => id)).size).toBe(2);
	expect(errorsPerMinute).toBeCloseTo(11 / 5);
	expect(serverErrorPercent).toBe(50);
	expect(projects?.find(({project}) => project === 'production')).toMatchObject({
		errorsPerMinute: 1 / 5,
		serverErrorPercent: 0,
	});
	expect(projects?.find(({project}) => project === 'staging')).toMatchObject({
		errorsPerMinute: 2,
		serverErrorPercent: 100,
	});
});

test('logs of no project have no figures of projects', () => {
	const book = createErrorBook();
	book.add(event(undefined), nowMs);
	const value = book.snapshot(nowMs, []);
	expect(value).not.toHaveProperty('projects');
	expect(value.groups[0]).not.toHaveProperty('project');
});
