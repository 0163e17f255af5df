/** What the head of a `pg_dump -Fc` archive tells. */
export type ArchiveHeader = {
	/** Version of the archive's format, for example 1.14. */
	readonly format: string;
	readonly database: string;
	readonly serverVersion: string;
	readonly dumpVersion: string;
	/** Entries of the table of contents. */
	readonly entries: number;
};

/** Enough of the archive for its header. */
export const headerBytes = 64 * 1024;

const magic = 'PGDMP';
const customFormat = 1;

/** Bytes one after the other; throws where they end too early. */
function reader(data: Uint8Array) {
	let at = 0;
	const byte = (): number => {
		const value = data[at++];
		if (value === undefined) throw new Error('the archive ends in its header');
		return value;
	};
	return {
		byte,
		/** Sign, then the bytes of the value, the lowest first. */
		integer(size: number): number {
			const isNegative = byte() !== 0;
			let value = 0;
			for (let index = 0; index < size; index++) value += byte() * 256 ** index;
			return isNegative ? -value : value;
		},
		text(size: number): string {
			const length = this.integer(size);
			if (length < 0) return '';
			if (length > 4096) throw new Error('a text in the header of the archive is too long');
			const bytes = Uint8Array.from({length}, byte);
			return new TextDecoder().decode(bytes);
		},
	};
}

/**
 * Reads the header of an archive in PostgreSQL's custom format (pg_backup_archiver.c, ReadHead; formats 1.10 to 1.16).
 * Throws an Error that says what is wrong.
 */
export function readArchiveHeader(data: Uint8Array): ArchiveHeader {
	const from = reader(data);
	const start = String.fromCharCode(...Array.from({length: magic.length}, () => from.byte()));
	if (start !== magic) throw new Error('this is no archive of pg_dump');
	const [major, minor] = [from.byte(), from.byte()];
	from.byte();
	const intSize = from.byte();
	from.byte();
	if (from.byte() !== customFormat || intSize > 8) throw new Error('not in the custom format');
	if (major !== 1 || minor < 10 || minor > 16)
		throw new Error(`format ${major}.${minor} is not known`);
	// Compression: an algorithm since 1.15, a level before. Then the time, in seven parts.
	if (minor >= 15) from.byte();
	else from.integer(intSize);
	for (let part = 0; part < 7; part++) from.integer(intSize);
	return {
		format: `${major}.${minor}`,
		database: from.text(intSize),
		serverVersion: from.text(intSize),
		dumpVersion: from.text(intSize),
		entries: from.integer(intSize),
	};
}
