/** Plans, cards and jobs of what is done to PostgreSQL beside backups. */
export const postgresPhrases = {
	'restore-name': {en: 'Restore a database', zh: '恢复数据库'},
	'restore-title': {
		en: 'restore database {database} from backup {backup}',
		zh: '用备份 {backup} 恢复数据库 {database}',
	},
	'restore-step-fetch': {
		en: 'copy the dump and compare its checksum',
		zh: '复制转储文件并核对校验和',
	},
	'restore-step-create': {en: 'create the new database {name}', zh: '创建新数据库 {name}'},
	'restore-step-load': {
		en: 'load the dump into it, watching the free space',
		zh: '把转储载入其中，同时监视剩余空间',
	},
	'restore-step-compare': {
		en: 'compare {count} tables with the backup',
		zh: '将 {count} 张表与备份核对',
	},
	'restore-step-analyze': {en: 'collect planner statistics', zh: '收集规划器统计信息'},
	'restore-step-properties': {
		en: 'give it owner, rights, settings and comment',
		zh: '设置所有者、权限、参数和注释',
	},
	'restore-step-quiesce': {en: 'stop {services}', zh: '停止 {services}'},
	'restore-step-gate': {en: 'let no new session into {database}', zh: '禁止新会话进入 {database}'},
	'restore-step-clear': {en: 'end the sessions in it', zh: '结束其中的会话'},
	'restore-step-swap': {
		en: 'swap the names: the new database becomes {database}',
		zh: '交换名称：新数据库成为 {database}',
	},
	'restore-step-open': {
		en: 'check that {database} can be used, start what was stopped',
		zh: '确认 {database} 可用，启动已停止的服务',
	},
	'restore-step-health': {
		en: 'wait until services and addresses are well; otherwise swap back',
		zh: '等待服务和地址恢复正常；否则换回',
	},
	'restore-step-tidy': {en: 'remove the copy of the dump', zh: '删除转储副本'},
	'restore-outage': {
		en: 'sessions are cut once; new ones get in after the swap (0.04 to 0.13 s with 20 busy clients)',
		zh: '会话被切断一次；交换后即可重新连接（20 个繁忙客户端时为 0.04 至 0.13 秒）',
	},
	'restore-outage-stopped': {
		en: 'from the stop of the services until they have started again',
		zh: '从停止服务到重新启动为止',
	},
	'restore-undo': {
		en: 'the old database stays as {kept} until {until}: `{command}` puts it back (in the console: a, Put the old database back)',
		zh: '旧数据库以 {kept} 的名称保留至 {until}：`{command}` 可换回（在控制台中：a，换回旧数据库）',
	},
	'restore-undo-none': {
		en: '{database} is not there now; undone by dropping it by hand',
		zh: '{database} 目前不存在；如需撤销请手动删除',
	},
	'restore-card-age': {
		en: 'the backup is from {at}: what was written after that is not in it',
		zh: '备份时间为 {at}：之后写入的内容不在其中',
	},
	'restore-card-unproven': {
		en: 'this backup was never restored as a test (L3)',
		zh: '此备份从未做过恢复演练（L3）',
	},
	'restore-card-counts': {
		en: 'only numbers of rows can be compared: the backup has no content hashes',
		zh: '只能核对行数：备份没有内容哈希',
	},
	'restore-card-foreign': {
		en: 'THE BACKUP COMES FROM ANOTHER SERVER (system identifier {from})',
		zh: '该备份来自另一台服务器（系统标识 {from}）',
	},
	'restore-card-archiver': {
		en: 'WAL archiving has failed {count} times; look at it first',
		zh: 'WAL 归档已失败 {count} 次；请先检查',
	},
	'restore-card-space': {
		en: "the free space of the server's disk cannot be seen from here; it is watched only while loading, if at all",
		zh: '此处看不到服务器磁盘的剩余空间；最多只能在载入时监视',
	},
	'restore-card-new': {
		en: 'there is no database {database} now; it is made anew',
		zh: '目前没有数据库 {database}；将新建',
	},
	'restore-card-table': {
		en: '{table}: about {live} rows now, {backup} in the backup',
		zh: '{table}：现在约 {live} 行，备份中 {backup} 行',
	},
	'restore-card-missing': {
		en: '{table}: not there now, {backup} rows in the backup',
		zh: '{table}：现在不存在，备份中 {backup} 行',
	},
	'restore-card-extra': {
		en: '{table}: about {live} rows now, not in the backup',
		zh: '{table}：现在约 {live} 行，备份中没有',
	},
	'restore-card-more': {en: 'and {count} more tables differ', zh: '另有 {count} 张表不同'},
	'restore-card-idle': {en: 'nobody is connected to it now', zh: '目前没有人连接'},
	'restore-card-activity': {
		en: 'last activity of a session: {at}',
		zh: '会话最近一次活动：{at}',
	},
	'restore-card-sessions': {
		en: '{count} sessions of {user} ({application}) will be cut',
		zh: '{user} 的 {count} 个会话（{application}）将被切断',
	},
	'restore-card-kept': {
		en: 'the old database ({size}) is put aside as {kept}',
		zh: '旧数据库（{size}）将另存为 {kept}',
	},
	'restore-note-fetched': {
		en: 'the checksum of the dump is right; copied to {folder}',
		zh: '转储的校验和正确；已复制到 {folder}',
	},
	'restore-note-equal': {
		en: 'all {count} tables are as in the backup',
		zh: '全部 {count} 张表与备份一致',
	},
	'restore-note-outage': {
		en: 'clients were kept out for {ms} ms',
		zh: '客户端被阻止了 {ms} 毫秒',
	},
	'swap-back-name': {en: 'Put a kept database back', zh: '换回保留的数据库'},
	'swap-back-title': {
		en: 'put {kept} back as {database}',
		zh: '将 {kept} 换回为 {database}',
	},
	'swap-back-undo': {
		en: 'the database that is there now stays as {kept} until {until}: `{command}` puts it back (in the console: a, Put the old database back)',
		zh: '当前数据库将以 {kept} 的名称保留至 {until}：`{command}` 可换回（在控制台中：a，换回旧数据库）',
	},
	'swap-back-lost': {
		en: 'what was written to {database} since {at} is in {kept} afterwards, and not in {database}',
		zh: '自 {at} 以来写入 {database} 的内容之后在 {kept} 中，而不在 {database} 中',
	},
	'drop-kept-name': {en: 'Delete a kept database', zh: '删除保留的数据库'},
	'drop-kept-title': {en: 'delete the old database {kept}', zh: '删除旧数据库 {kept}'},
	'drop-kept-step': {en: 'drop it, if it is still the same one', zh: '若仍是同一数据库则删除'},
	'drop-kept-why': {
		en: 'old state of {database}, kept since {at}, to be kept until {until}',
		zh: '{database} 的旧状态，自 {at} 保留，计划保留至 {until}',
	},
	'drop-kept-early': {
		en: 'the 72 hours are not over: it is to be kept until {until}',
		zh: '72 小时未到：计划保留至 {until}',
	},
	'undo-never': {en: 'this cannot be undone', zh: '无法撤销'},
	'restore-table-name': {en: 'Restore a table beside the live one', zh: '将表恢复到旁边的模式'},
	'restore-table-title': {
		en: 'put {what} of backup {backup} into schema {schema} of {database}',
		zh: '将备份 {backup} 中的 {what} 放入 {database} 的模式 {schema}',
	},
	'restore-table-step-move': {
		en: 'copy {count} tables into schema {schema}',
		zh: '将 {count} 张表复制到模式 {schema}',
	},
	'restore-table-step-drop': {
		en: 'remove the database that the backup was loaded into',
		zh: '删除用于载入备份的数据库',
	},
	'restore-table-undo': {
		en: 'nothing that is there is touched; remove it with DROP SCHEMA {schema} CASCADE',
		zh: '不触碰现有内容；可用 DROP SCHEMA {schema} CASCADE 删除',
	},
	'restore-table-plain': {
		en: 'only columns and rows are put there, without keys, indexes, rights and triggers',
		zh: '仅放入列和行，不含键、索引、权限和触发器',
	},
	'restore-table-compare': {
		en: 'rows that are missing now: {sql}',
		zh: '现在缺少的行：{sql}',
	},
	'restore-table-copy': {en: 'to bring them back: {sql}', zh: '取回这些行：{sql}'},
	'restore-table-clean': {en: 'when you are done: {sql}', zh: '完成后：{sql}'},
	'import-name': {en: 'Import a dump file', zh: '导入转储文件'},
	'import-title': {
		en: 'check the dump {file} in a closed container and put it into the catalogue',
		zh: '在隔离容器中检查转储 {file} 并加入目录',
	},
	'import-step-scratch': {
		en: 'load it into a server without network made from {image}, count and hash, dump it again',
		zh: '载入由 {image} 创建的无网络服务器，计数并计算哈希，然后重新转储',
	},
	'import-step-dump': {en: 'dump it again', zh: '重新转储'},
	'import-facts': {
		en: '{kind} dump of {bytes} bytes, {unpacked} unpacked, written {at}; whole and without commands for the client',
		zh: '{kind} 转储，{bytes} 字节，解压后 {unpacked} 字节，写入于 {at}；完整且不含客户端命令',
	},
	'import-undo': {
		en: 'no live database is touched; it becomes a backup like any other',
		zh: '不触碰任何线上数据库；它成为普通备份',
	},
	'cancel-query-name': {en: 'Cancel a query', zh: '取消查询'},
	'cancel-query-title': {
		en: 'cancel what session {pid} of {user} is running',
		zh: '取消 {user} 的会话 {pid} 正在执行的语句',
	},
	'cancel-query-text': {en: 'it runs: {query}', zh: '正在执行：{query}'},
	'cancel-query-since': {
		en: 'since {seconds} s, state {state}',
		zh: '已 {seconds} 秒，状态 {state}',
	},
	'cancel-query-undo': {
		en: 'the statement fails and its transaction is rolled back; the session stays',
		zh: '该语句失败且其事务回滚；会话保留',
	},
	'terminate-name': {en: 'End sessions', zh: '结束会话'},
	'terminate-title': {
		en: 'end {count} sessions of {server}',
		zh: '结束 {server} 的 {count} 个会话',
	},
	'terminate-one': {
		en: '{pid} {user}@{database} {application} {client}: {state} since {seconds} s',
		zh: '{pid} {user}@{database} {application} {client}：{state} 已 {seconds} 秒',
	},
	'terminate-undo': {
		en: 'open transactions of these sessions are rolled back; programs connect again by themselves if they can',
		zh: '这些会话未提交的事务将回滚；程序若支持会自行重连',
	},
	'terminate-step': {
		en: 'end each of them, if it is still the same session',
		zh: '逐个结束，前提是仍为同一会话',
	},
	'terminate-effect': {
		en: '{ended} sessions ended: connections {before} -> {after}',
		zh: '已结束 {ended} 个会话：连接数 {before} -> {after}',
	},
	'terminate-no-effect': {
		en: 'no effect: {ended} sessions were told to end, connections {before} -> {after}',
		zh: '没有效果：已通知 {ended} 个会话结束，连接数 {before} -> {after}',
	},
	'cancel-query-effect': {
		en: 'the query of {pid} has ended; the session is {state}',
		zh: '{pid} 的查询已结束；会话状态 {state}',
	},
	'cancel-query-no-effect': {
		en: 'no effect: {pid} is still at it after 5 s; the next stronger means is to end the session',
		zh: '没有效果：5 秒后 {pid} 仍在执行；下一步可结束该会话',
	},
	'vacuum-effect': {
		en: 'dead rows of {table}: {before} -> {after}',
		zh: '{table} 的死元组：{before} -> {after}',
	},
	'vacuum-no-effect': {
		en: 'no effect: {table} still has {after} dead rows; an old transaction or a replication slot may need them',
		zh: '没有效果：{table} 仍有 {after} 行死元组；可能被旧事务或复制槽占用',
	},
	'reindex-effect': {
		en: 'size of {index}: {before} -> {after}',
		zh: '{index} 的大小：{before} -> {after}',
	},
	'reindex-step-clean': {
		en: 'remove what an earlier try has left',
		zh: '删除之前尝试的残留',
	},
	'care-nothing-to-undo': {
		en: 'nothing to undo: no data changes and nobody waits',
		zh: '无需撤销：数据不变，无人等待',
	},
	'analyze-name': {en: 'Collect planner statistics', zh: '收集规划器统计信息'},
	'analyze-title': {en: 'ANALYZE {what}', zh: 'ANALYZE {what}'},
	'vacuum-name': {en: 'Vacuum a table', zh: '清理表'},
	'vacuum-title': {en: 'VACUUM (ANALYZE) {what}', zh: 'VACUUM (ANALYZE) {what}'},
	'vacuum-dead': {
		en: '{table}: {dead} dead of {total} rows ({percent} %)',
		zh: '{table}：{total} 行中有 {dead} 行死元组（{percent} %）',
	},
	'vacuum-undo': {
		en: 'nothing to undo: no data changes, nobody waits; the file does not shrink',
		zh: '无需撤销：数据不变，无人等待；文件不会变小',
	},
	'reindex-name': {en: 'Build an index anew', zh: '重建索引'},
	'reindex-title': {en: 'REINDEX {what} without blocking writers', zh: '重建 {what}，不阻塞写入'},
	'reindex-step': {en: 'build it beside the old one, then swap', zh: '在旧索引旁建立，然后交换'},
	'reindex-space': {
		en: 'needs space for a second copy of {size}',
		zh: '需要再容纳一份 {size} 的空间',
	},
	'reindex-undo': {
		en: 'nothing to undo; where it fails its unfinished index is removed',
		zh: '无需撤销；失败时删除未完成的索引',
	},
	'reindex-cleaned': {en: 'removed the unfinished index {name}', zh: '已删除未完成的索引 {name}'},
	'unused-index': {
		en: '{table}: {index} ({size}) was not used since {since}',
		zh: '{table}：{index}（{size}）自 {since} 起未使用',
	},
	'unused-index-sql': {en: 'if you are sure: {sql}', zh: '确认后可执行：{sql}'},
	'pitr-off': {
		en: 'archive_mode is off: a restore to a point in time is not possible, only to backups',
		zh: 'archive_mode 为 off：无法恢复到任意时间点，只能恢复到备份',
	},
	'pitr-on': {
		en: 'WAL is archived by `{command}`; {archived} segments so far',
		zh: 'WAL 由 `{command}` 归档；目前 {archived} 个段',
	},
	'pitr-failing': {
		en: 'archiving FAILS: {failed} times, last {wal} at {at}',
		zh: '归档失败：{failed} 次，最近 {wal}，{at}',
	},
	'pitr-old': {
		en: 'nothing was archived for {minutes} min: as much would be lost',
		zh: '已有 {minutes} 分钟没有归档：将丢失这么多',
	},
	'pitr-ready': {
		en: '{count} segments wait to be archived; the disk fills with them',
		zh: '{count} 个段等待归档；磁盘会被占满',
	},
	'pitr-gap': {
		en: 'GAP in {folder}: {first} to {last} ({count} segments) are missing; nothing after them can be reached',
		zh: '{folder} 中有缺口：缺少 {first} 至 {last}（{count} 个段）；之后的时间点无法到达',
	},
	'pitr-whole': {
		en: '{folder}: {count} segments without a gap, {first} to {last}',
		zh: '{folder}：{count} 个段无缺口，{first} 至 {last}',
	},
	'pitr-unseen': {
		en: 'the archive of `{command}` cannot be looked into from here',
		zh: '此处无法查看 `{command}` 的归档',
	},
	'pitr-tool': {
		en: '{tool} is in use: ask it with `{status}`, restore with `{restore}`',
		zh: '正在使用 {tool}：用 `{status}` 查询，用 `{restore}` 恢复',
	},
	'pitr-recipe-base': {
		en: 'before: a base backup, `{command}`, then `{verify}`',
		zh: '事先：基础备份 `{command}`，然后 `{verify}`',
	},
	'pitr-recipe-target': {
		en: 'recover into a SEPARATE data folder and port, never over the live one: {settings}',
		zh: '恢复到另一个数据目录和端口，绝不覆盖线上：{settings}',
	},
	'pitr-recipe-export': {
		en: 'then take what was lost from there with `{command}`',
		zh: '然后用 `{command}` 从中取出丢失的内容',
	},
} as const;
