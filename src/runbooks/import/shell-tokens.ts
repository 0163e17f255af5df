/** A word or an operator of a shell command. Quotes are taken off words; what they hold stays as it is. */
export type ShellToken =
	{readonly kind: 'word'; readonly text: string} | {readonly kind: 'sign'; readonly text: string};

/** What was cut out of a command text. */
export type ShellPieces = {
	readonly tokens: readonly ShellToken[];
	/** Insides of `$(…)` and backquotes. */
	readonly inner: readonly string[];
	/** The text ends inside quotes or brackets, so that the command goes on in the next line. */
	readonly isOpen: boolean;
};

const sign = /\d*(?:&>>?|>>|>&|>\||>|<<<|<<-?|<&|<)(?:\d|-(?=\s|$))?|&&|\|\||\|&|;;|[|;&()]/y;

/** Cuts a command into words and operators as a shell would, without expanding anything. Never throws. */
export function shellTokens(text: string): ShellPieces {
	const reader = new Reader(text);
	const tokens = [...reader.all()];
	return {tokens, inner: reader.inner, isOpen: reader.isOpen};
}

class Reader {
	readonly inner: string[] = [];
	isOpen = false;
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	*all(): Generator<ShellToken> {
		while (this.#at < this.#text.length) {
			const character = this.#text.charAt(this.#at);
			if (character === '\n') {
				this.#at++;
				yield {kind: 'sign', text: ';'};
			} else if (this.#text.startsWith('\\\n', this.#at)) {
				// The line goes on in the next one.
				this.#at += 2;
			} else if (/\s/.test(character)) {
				this.#at++;
			} else if (character === '#') {
				this.#at = this.#find('\n', this.#at);
			} else {
				yield this.#sign() ?? {kind: 'word', text: this.#word()};
			}
		}
	}

	#sign(): ShellToken | undefined {
		sign.lastIndex = this.#at;
		const found = sign.exec(this.#text)?.[0];
		if (found === undefined || found === '') return undefined;
		this.#at += found.length;
		return {kind: 'sign', text: found};
	}

	/** Where a text is next, or the end. */
	#find(wanted: string, from: number): number {
		const at = this.#text.indexOf(wanted, from);
		return at === -1 ? this.#text.length : at;
	}

	#word(): string {
		const start = this.#at;
		let word = '';
		while (this.#at < this.#text.length) {
			const character = this.#text.charAt(this.#at);
			if (/[\s|;&()<>]/.test(character)) break;
			word += this.#part(character);
		}

		// Always at least one character, so that reading ends.
		if (this.#at === start) this.#at++;
		return word;
	}

	#part(character: string): string {
		if (character === '\\') {
			const next = this.#text.charAt(this.#at + 1);
			this.#at += 2;
			if (next === '') this.isOpen = true;
			return next === '\n' ? '' : next;
		}

		if (character === "'") return this.#until("'");
		if (character === '"') return this.#quoted();
		if (character === '`') return this.#backquoted();
		if (this.#text.startsWith('$(', this.#at)) return this.#substituted();
		if (this.#text.startsWith('${', this.#at)) return `\${${this.#until('}', 2)}}`;
		this.#at++;
		return character;
	}

	/** What stands up to a character, which is passed. */
	#until(end: string, skip = 1): string {
		const from = this.#at + skip;
		const to = this.#text.indexOf(end, from);
		if (to === -1) this.isOpen = true;
		this.#at = to === -1 ? this.#text.length : to + 1;
		return this.#text.slice(from, to === -1 ? undefined : to);
	}

	#quoted(): string {
		this.#at++;
		let text = '';
		while (this.#at < this.#text.length) {
			const character = this.#text.charAt(this.#at);
			if (character === '"') {
				this.#at++;
				return text;
			}

			if (character === '\\') {
				const next = this.#text.charAt(this.#at + 1);
				// Inside double quotes a backslash counts only before these.
				text += /[$`"\\]/.test(next) ? next : next === '\n' ? '' : character + next;
				this.#at += 2;
			} else if (character === '`') {
				text += this.#backquoted();
			} else if (this.#text.startsWith('$(', this.#at)) {
				text += this.#substituted();
			} else {
				text += character;
				this.#at++;
			}
		}

		this.isOpen = true;
		return text;
	}

	#backquoted(): string {
		const inside = this.#until('`');
		this.inner.push(inside);
		return `\`${inside}\``;
	}

	/** `$(…)`: its end is found by counting brackets outside of quotes. */
	#substituted(): string {
		const from = this.#at + 2;
		let depth = 1;
		let quote = '';
		let at = from;
		for (; at < this.#text.length && depth > 0; at++) {
			const character = this.#text.charAt(at);
			if (character === '\\') at++;
			else if (quote !== '') quote = character === quote ? '' : quote;
			else if (character === "'" || character === '"') quote = character;
			else if (character === '(') depth++;
			else if (character === ')') depth--;
		}

		if (depth > 0) this.isOpen = true;
		this.#at = at;
		const inside = this.#text.slice(from, depth > 0 ? undefined : at - 1);
		// `$((…))` only calculates.
		if (!inside.startsWith('(')) this.inner.push(inside);
		return `$(${inside})`;
	}
}
