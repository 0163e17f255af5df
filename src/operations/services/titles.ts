import {clean} from '../../domain/clean.ts';
import type {FoundUnit} from './find.ts';

const shownNames = 5;

/** The names of units for a title; more than five are counted. */
export function namesOf(units: readonly {readonly name: string}[]): string {
	const names = units.map(({name}) => clean(name, 100));
	const rest = names.length - shownNames;
	return rest > 1 ? `${names.slice(0, shownNames).join(', ')} … +${rest}` : names.join(', ');
}

/** What is typed behind the environment: the one service, or the project of several. */
export function confirmNameOf(units: readonly FoundUnit[]): string {
	const [first] = units;
	return units.length === 1 || first?.project === undefined ? (first?.name ?? '') : first.project;
}
