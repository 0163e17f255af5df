import type {TarMember} from './tar.ts';

/** How much an archive may hold. */
export type Budget = {
	readonly members: number;
	/** Of all contents together. */
	readonly totalBytes: number;
	/** Of one content. */
	readonly memberBytes: number;
};

/** Limits where nothing else is set; SAFETY 3.7. */
export const defaultBudget: Budget = {
	members: 100_000,
	totalBytes: 4 * 1024 ** 3,
	memberBytes: 1024 ** 3,
};

const maxDepth = 32;
const maxPartBytes = 255;
const maxPathBytes = 3072;
const maxLinkBytes = 1024;

/** Why a name may not be in an archive. */
export type NameFault =
	| 'empty'
	| 'absolute'
	| 'dot-part'
	| 'control'
	| 'backslash'
	| 'not-normal'
	| 'too-long'
	| 'too-deep';

/** Judges the name of a member; undefined where it is right. SAFETY 3.7. */
export function nameFault(path: string): NameFault | undefined {
	if (path === '') return 'empty';
	if (path.startsWith('/')) return 'absolute';
	if (path.includes('\\')) return 'backslash';
	if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Cn}\p{Co}]/u.test(path)) return 'control';
	if (path.normalize('NFC') !== path) return 'not-normal';
	const parts = path.split('/');
	if (parts.some(part => part === '')) return 'empty';
	if (parts.some(part => part === '.' || part === '..')) return 'dot-part';
	if (parts.length > maxDepth) return 'too-deep';
	const bytesOf = (text: string) => new TextEncoder().encode(text).length;
	if (parts.some(part => bytesOf(part) > maxPartBytes)) return 'too-long';
	return bytesOf(path) > maxPathBytes ? 'too-long' : undefined;
}

/** Why an archive is refused, with the member where it is about one. */
export type ArchiveFault = {
	readonly fault:
		| NameFault
		| 'twice'
		| 'same-but-case'
		| 'below-a-file'
		| 'special-mode'
		| 'bad-link'
		| 'too-many'
		| 'too-large'
		| 'total-too-large';
	readonly member: string;
};

/** An archive that is refused as a whole, by a rule for its members. */
export class ArchiveError extends Error {
	readonly fault: ArchiveFault['fault'];
	/** From outside, not cleaned. */
	readonly member: string;

	constructor({fault, member}: ArchiveFault) {
		super(fault);
		this.name = 'ArchiveError';
		this.fault = fault;
		this.member = member;
	}
}

/**
 * Makes the judge of the members of one archive, in their order. It throws an ArchiveError at the first one that could
 * leave the target folder, hide another, or fill the disk; set-user-id bits are refused too.
 */
export function createMemberJudge(budget: Budget = defaultBudget): (member: TarMember) => void {
	const types = new Map<string, TarMember['type'] | 'implied'>();
	const folded = new Map<string, string>();
	let total = 0;
	let count = 0;
	return member => {
		const refuse = (fault: ArchiveFault['fault']): never => {
			throw new ArchiveError({fault, member: member.path});
		};
		count += 1;
		if (count > budget.members) refuse('too-many');
		const fault = nameFault(member.path);
		if (fault !== undefined) refuse(fault);
		if ((member.mode & 0o6000) !== 0) refuse('special-mode');
		if (member.bytes > budget.memberBytes) refuse('too-large');
		total += member.bytes;
		if (total > budget.totalBytes) refuse('total-too-large');
		const {link} = member;
		if (link !== undefined && (/\p{Cc}/u.test(link) || link.length > maxLinkBytes))
			refuse('bad-link');
		const known = types.get(member.path);
		// A folder may come after its content; a file never stands where something is already.
		if (known !== undefined && !(known === 'implied' && member.type === 'folder')) refuse('twice');
		types.set(member.path, member.type);
		const parts = member.path.split('/');
		for (let depth = 1; depth <= parts.length; depth += 1) {
			const path = parts.slice(0, depth).join('/');
			const key = path.toLowerCase().normalize('NFKC').toLowerCase();
			if ((folded.get(key) ?? path) !== path) refuse('same-but-case');
			folded.set(key, path);
			if (depth === parts.length) continue;
			const above = types.get(path) ?? 'implied';
			if (above === 'file' || above === 'link') refuse('below-a-file');
			types.set(path, above);
		}
	};
}
