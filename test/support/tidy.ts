/** What must never stand in the program's code (docs/decisions; the most dangerous commands of operations). */
const forbidden: readonly (readonly [name: string, pattern: RegExp])[] = [
	['shell: true', /\bshell\s*:\s*true\b/],
	['sh -c with interpolation', /['"`]-c['"`]\s*,\s*`[^`]*\$\{/],
	['docker system prune', /\bsystem['",\s]+prune\b/],
	['volume prune', /\bvolumes?['",\s]+prune\b/],
	['volume rm', /\bvolume['",\s]+rm\b/],
	['compose down', /\bcompose['",\s]+down\b|\bdown['",\s]+-v\b/],
	['FLUSHALL or FLUSHDB', /['"`](flushall|flushdb)\b/i],
	['KEYS', /\bcall\(\s*['"`]keys['"`]/i],
	['MONITOR', /\bcall\(\s*['"`]monitor['"`]/i],
	['DEBUG', /\bcall\(\s*['"`]debug['"`]/i],
	['DROP DATABASE', /\bdrop\s+database\b/i],
	['pg_restore --clean', /pg_restore['",\s]+[^\n]*--clean/],
	['rm -rf', /\brm['",\s]+-[a-z]*rf|\brm['",\s]+-fr\b/],
	['find -delete', /\bfind\b[^\n]*-delete\b/],
	['git reset --hard', /\breset['",\s]+--hard\b/],
	['push -f', /\bpush['",\s]+(-f|--force)\b/],
	['kubectl delete', /\bkubectl['",\s]+delete\b/],
	['pkill or killall', /\b(pkill|killall)\b/],
	['chmod 777', /\bchmod\w*\b[^\n&]*\b(0o?)?777\b/],
	['crontab -', /\bcrontab['",\s]+-/],
	['curl | sh', /\b(curl|wget)\b[^\n]*\|\s*(ba)?sh\b/],
	['--privileged', /--privileged\b|\bPrivileged\s*:\s*true\b/],
];

/** Names of the forbidden things that a text contains. Lines that refuse something by naming it say so with `refused:`. */
export function findForbidden(text: string): readonly string[] {
	const checked = text
		.split('\n')
		.filter(line => !line.includes('refused:'))
		.join('\n');
	return forbidden.filter(([, pattern]) => pattern.test(checked)).map(([name]) => name);
}

/** Words that say nothing about the thing that they name, and notes to oneself. */
export function findUnwantedWords(text: string): readonly string[] {
	return [
		...text.matchAll(
			/\b(TODO|FIXME|XXX)\b|\b(\w*(?:Utils?|Helpers?|Manager))\b|from '[^']*\/(utils?|helpers?)[./']/g,
		),
	].map(match => match[0]);
}

/** Paths, addresses and registries of one machine. */
export function findMachineTraces(text: string): readonly string[] {
	const patterns = [
		/(?<![\w.~-])\/(?:work|farm)\/[\w.-]+/g,
		/(?<![\w.-])\/root\/[\w.-]+/g,
		/(?<![\w.-])\/home\/(?!ubuntu\b|app\b|ops\b|user\b|opsconsole\b)[a-z][\w-]+\//g,
		/https?:\/\/[\w.-]*(?:artifactory|nexus|verdaccio|registry\.(?!npmjs\.org))[\w.:/-]*/g,
	];
	return patterns.flatMap(pattern => [...text.matchAll(pattern)].map(match => match[0]));
}

/** Targets of Markdown links and pictures that are files, without their anchors. */
export function localLinks(markdown: string): readonly string[] {
	return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
		.map(match => (match[1] ?? '').replace(/#.*$/, ''))
		.filter(link => link !== '' && !/^[a-z]+:/.test(link));
}
