import {describe, expect, test} from 'vitest';
import {
	calendarOf,
	cronFile,
	installedAs,
	installedIds,
	isOurs,
	jobsOf,
	linesWithoutUser,
	unitFiles,
	type ScheduledJob,
} from '../../../src/domain/schedule.ts';
import type {BackupTarget} from '../../../src/domain/targets.ts';

const job: ScheduledJob = {
	id: 'nightly',
	cron: '0  2 * * *',
	run: 'backup all',
	title: 'Nightly',
	provenance: 'a:1',
};
const program = {
	argv: ['/usr/bin/node', '/opt/o c/main.js', '--config=/etc/50%.yaml'],
	workFolder: '/srv/shop',
	user: 'root',
};

describe('cron expressions as calendars of systemd', () => {
	test.each([
		['0 2 * * *', ['*-*-* 02:00:00']],
		['*/15 * * * *', ['*-*-* *:00,15,30,45:00']],
		['0 9 * * 1', ['Mon *-*-* 09:00:00']],
		['0 9 * * 1-5', ['Mon,Tue,Wed,Thu,Fri *-*-* 09:00:00']],
		['0 9 * * 0,7', ['Sun *-*-* 09:00:00']],
		['30 4 1 1,4,7,10 *', ['*-01,04,07,10-01 04:30:00']],
		['@weekly', ['Sun *-*-* 00:00:00']],
		['* * * * *', ['*-*-* *:*:00']],
		// Either of both days is enough for cron; systemd wants both, unless these are two lines.
		['0 3 13 * 5', ['*-*-13 03:00:00', 'Fri *-*-* 03:00:00']],
		['0 25 * * *', undefined],
		['@reboot', undefined],
	])('%s', (cron, expected) => {
		expect(calendarOf(cron)).toEqual(expected);
	});
});

describe('the file for cron', () => {
	const text = cronFile([job], program);
	test('has the user, an absolute program, a PATH, and no per cent sign that ends the line', () => {
		expect(text.split('\n').slice(-3)).toEqual([
			'# nightly',
			String.raw`0 2 * * * root cd /srv/shop && /usr/bin/node '/opt/o c/main.js' '--config=/etc/50\%.yaml' backup all --yes --scheduled`,
			'',
		]);
		expect(text).toMatch(/^PATH=.*\/usr\/bin/m);
		expect(isOurs(text)).toBe(true);
		expect(linesWithoutUser(text, new Set(['root']))).toEqual([]);
	});

	test('is recognised, also when its time was changed', () => {
		const files = [{name: 'opsconsole', text}];
		expect(installedAs(job, 'cron', files)).toBe('same');
		expect(installedAs({...job, cron: '0 3 * * *'}, 'cron', files)).toBe('other');
		expect(installedAs({...job, id: 'weekly'}, 'cron', files)).toBe('none');
		expect(installedIds('cron', files)).toEqual(['nightly']);
		// An earlier version did not let its refusals be told.
		const before = [{name: 'opsconsole', text: text.replace(' --scheduled', '')}];
		expect(installedAs(job, 'cron', before)).toBe('other');
	});
});

describe('the units for systemd', () => {
	const files = unitFiles([job], program);
	test('are quoted as systemd wants it, and catch up', () => {
		expect(files.map(({name}) => name)).toEqual([
			'opsconsole-nightly.service',
			'opsconsole-nightly.timer',
		]);
		expect(files[0]?.text).toContain(
			'ExecStart=/usr/bin/node "/opt/o c/main.js" "--config=/etc/50%%.yaml" backup all --yes --scheduled\n',
		);
		expect(files[0]?.text).toContain('User=root\n');
		expect(files[1]?.text).toContain('OnCalendar=*-*-* 02:00:00\nPersistent=true\n');
		expect(files.every(({text}) => isOurs(text))).toBe(true);
	});

	test('are recognised', () => {
		expect(installedAs(job, 'systemd', files)).toBe('same');
		expect(installedAs({...job, run: 'prune'}, 'systemd', files)).toBe('other');
		expect(installedAs(job, 'systemd', files.slice(1))).toBe('none');
		expect(installedIds('systemd', files)).toEqual(['nightly']);
	});
});

describe('jobs of a configuration', () => {
	const set: BackupTarget = {
		id: 'database',
		kind: 'database',
		folder: '/b',
		pattern: '*',
		maxAgeMs: 1,
		schedule: '0 2 * * *',
		provenance: 'H1-11',
	};
	const {run: _run, ...calendar} = job;

	test('a schedule without run is for people; a set with a schedule is backed up', () => {
		expect(jobsOf({schedules: [calendar], backups: [set]})).toEqual([
			{
				id: 'backup-database',
				cron: '0 2 * * *',
				run: 'backup database',
				title: 'backup database',
				provenance: 'H1-11',
			},
		]);
	});

	test('nothing is backed up twice', () => {
		expect(jobsOf({schedules: [job], backups: [set]})).toEqual([job]);
		const other = {...set, id: 'second'};
		expect(jobsOf({schedules: [], backups: [set, other]}).map(({id}) => id)).toEqual([
			'backup-database',
		]);
	});
});

test('lines in cron.d that lack the user are found', () => {
	const text = [
		'# comment',
		'PATH=/bin',
		'0 2 * * * /opt/backup.sh daily',
		'0 3 * * * root /opt/backup.sh',
		'@daily /opt/report.sh',
		'@daily root /opt/report.sh',
	].join('\n');
	expect(linesWithoutUser(text, new Set(['root']))).toEqual([
		{line: 3, word: '/opt/backup.sh'},
		{line: 5, word: '/opt/report.sh'},
	]);
});
