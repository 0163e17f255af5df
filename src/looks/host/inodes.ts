import {clean} from '../../domain/clean.ts';
import {most, percentOf} from '../figures.ts';
import {freshOf} from '../fresh-of.ts';
import type {LookReader} from '../reader.ts';
import {diskOf} from './disk-eaters.ts';
import {walkEntries} from './disk-walk.ts';
import {ownerOfPath} from './path-owner.ts';
import {standOut, topFolders} from './walk-tree.ts';

const walkMs = 15_000;
const shownCount = 15;

/** Which folders take the inodes of the disk that has the fewest left. */
export const readHostInodes: LookReader<'host.inodes'> = async facts => {
	const host = freshOf('host.load', await facts.reading('host.load', 'host'));
	const disk = diskOf(host, ({inodesUsedPercent}) => inodesUsedPercent);
	const walk = await walkEntries(facts, disk.mount, walkMs);
	const folder = most(walk.folders, ({own}) => own);
	const tree = standOut(walk);
	return {
		values: {
			mount: disk.mount,
			'is-complete': walk.isComplete,
			folder: folder === undefined ? undefined : clean(folder.path, 300),
			entries: folder?.own,
			'tree-folder': tree === undefined ? undefined : clean(tree.path, 300),
			'tree-entries': tree?.total,
			'tree-share': percentOf(tree?.total, walk.folders[0]?.total),
			'folder-owner': folder === undefined ? undefined : await ownerOfPath(folder.path, facts),
		},
		lines: topFolders(walk, shownCount).map(({path, own}) => clean(`${own} ${path}/`, 300)),
	};
};
