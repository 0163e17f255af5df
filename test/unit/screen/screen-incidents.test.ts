import {existsSync} from 'node:fs';
import {readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Settings} from '../../../src/domain/settings.ts';
import {
	createScreenIncidents,
	type IncidentEffect,
	type ScreenIncidents,
} from '../../../src/screen-incidents.ts';
import {createAppStore} from '../../../src/store/store.ts';
import {itself} from '../../../src/work/incidents.ts';
import {screenParts, type ScreenParts} from '../../support/screen-parts.ts';
import {settingsOf} from '../../support/settings.ts';
import {container, containerAlert, stateWith} from '../../support/state.ts';

const open = {
	type: 'open-incident',
	title: 'the shop is down',
	severity: 'major',
	from: {kind: 'person'},
} as const;

describe('the incidents of the screen', () => {
	let parts: ScreenParts;
	const made: ScreenIncidents[] = [];
	beforeEach(async () => {
		parts = await screenParts();
	});
	afterEach(async () => {
		for (const one of made.splice(0)) await one.stop();
		await parts.remove();
	});

	function incidentsWith({
		settings = {},
		io = parts.io,
	}: {readonly settings?: Partial<Settings>; readonly io?: ScreenParts['io']} = {}) {
		const data = {containers: [container('app')], alerts: [containerAlert('shop_app_1')]};
		const store = createAppStore(stateWith(data), () => undefined);
		const one = createScreenIncidents({
			io,
			settings: settingsOf(settings),
			state: () => store.state(),
			send(event) {
				parts.send(event);
				store.send(event);
			},
		});
		made.push(one);
		return one;
	}

	/** The first list with an incident in it that fits; usually one that has heard of the alert. */
	async function listed(
		fits: (kinds: readonly string[], isClosed: boolean) => boolean = kinds =>
			kinds.includes('alert-raised'),
	) {
		const {list} = await parts.told('incidents-arrived', told => {
			const [one] = told.list;
			if (!one) return false;
			const kinds = one.lines.map(({event}) => event.kind);
			return fits(kinds, one.incident.closed !== undefined);
		});
		const [one] = list;
		if (!one) throw new Error('none');
		return one;
	}

	it('are read at once, and again when it is asked', async () => {
		const screen = incidentsWith();
		expect((await parts.told('incidents-arrived')).list).toEqual([]);
		screen.carryOut({type: 'read-incidents'});
		await parts.told('incidents-arrived', event => parts.events.indexOf(event) > 0);
	});

	it('are opened with what the screen knows, and told from then on', async () => {
		const screen = incidentsWith({settings: {docker: {isEnabled: true, projects: ['shop']}}});
		screen.carryOut(open);
		const {incident, lines} = await listed(kinds => kinds.includes('alert-raised'));
		expect(incident).toMatchObject({
			...{title: 'the shop is down', severity: 'major', environment: 'test', project: 'shop'},
		});
		expect(lines.find(({event}) => event.kind === 'alert-raised')?.by).toBe(itself);
	});

	it.each<[string, Partial<Settings>, {project?: string}, string | undefined]>([
		[
			'of the project that the screen means',
			{docker: {isEnabled: true, projects: ['blog']}},
			{project: 'shop'},
			'shop',
		],
		[
			'of that also where several are watched',
			{docker: {isEnabled: true, projects: ['blog', 'shop']}},
			{project: 'shop'},
			'shop',
		],
		[
			'of none where nobody chose one of several',
			{docker: {isEnabled: true, projects: ['shop', 'blog']}},
			{},
			undefined,
		],
		['of none where all are watched', {}, {}, undefined],
	])('are opened %s', async (_, settings, wish, project) => {
		incidentsWith({settings}).carryOut({...open, ...wish});
		expect((await listed()).incident.project).toBe(project);
	});

	it('have the kind of an environment without a name', async () => {
		incidentsWith({settings: {environment: {kind: 'unknown', name: ''}}}).carryOut(open);
		expect((await listed()).incident.environment).toBe('unknown');
	});

	it('take notes, and are closed with a report in both forms and the pack, for nobody else', async () => {
		const screen = incidentsWith();
		screen.carryOut(open);
		const {id} = await listed();
		screen.carryOut({type: 'incident-append', id, event: {kind: 'note', text: 'rang the bell'}});
		await listed(kinds => kinds.includes('note'));
		screen.carryOut({type: 'close-incident', id, cause: 'a lock', done: 'ended it'});
		const {path} = await parts.told('incident-reported');
		const closed = await listed((_, isClosed) => isClosed);
		expect(closed.reportedIn).toBe(path);
		expect(await readFile(join(path, 'report.md'), 'utf8')).toContain('rang the bell');
		expect(await readFile(join(path, 'report.html'), 'utf8')).toContain('the shop is down');
		for (const name of ['report.md', 'report.html', 'pack.tar']) {
			expect((await stat(join(path, name))).mode & 0o777).toBe(0o600);
		}

		expect(await readdir(join(parts.root, 'incidents'))).toEqual([id]);
	});

	it('can be reported while they are open', async () => {
		const screen = incidentsWith();
		screen.carryOut(open);
		const {id} = await listed();
		screen.carryOut({type: 'report-incident', id});
		const {path} = await parts.told('incident-reported', event => event.id === id);
		expect(existsSync(join(path, 'report.md'))).toBe(true);
	});

	it('take nothing but notes once they are closed', async () => {
		const screen = incidentsWith();
		screen.carryOut(open);
		const {id} = await listed();
		screen.carryOut({type: 'close-incident', id, cause: '-', done: '-'});
		await parts.told('incident-reported');
		screen.carryOut({type: 'close-incident', id, cause: 'again', done: '-'});
		const {problem} = await parts.told('action-failed');
		expect(problem.code).toBe('incident-closed');
		screen.carryOut({type: 'incident-append', id, event: {kind: 'note', text: 'afterwards'}});
		await listed(kinds => kinds.at(-1) === 'note');
	});

	const unknown = '20261120T120000Z-00000001';
	it.each<IncidentEffect>([
		{type: 'incident-append', id: unknown, event: {kind: 'note', text: 'x'}},
		{type: 'incident-append', id: '../../etc', event: {kind: 'note', text: 'x'}},
		{type: 'close-incident', id: unknown, cause: '', done: ''},
		{type: 'report-incident', id: unknown},
	])('that are not there are refused: %o', async effect => {
		incidentsWith().carryOut(effect);
		expect((await parts.told('action-failed')).problem.code).toBe('incident-missing');
		expect(await readdir(join(parts.root, 'incidents')).catch(() => [])).toEqual([]);
	});

	it.each<IncidentEffect>([open, {type: 'read-incidents'}])(
		'are refused where the state folder cannot be made: %o',
		async effect => {
			incidentsWith({io: parts.brokenIo}).carryOut(effect);
			expect((await parts.told('action-failed')).problem.code).toBe('state-folder-unusable');
		},
	);

	it('say nothing after the end', async () => {
		const screen = incidentsWith({io: parts.brokenIo});
		await screen.stop();
		screen.carryOut(open);
		await parts.io.clock.sleep(5, new AbortController().signal);
		expect(parts.events).toEqual([]);
	});
});
