import {number, text} from '../field.ts';
import type {LookDeclaration} from '../look.ts';

/** Looks at the host itself. */
export const hostLooks = {
	'host.load': {
		title: {en: 'Load of the host', zh: '主机负载'},
		on: 'host',
		from: '/proc/stat, /proc/meminfo, statfs',
		fields: {
			cpu: number('percent', 'CPU', 'CPU'),
			memory: number('percent', 'Memory', '内存'),
			swap: number('percent', 'Swap', '交换区'),
			'load-per-core': number('ratio', 'Load per core', '每核负载'),
			'fullest-mount': text('Fullest disk', '最满的磁盘'),
			disk: number('percent', 'Fullest disk used', '最满磁盘占用'),
			'disk-free': number('bytes', 'Free on the fullest disk', '最满磁盘剩余'),
			'inode-mount': text('Disk with the fewest free inodes', 'inode 最少的磁盘'),
			inodes: number('percent', 'Inodes used', 'inode 占用'),
			'disk-busy': number('percent', 'Busiest disk', '最忙磁盘'),
		},
	},
} as const satisfies Readonly<Record<string, LookDeclaration>>;
