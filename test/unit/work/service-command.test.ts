import {expect, test} from 'vitest';
import {operations} from '../../../src/operations/index.ts';
import {serviceCommand} from '../../../src/work/service-command.ts';

test.each([
	['start shop/app', {}, 'start-service', {services: ['shop/app']}],
	['stop a b', {project: 'shop'}, 'stop-service', {services: ['a', 'b'], project: 'shop'}],
	['restart', {all: true}, 'restart-service', {services: 'all'}],
	['kill app', {signal: 'hup'}, 'kill-service', {services: ['app'], signal: 'hup'}],
	['recreate app', {}, 'recreate-service', {services: ['app']}],
	['scale app 3', {}, 'scale-service', {service: 'app', count: 3}],
	['restart-all', {project: 'shop'}, 'restart-all', {project: 'shop'}],
])('service %s', (words, flags, operation, request) => {
	const parsed = serviceCommand.parse(words.split(' '), flags);
	expect(parsed).toEqual({operation, request});
	expect(() => operations[operation]?.parse(parsed.request)).not.toThrow();
});

test.each([
	['', {}],
	['down app', {}],
	['constructor app', {}],
	['restart', {}],
	['restart app', {all: true}],
	['restart app', {signal: 'TERM'}],
	['scale app', {}],
	['scale app -1', {}],
	['scale app 3 4', {}],
	['restart-all shop', {}],
])('service %s with %j is refused', (words, flags) => {
	expect(() => serviceCommand.parse(words === '' ? [] : words.split(' '), flags)).toThrow(Error);
});
