import {clean} from './clean.ts';

/** What `apt-get -s dist-upgrade` would do. */
export type Updates = {
	/** Names of the packages that would become newer. */
	readonly pending: readonly string[];
	readonly security: readonly string[];
	/** Packages that stay behind, because they are held or something else stands in their way. */
	readonly held: number;
};

/**
 * Reads the output of `apt-get -s dist-upgrade`: `Inst zip [3.0-12] (3.0-13 Debian-Security:12/oldstable-security [amd64])`.
 * A package without an installed version in brackets is new and no update. Undefined where the summary is missing.
 */
export function parseUpdates(text: string): Updates | undefined {
	const summary = /^\d+ upgraded, .* and (\d+) not upgraded\.$/m.exec(text);
	if (summary === null) return undefined;
	const pending: string[] = [];
	const security: string[] = [];
	for (const [, name = '', origin = ''] of text.matchAll(/^Inst (\S+) \[[^\]]*\] \(([^)]*)\)/gm)) {
		pending.push(clean(name, 100));
		if (/-security\b|\bDebian-Security\b/i.test(origin)) security.push(clean(name, 100));
	}

	return {pending, security, held: Number(summary[1])};
}
