import type {Grant} from './server-facts.ts';

// PostgreSQL documentation, "Privileges", table of ACL abbreviations; only these exist for databases.
const letters: Readonly<Record<string, string>> = {C: 'CREATE', c: 'CONNECT', T: 'TEMPORARY'};

function unquote(name: string): string {
	return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** Reads rights as PostgreSQL prints them: `app=CTc/owner`, `=Tc/owner` (PUBLIC), `"odd name"=c*\/owner`. */
export function parseAcl(items: readonly string[]): readonly Grant[] {
	return items.flatMap(item => {
		const found = /^("(?:[^"]|"")*"|[^"=]*)=([^/]*)\//.exec(item);
		if (!found) {
			return [];
		}
		const [, grantee = '', rights = ''] = found;
		return [...rights.matchAll(/([a-zA-Z])(\*?)/g)].flatMap(([, letter = '', star]) => {
			const privilege = letters[letter];
			return privilege === undefined
				? []
				: [{grantee: unquote(grantee), privilege, isGrantable: star === '*'}];
		});
	});
}
