/** A WAL segment of one timeline, by its number in the sequence of segments. */
export type Segment = {readonly timeline: number; readonly number: number};

const segmentPattern = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(?:\.(?:gz|zst|lz4|bz2|xz))?$/;

/**
 * Reads the name of an archived segment (`000000010000000A000000FE`, also compressed); undefined where it is none (history
 * and backup files, parts). A log file of 4 GiB has `segmentsInFile` segments: 256 of 16 MiB.
 */
export function parseSegment(name: string, segmentsInFile: number): Segment | undefined {
	const [, timeline, file, segment] = segmentPattern.exec(name) ?? [];
	if (timeline === undefined || file === undefined || segment === undefined) {
		return undefined;
	}
	const inFile = Number.parseInt(segment, 16);
	return inFile >= segmentsInFile
		? undefined
		: {
				timeline: Number.parseInt(timeline, 16),
				number: Number.parseInt(file, 16) * segmentsInFile + inFile,
			};
}

/** The name of a segment, without any compression's ending. */
export function segmentName({timeline, number}: Segment, segmentsInFile: number): string {
	const parts = [timeline, Math.floor(number / segmentsInFile), number % segmentsInFile];
	return parts.map(part => part.toString(16).toUpperCase().padStart(8, '0')).join('');
}

/** Segments that are missing between two that are there. */
export type Gap = {readonly first: Segment; readonly last: Segment; readonly count: number};

/** What an archive holds of its newest timeline. */
export type Archive = {
	readonly count: number;
	readonly first?: Segment;
	readonly last?: Segment;
	readonly gaps: readonly Gap[];
};

/**
 * Looks for segments that are missing. Only within one timeline, the newest: a new timeline may begin in the middle of a
 * segment of the one before. `from` is the first segment that is needed, from the newest base backup.
 */
export function judgeArchive(names: readonly string[], segmentsInFile: number, from = 0): Archive {
	const all = names.flatMap(name => parseSegment(name, segmentsInFile) ?? []);
	const timeline = all.reduce((most, segment) => Math.max(most, segment.timeline), 0);
	const numbers = [
		...new Set(all.filter(one => one.timeline === timeline).map(({number}) => number)),
	]
		.filter(number => number >= from)
		.sort((a, b) => a - b);
	const gaps = numbers.flatMap((number, index): readonly Gap[] => {
		const before = numbers[index - 1];
		return before === undefined || before + 1 === number
			? []
			: [
					{
						first: {timeline, number: before + 1},
						last: {timeline, number: number - 1},
						count: number - before - 1,
					},
				];
	});
	const [first] = numbers;
	const last = numbers.at(-1);
	return {
		count: numbers.length,
		...(first !== undefined && {first: {timeline, number: first}}),
		...(last !== undefined && {last: {timeline, number: last}}),
		gaps,
	};
}

/**
 * The folder that an archive command copies to, where it is plain to see: the last path with `%f`
 * (`cp %p /archive/%f`); undefined for programs that know it themselves.
 */
export function archiveFolder(command: string): string | undefined {
	const paths = [...command.matchAll(/(?:^|[\s"'=])(\/[^\s"';&|]*?)\/?%f(?=$|[\s"';&|.])/g)];
	const folder = paths.at(-1)?.[1];
	return folder === undefined || folder === '' ? undefined : folder;
}

/** A program for WAL archives that an archive command calls, with how to ask it and how to restore with it. */
export type ArchiveTool = {
	readonly name: string;
	readonly status: string;
	readonly restore: string;
};

const tools: readonly (ArchiveTool & {readonly sign: RegExp})[] = [
	{
		name: 'pgBackRest',
		sign: /\bpgbackrest\b/,
		status: 'pgbackrest info',
		restore: "pgbackrest restore --type=time --target='{time}' --pg1-path=<new folder>",
	},
	{
		name: 'Barman',
		sign: /\bbarman(?:-wal-archive)?\b/,
		status: 'barman check all',
		restore: "barman recover --target-time '{time}' <server> <backup> <new folder>",
	},
	{
		name: 'WAL-G',
		sign: /\bwal-g\b/,
		status: 'wal-g wal-verify integrity timeline',
		restore: "wal-g backup-fetch <new folder> LATEST, then recovery_target_time = '{time}'",
	},
];

/** The known program that an archive command calls; undefined where it is none. */
export function archiveTool(command: string): ArchiveTool | undefined {
	return tools.find(({sign}) => sign.test(command));
}
