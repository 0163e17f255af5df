import {expect, test} from 'vitest';
import type {Catalogue, CatalogueBackup} from '../../../src/domain/catalogue.ts';
import {ProblemError} from '../../../src/domain/problem.ts';
import {chooseBackup, type WantedBackup} from '../../../src/operations/catalogue/choose.ts';
import {backupAt, verificationOf} from '../../support/manifests.ts';

const hourMs = 3_600_000;
const now = Date.UTC(2026, 10, 20);

function at(hours: number, changes: Partial<CatalogueBackup> = {}): CatalogueBackup {
	return {...backupAt(now - hours * hourMs), ...changes};
}

function bad(backup: CatalogueBackup): CatalogueBackup {
	return {...backup, verifications: [verificationOf(backup.id, 3, {isGood: false})]};
}

function manifest(backup: CatalogueBackup, changes: Partial<CatalogueBackup['manifest']>) {
	return {...backup, manifest: {...backup.manifest, ...changes}};
}

const [safety, doubtful, broken, newest, other, oldest] = [
	manifest(at(1), {isSafety: true}),
	manifest(at(2), {isSuspicious: true}),
	bad(at(3)),
	at(4),
	at(5, {series: 'pg-other'}),
	at(30),
] as const;

const catalogue: Catalogue = {
	folder: '/var/backups',
	isForeign: false,
	foreignCount: 0,
	isTruncated: false,
	backups: [safety, doubtful, broken, newest, other, oldest],
	damaged: [{series: 'pg-shop', id: '20261101T000000Z-dddddddd', cause: 'no manifest'}],
	unfinished: [],
	trash: [],
};

function chosen(wanted: WantedBackup): string {
	try {
		return chooseBackup(catalogue, wanted).id;
	} catch (error) {
		if (error instanceof ProblemError) return error.problem.code;
		throw error;
	}
}

test('latest is never a safety backup, and for a restore never a doubtful one', () => {
	expect(chosen({id: 'latest'})).toBe(doubtful.id);
	expect(chosen({id: 'latest', isForRestore: true})).toBe(newest.id);
	const isMeant = ({series}: CatalogueBackup) => series === 'pg-other';
	expect(chosen({id: 'latest', isForRestore: true, isMeant})).toBe(other.id);
	expect(chosen({id: 'latest', kind: 'redis'})).toBe('backup-not-found');
});

test('an id may be shortened as long as it is clear', () => {
	expect(chosen({id: oldest.id})).toBe(oldest.id);
	expect(chosen({id: oldest.id.slice(0, 13)})).toBe(oldest.id);
	expect(chosen({id: newest.id.slice(0, 8)})).toBe('backup-ambiguous');
	expect(chosen({id: newest.id.slice(0, 3)})).toBe('backup-not-found');
	expect(chosen({id: safety.id, isForRestore: true})).toBe(safety.id);
	expect(chosen({id: '20261101T00'})).toBe('backup-damaged');
	expect(chosen({id: ''})).toBe('backup-not-found');
});

test('one that is known to be bad may be looked at and not restored', () => {
	expect(chosen({id: broken.id})).toBe(broken.id);
	expect(chosen({id: broken.id, isForRestore: true})).toBe('backup-damaged');
});
