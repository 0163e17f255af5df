import type {ProblemWords} from './words.ts';

/** What can go wrong while a database is backed up: cause and next step. */
export const dumpProblems = {
	'dump-no-database': {
		en: {
			summary: 'there is no database {name} to back up',
			hint: 'Databases that are known: {known}.',
		},
		zh: {summary: '没有可备份的数据库 {name}', hint: '已知的数据库：{known}。'},
	},
	'dump-no-programs': {
		en: {
			summary: 'pg_dump and pg_restore were not found in {where}',
			hint: 'Use an image that has the PostgreSQL client programs, or install them (Debian: postgresql-client).',
		},
		zh: {
			summary: '在 {where} 中找不到 pg_dump 和 pg_restore',
			hint: '请使用包含 PostgreSQL 客户端程序的镜像，或安装它们（Debian：postgresql-client）。',
		},
	},
	'dump-version': {
		en: {
			summary:
				'PostgreSQL {server} needs programs of its version, those here are only version {client}',
			hint: 'Install the client programs of version {server} or later; older ones refuse its servers and its dumps.',
		},
		zh: {
			summary: 'PostgreSQL {server} 需要同版本的客户端程序，而本机仅为 {client} 版',
			hint: '请安装 {server} 或更高版本的客户端程序；旧版程序会拒绝该版本的服务器和备份。',
		},
	},
	'dump-no-right': {
		en: {
			summary: 'role {user} may not read {relation}',
			hint: 'Grant it everything a backup needs: `GRANT pg_read_all_data TO {user}` (PostgreSQL 14+), or use a superuser.',
		},
		zh: {
			summary: '角色 {user} 无权读取 {relation}',
			hint: '请授予备份所需权限：`GRANT pg_read_all_data TO {user}`（PostgreSQL 14+），或使用超级用户。',
		},
	},
	'dump-checksum-failures': {
		en: {
			summary: 'database {database} had {count} checksum failures: its files are damaged',
			hint: 'Keep the backups there are, look into the server log for the damaged files, and check the disk before anything else.',
		},
		zh: {
			summary: '数据库 {database} 出现 {count} 次校验和错误：数据文件已损坏',
			hint: '请保留现有备份，在服务器日志中查找损坏的文件，并先检查磁盘。',
		},
	},
	'dump-locked': {
		en: {
			summary: '{relation} is locked by process {pid} ({application})',
			hint: 'A migration seems to run: wait for its end and try again, or end it with `SELECT pg_terminate_backend({pid})`.',
		},
		zh: {
			summary: '{relation} 被进程 {pid}（{application}）锁定',
			hint: '似乎正在执行迁移：请等待其结束后重试，或用 `SELECT pg_terminate_backend({pid})` 终止它。',
		},
	},
	'dump-in-the-way': {
		en: {
			summary:
				'the backup stood in the way of process {pid} ({application}) for {seconds} s and was stopped',
			hint: 'A migration began during the backup, and everything after it had to wait. Run the backup again when it is through.',
		},
		zh: {
			summary: '备份阻塞进程 {pid}（{application}）达 {seconds} 秒，已停止',
			hint: '备份期间开始了迁移，其后的操作都在等待。请在迁移完成后重新备份。',
		},
	},
	'dump-connections': {
		en: {
			summary: 'only {free} connections are free, the backup needs {needed}',
			hint: 'Close idle sessions or raise max_connections, then try again.',
		},
		zh: {
			summary: '仅剩 {free} 个空闲连接，备份需要 {needed} 个',
			hint: '请关闭空闲会话或提高 max_connections 后重试。',
		},
	},
	'dump-clock': {
		en: {
			summary: 'the clock says {now}, but backup {id} was made later',
			hint: 'Correct the clock of this machine (`timedatectl`); backups would get wrong times.',
		},
		zh: {
			summary: '系统时间为 {now}，但备份 {id} 的时间更晚',
			hint: '请校正本机时钟（`timedatectl`），否则备份时间会出错。',
		},
	},
	'dump-out-of-memory': {
		en: {
			summary: '{program} was ended because its memory limit was reached',
			hint: 'Nothing was kept. Free memory on this machine and run it again.',
		},
		zh: {summary: '{program} 达到内存限制而被终止', hint: '未保留任何内容。请释放本机内存后重试。'},
	},
	'dump-disk-full': {
		en: {
			summary: 'the disk of {folder} became full during the backup',
			hint: 'Nothing was kept; older backups are untouched. Free space there and run it again.',
		},
		zh: {
			summary: '备份期间 {folder} 所在磁盘已满',
			hint: '未保留任何内容，旧备份未受影响。请释放空间后重试。',
		},
	},
	'dump-failed': {
		en: {
			summary: '{program} failed: {cause}',
			hint: 'Nothing was kept; older backups are untouched. Remove the cause and run it again.',
		},
		zh: {
			summary: '{program} 失败：{cause}',
			hint: '未保留任何内容，旧备份未受影响。请排除原因后重试。',
		},
	},
	'dump-not-readable': {
		en: {
			summary: 'the new backup could not be read back: {cause}',
			hint: 'Nothing was published. Check the disk of {folder} and run it again.',
		},
		zh: {
			summary: '新备份无法读回：{cause}',
			hint: '未发布任何内容。请检查 {folder} 所在磁盘后重试。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
