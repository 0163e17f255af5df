import * as v from 'valibot';
import {duration, integer, size, text} from './scalars.ts';
import {absolutePath, list, may} from './schema-parts.ts';

const count = (description: string) => may(integer('count', [0, 1_000_000], description));

/** Our own backups: where, how deep, how long. */
export const storageSchema = v.strictObject(
	{
		backups: may(
			absolutePath('Folder of our own backups, mode 0700; backups in the state folder unless set.'),
		),
		retention: may(
			v.pipe(
				v.strictObject(
					{
						keep_last: count('Keep this many of the newest.'),
						daily: count('Keep the newest of each of this many days.'),
						weekly: count('Keep the newest of each of this many weeks.'),
						monthly: count('Keep the newest of each of this many months.'),
						min_verified: may(
							integer('count', [1, 1_000_000], 'Fewest verified ones that stay (2 unless set).'),
						),
						max_total: may(size('Warn when what stays is larger than this.')),
					},
					'map',
				),
				v.description(
					'What `opsconsole prune` keeps of each series; without it nothing is deleted.',
				),
			),
		),
		hash_limit: may(
			size(
				'Up to this size of all tables their content is hashed, above only counted (20GB unless set).',
			),
		),
		max_age: may(duration('Oldest that the newest of a series may be (26h unless set).')),
		prove_within: may(
			duration('Within this time one of each series must be restored for proof (7d unless set).'),
		),
		assertions: list(
			'What must hold in a restored copy, for verification at level 4.',
			v.strictObject({
				database: may(text('Only for backups of this database.')),
				sql: text('A statement that gives one value.'),
				expect: text('What the value must be: >0, >=10, <5, =3, or the text itself.'),
			}),
		),
	},
	'map',
);
