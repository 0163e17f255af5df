import {draftOf} from './draft.ts';
import {draftYaml, markedCount, type DraftNames} from './draft-yaml.ts';

/** A handbook as a draft checklist, with what is worth saying about it. */
export type Imported = {
	readonly yaml: string;
	readonly itemCount: number;
	/** Commands with at least one marked danger. */
	readonly markedCount: number;
};

/** Turns a Markdown handbook into the YAML text of a draft checklist. Pure: nothing of it is executed. */
export function importHandbook(markdown: string, names: DraftNames): Imported {
	const draft = draftOf(markdown);
	return {
		yaml: draftYaml(draft, names),
		itemCount: draft.items.length,
		markedCount: markedCount(draft),
	};
}

/** The id of a draft from the name of a handbook's file: kebab-case, `handbook` where nothing else is left. */
export function draftId(fileName: string): string {
	const id = fileName
		.replace(/\.[A-Za-z]{1,8}$/, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '')
		.slice(0, 50);
	if (id === '') return 'handbook';
	return /^[a-z]/.test(id) ? id : `handbook-${id}`;
}
