import {referencesOf, referenceOf, type Expression} from './expression.ts';
import type {Wizard} from './runbook.ts';
import {placesIn} from './say.ts';

const known = new WeakMap<Wizard, ReadonlySet<string>>();

/**
 * The fields, as `look.field`, that a wizard judges by or says in its texts: of everything that its looks saw, what counts
 * for it. A screen shows these, a report shows all.
 */
export function relevantFields(wizard: Wizard): ReadonlySet<string> {
	const before = known.get(wizard);
	if (before) return before;
	const fields = new Set<string>();
	const add = (expression: Expression) => {
		for (const {look, field} of referencesOf(expression)) fields.add(`${look}.${field}`);
	};
	const say = (...texts: readonly ({readonly en: string} | undefined)[]) => {
		for (const place of texts.flatMap(text => (text ? placesIn(text.en) : []))) {
			const reference = referenceOf(place);
			if (reference) fields.add(`${reference.look}.${reference.field}`);
		}
	};
	for (const {title, when, for: pro, against} of Object.values(wizard.causes)) {
		add(when.expression);
		say(title);
		for (const argument of [...pro, ...against]) {
			add(argument.if.expression);
			say(argument.says);
		}
	}

	for (const node of Object.values(wizard.nodes)) {
		say(node.why, node.means);
		if (node.kind === 'decide') {
			for (const {when, because} of node.branches) {
				add(when.expression);
				say(because);
			}
		}

		if (node.kind === 'note') say(node.text);
		if (node.kind === 'end') say(node.says);
		if (node.kind === 'ask') say(node.question, ...node.choices.map(({label}) => label));
	}

	known.set(wizard, fields);
	return fields;
}
