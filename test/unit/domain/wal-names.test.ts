import {describe, expect, it} from 'vitest';
import {
	archiveFolder,
	archiveTool,
	judgeArchive,
	parseSegment,
	segmentName,
} from '../../../src/domain/wal-names.ts';

const perFile = 256;

describe('an archive of WAL', () => {
	it('knows its segments by their names, also compressed, and nothing else', () => {
		const segment = parseSegment('0000000200000001000000FF.gz', perFile);
		expect(segment).toEqual({timeline: 2, number: 511});
		expect(segment && segmentName(segment, perFile)).toBe('0000000200000001000000FF');
		for (const name of [
			'00000002.history',
			'000000010000000000000002.00000028.backup',
			'000000010000000000000003.partial',
			'000000010000000000000100',
			'readme',
		]) {
			expect(parseSegment(name, perFile)).toBeUndefined();
		}
	});

	it('finds what is missing in the newest timeline, over the end of a log file', () => {
		const names = [
			'0000000100000000000000FE',
			'0000000100000000000000FF',
			'000000010000000100000000',
			'000000010000000100000003',
		];
		const {gaps, count} = judgeArchive(names, perFile);
		expect(count).toBe(4);
		expect(gaps).toEqual([
			{first: {timeline: 1, number: 257}, last: {timeline: 1, number: 258}, count: 2},
		]);
		expect(judgeArchive([...names, '000000020000000100000004'], perFile).gaps).toEqual([]);
		expect(judgeArchive([], perFile)).toEqual({count: 0, gaps: []});
	});

	it.each([
		['cp %p /archive/%f', '/archive'],
		['test ! -f /mnt/wal/%f && cp %p /mnt/wal/%f', '/mnt/wal'],
		['gzip < "%p" > "/w/%f.gz"', '/w'],
		['pgbackrest --stanza=main archive-push %p', undefined],
		['', undefined],
	])('finds the folder in %j', (command, folder) => {
		expect(archiveFolder(command)).toBe(folder);
	});

	it('knows the programs that keep archives themselves', () => {
		expect(archiveTool('pgbackrest --stanza=main archive-push %p')?.name).toBe('pgBackRest');
		expect(archiveTool('barman-wal-archive host main %p')?.name).toBe('Barman');
		expect(archiveTool('envdir /etc/w wal-g wal-push %p')?.name).toBe('WAL-G');
		expect(archiveTool('cp %p /a/%f')).toBeUndefined();
	});
});
