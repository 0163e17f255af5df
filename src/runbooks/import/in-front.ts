/** Something in front of a program that runs it elsewhere or otherwise: `sudo`, `docker exec db`, `xargs`. */
export type Via = {readonly program: string; readonly words: readonly string[]};

/** Options that take a value, by program in front of a program. */
const valued: Readonly<Record<string, RegExp>> = {
	sudo: /^-[ugCDhpRrTt]$/,
	env: /^-[uC]$/,
	nice: /^-n$/,
	ionice: /^-[cnp]$/,
	timeout: /^-[ks]$/,
	xargs: /^-[aEdIiLlnPs]$/,
	ssh: /^-[bcDEeFIiJLlmOopQRSWw]$/,
	watch: /^-n$/,
	nohup: /^$/,
	setsid: /^$/,
	command: /^$/,
	exec: /^-a$/,
	stdbuf: /^-[ioe]$/,
	chroot: /^$/,
	flock: /^-[wE]$/,
};

/** How many words after its options belong to the program in front: `timeout 5`, `ssh host`. */
const taken: Readonly<Record<string, number>> = {timeout: 1, ssh: 1, chroot: 1, flock: 1};

/** The program that a command is about, behind `sudo`, `docker exec`, `xargs` and the like. */
export function unwrap(words: readonly string[]): {
	readonly program: string | undefined;
	readonly rest: readonly string[];
	readonly via: readonly Via[];
} {
	const via: Via[] = [];
	let rest = words;
	for (let round = 0; round < 8; round++) {
		const inner = containerProgram(rest) ?? frontProgram(rest);
		if (!inner) break;
		via.push({program: inner.front, words: rest.slice(0, rest.length - inner.rest.length)});
		rest = inner.rest;
		while (/^[A-Za-z_]\w*=/.test(rest[0] ?? '')) rest = rest.slice(1);
	}

	return {program: rest[0], rest: rest.slice(1), via};
}

type Inner = {readonly front: string; readonly rest: readonly string[]};

function frontProgram(words: readonly string[]): Inner | undefined {
	const [path = ''] = words;
	const front = path.slice(path.lastIndexOf('/') + 1);
	const values = Object.hasOwn(valued, front) ? valued[front] : undefined;
	if (!values) return undefined;
	let at = 1;
	while (at < words.length) {
		const word = words[at] ?? '';
		if (!word.startsWith('-') && !/^[A-Za-z_]\w*=/.test(word)) break;
		at += values.test(word) ? 2 : 1;
	}

	const rest = words.slice(at + (taken[front] ?? 0));
	// `ssh host 'a b'` has one word that holds a command.
	const [only = ''] = rest;
	const isText = front === 'ssh' && rest.length === 1 && only.includes(' ');
	return rest.length === 0 ? undefined : {front, rest: isText ? ['sh', '-c', only] : rest};
}

/** `docker exec`, `docker compose exec|run`, `docker run`, `kubectl exec`: what runs inside. */
function containerProgram(words: readonly string[]): Inner | undefined {
	const [path = ''] = words;
	const program = path.slice(path.lastIndexOf('/') + 1);
	if (!/^(?:docker|podman|docker-compose|podman-compose|kubectl|nerdctl)$/.test(program)) {
		return undefined;
	}

	const verb = words.findIndex(word => /^(?:exec|run)$/.test(word));
	if (verb === -1) return undefined;
	const before = words.slice(1, verb);
	const isCompose = program.endsWith('-compose') || before.includes('compose');
	if (before.some(word => /^(?:logs|config|ps|up|down|build|images?|volumes?)$/.test(word))) {
		return undefined;
	}

	let at = verb + 1;
	while (at < words.length && (words[at] ?? '').startsWith('-')) {
		const word = words[at] ?? '';
		if (word === '--') {
			at++;
			break;
		}

		at += containerValued.test(word) ? 2 : 1;
	}

	let inner = at + 1;
	if (words[inner] === '--') inner++;
	const rest = words.slice(inner);
	if (rest.length === 0) return undefined;
	const what = words[verb] ?? '';
	return {front: `${isCompose ? 'compose' : program} ${what}`, rest};
}

const containerValued =
	/^(?:-[cehlmpuvwn]|--(?:env|env-file|user|workdir|volume|mount|network|name|publish|memory|index|entrypoint|label|namespace|container|cpus))$/;
