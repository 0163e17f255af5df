import type {ProblemWords} from './words.ts';

/** What can go wrong where something is changed: what failed, and what to do next. */
export const actProblems = {
	'act-docker-conflict': {
		en: {
			summary: 'the Docker engine refuses in this state ({status}): {cause}',
			hint: 'Look at what the container does now with `docker ps -a`, then plan the operation again.',
		},
		zh: {
			summary: 'Docker 引擎在当前状态下拒绝操作（{status}）：{cause}',
			hint: '请用 `docker ps -a` 查看容器当前状态，然后重新规划该操作。',
		},
	},
	'act-image-missing': {
		en: {
			summary: 'the image {image} is not on this engine, and images are never pulled on the way',
			hint: 'Bring it here first, for example with `docker pull` or `docker load`, then plan again.',
		},
		zh: {
			summary: '此引擎上没有镜像 {image}，操作过程中不会拉取镜像',
			hint: '请先准备镜像，例如使用 `docker pull` 或 `docker load`，然后重新规划。',
		},
	},
	'act-sidecar-exists': {
		en: {
			summary: 'a container named {name} is there already: {cause}',
			hint: 'It is a rest of an interrupted run; recover that run, or look at it with `docker inspect {name}`.',
		},
		zh: {
			summary: '名为 {name} 的容器已存在：{cause}',
			hint: '它是某次中断运行的残留；请恢复那次运行，或用 `docker inspect {name}` 查看。',
		},
	},
	'act-sidecar-start': {
		en: {
			summary: 'the container {name} could not be started: {cause}',
			hint: 'Check that its program is in the image and that its folders exist on the machine of the engine.',
		},
		zh: {
			summary: '容器 {name} 无法启动：{cause}',
			hint: '请确认镜像中有该程序，且挂载目录在引擎所在机器上存在。',
		},
	},
	'act-sidecar-left': {
		en: {
			summary: 'the container {name} could not be removed: {cause}',
			hint: 'Remove it by hand: `docker rm --force --volumes {name}`.',
		},
		zh: {
			summary: '容器 {name} 无法删除：{cause}',
			hint: '请手动删除：`docker rm --force --volumes {name}`。',
		},
	},
	'act-exec-left': {
		en: {
			summary: '{program} still runs in container {container} and could not be ended: {cause}',
			hint: 'See it with `docker top {container}` and end it on that machine as root, or restart the container.',
		},
		zh: {
			summary: '{program} 仍在容器 {container} 中运行，无法终止：{cause}',
			hint: '请用 `docker top {container}` 查看，并在该机器上以 root 终止，或重启该容器。',
		},
	},
	'act-exec-stream': {
		en: {
			summary: 'the output of {program} in container {container} cannot be followed: {cause}',
			hint: 'A proxy before the engine may not pass upgraded connections; use the socket of the engine itself.',
		},
		zh: {
			summary: '无法跟踪容器 {container} 中 {program} 的输出：{cause}',
			hint: '引擎前的代理可能不支持升级连接；请直接使用引擎的套接字。',
		},
	},
	'act-container-file': {
		en: {
			summary: '{path} in container {container} cannot be read: {cause}',
			hint: 'It must be a regular file, no link or folder, that nobody changes meanwhile: `docker exec {container} ls -l {path}`.',
		},
		zh: {
			summary: '无法读取容器 {container} 中的 {path}：{cause}',
			hint: '它必须是普通文件（不是链接或目录），且读取时没有被修改：`docker exec {container} ls -l {path}`。',
		},
	},
	'act-postgres-statement': {
		en: {
			summary: '{address}, database {database}: the server refuses a statement ({state}): {cause}',
			hint: 'Nothing of this statement was done. The log of the server says more under {state}.',
		},
		zh: {
			summary: '{address} 数据库 {database}：服务器拒绝了一条语句（{state}）：{cause}',
			hint: '该语句没有产生任何更改。服务器日志中 {state} 处有更多信息。',
		},
	},
	'act-postgres-cancelled': {
		en: {
			summary: '{address}, database {database}: a statement was cancelled (57014): {cause}',
			hint: 'Somebody or a timeout ended it, nothing of it was done; look who calls pg_cancel_backend, then run the operation again.',
		},
		zh: {
			summary: '{address} 数据库 {database}：语句被取消（57014）：{cause}',
			hint: '该语句被他人或超时终止，没有产生更改；请查看谁调用了 pg_cancel_backend，然后重新运行该操作。',
		},
	},
	'act-postgres-closed': {
		en: {
			summary: 'the session on {address}, database {database}, is no longer open',
			hint: 'The server or an administrator ended it; what it held (locks, snapshot) is gone. Run the operation again.',
		},
		zh: {
			summary: '{address} 数据库 {database} 上的会话已关闭',
			hint: '服务器或管理员结束了该会话；它持有的锁和快照已失效。请重新运行该操作。',
		},
	},
	'act-postgres-name': {
		en: {
			summary: 'a database name that holds a NUL character cannot be used: {database}',
			hint: 'No such database can exist; choose the database from the list again.',
		},
		zh: {
			summary: '数据库名称含有 NUL 字符，无法使用：{database}',
			hint: '不可能存在这样的数据库；请从列表中重新选择。',
		},
	},
	'act-redis-no-permission': {
		en: {
			summary: 'user {user} may not run {command} on {address} (NOPERM)',
			hint: 'Nothing was changed. Give opsconsole a user that may, see `redis-cli -h {host} -p {port} acl getuser {user}`.',
		},
		zh: {
			summary: '用户 {user} 无权在 {address} 上执行 {command}（NOPERM）',
			hint: '没有产生更改。请为 opsconsole 配置有权限的用户，参见 `redis-cli -h {host} -p {port} acl getuser {user}`。',
		},
	},
	'act-file-path': {
		en: {
			summary: '{path} is no path that opsconsole writes to: {cause}',
			hint: 'Use an absolute path without `.` and `..`.',
		},
		zh: {
			summary: 'opsconsole 不会写入路径 {path}：{cause}',
			hint: '请使用不含 `.` 和 `..` 的绝对路径。',
		},
	},
	'act-file-exists': {
		en: {
			summary: '{path} is there already, and nothing is replaced ({cause})',
			hint: 'Look at it with `ls -la {path}`; if it is a rest of an interrupted run, recover that run first.',
		},
		zh: {
			summary: '{path} 已存在，不会被覆盖（{cause}）',
			hint: '请用 `ls -la {path}` 查看；如果是中断运行的残留，请先恢复那次运行。',
		},
	},
	'act-file-missing': {
		en: {
			summary: '{path} is not there ({cause})',
			hint: 'Check that its folder exists and is mounted: `ls -la {path}`.',
		},
		zh: {
			summary: '{path} 不存在（{cause}）',
			hint: '请确认其目录存在且已挂载：`ls -la {path}`。',
		},
	},
	'act-file-link': {
		en: {
			summary: '{path} is or leads through a symbolic link, which is never followed',
			hint: 'Give the real path, see `realpath {path}`; if nobody of you made this link, find out who did.',
		},
		zh: {
			summary: '{path} 是符号链接或经过符号链接，不会跟随',
			hint: '请给出真实路径，参见 `realpath {path}`；如果该链接不是你们创建的，请查明来源。',
		},
	},
	'act-file-kind': {
		en: {
			summary: '{path} is not what it must be: {cause}',
			hint: 'Look at it with `stat {path}`; nothing was changed there.',
		},
		zh: {
			summary: '{path} 的类型不符：{cause}',
			hint: '请用 `stat {path}` 查看；没有对其进行更改。',
		},
	},
	'act-file-open-folder': {
		en: {
			summary: 'the folder {path} is not private: {cause}',
			hint: 'Make it readable for its owner only: `chmod 700 {path}`, owned by the user who runs opsconsole.',
		},
		zh: {
			summary: '目录 {path} 不是私有的：{cause}',
			hint: '请设为仅所有者可访问：`chmod 700 {path}`，所有者为运行 opsconsole 的用户。',
		},
	},
	'act-file-no-space': {
		en: {
			summary: 'no space left for {path} ({cause})',
			hint: 'See `df -h {path}` and `df -i {path}`, or the quota; make room, then run the operation again.',
		},
		zh: {
			summary: '{path} 没有剩余空间（{cause}）',
			hint: '请查看 `df -h {path}`、`df -i {path}` 或配额；腾出空间后重新运行该操作。',
		},
	},
	'act-file-read-only': {
		en: {
			summary: 'the file system of {path} is read-only ({cause})',
			hint: 'After disk errors Linux mounts it so: see `dmesg`; then remount it with `mount -o remount,rw`.',
		},
		zh: {
			summary: '{path} 所在文件系统为只读（{cause}）',
			hint: '磁盘出错后 Linux 会这样挂载：请查看 `dmesg`，然后用 `mount -o remount,rw` 重新挂载。',
		},
	},
	'act-file-denied': {
		en: {
			summary: 'no right to change {path} ({cause})',
			hint: 'Run opsconsole as the owner of the folder, or correct the owner: `ls -la {path}`.',
		},
		zh: {
			summary: '没有权限更改 {path}（{cause}）',
			hint: '请以该目录所有者身份运行 opsconsole，或更正所有者：`ls -la {path}`。',
		},
	},
	'act-file-disk': {
		en: {
			summary: 'the disk of {path} fails ({cause})',
			hint: 'Do not trust what is on it; see `dmesg` and `smartctl -a`, and write somewhere else.',
		},
		zh: {
			summary: '{path} 所在磁盘出错（{cause}）',
			hint: '请勿信任其中的数据；请查看 `dmesg` 和 `smartctl -a`，并写入其他位置。',
		},
	},
	'act-file-other-disk': {
		en: {
			summary: '{path} is on another file system ({cause})',
			hint: 'Both folders must be on one file system, so that moving is one step; see `df {path}`.',
		},
		zh: {
			summary: '{path} 位于另一个文件系统（{cause}）',
			hint: '两个目录必须在同一文件系统上，移动才能一步完成；参见 `df {path}`。',
		},
	},
	'act-file-failed': {
		en: {
			summary: '{path} could not be changed: {cause}',
			hint: 'The code is the kernel’s own; `dmesg` and `ls -la {path}` may say more.',
		},
		zh: {
			summary: '无法更改 {path}：{cause}',
			hint: '该代码来自内核；`dmesg` 和 `ls -la {path}` 可能有更多信息。',
		},
	},
	'act-program-missing': {
		en: {
			summary: 'the program {program} is not installed ({cause})',
			hint: 'Install it, or add its folder to PATH of the one who starts opsconsole.',
		},
		zh: {
			summary: '未安装程序 {program}（{cause}）',
			hint: '请安装，或将其目录加入启动 opsconsole 的用户的 PATH。',
		},
	},
	'act-program-failed': {
		en: {
			summary: 'the program {program} could not be run: {cause}',
			hint: 'Check that it is executable and that its working folder exists.',
		},
		zh: {
			summary: '程序 {program} 无法运行：{cause}',
			hint: '请确认该程序可执行，且其工作目录存在。',
		},
	},
	'act-program-left': {
		en: {
			summary: 'the program {program} did not end after SIGKILL',
			hint: 'It waits for a disk or a network drive; see `ps -o pid,stat,wchan -p {pid}`.',
		},
		zh: {
			summary: '程序 {program} 在 SIGKILL 后仍未结束',
			hint: '它可能在等待磁盘或网络驱动器；请查看 `ps -o pid,stat,wchan -p {pid}`。',
		},
	},
	'act-post-failed': {
		en: {
			summary: 'the notification to {url} was not delivered: {cause}',
			hint: 'Check the address and the network: `curl -sI {url}`.',
		},
		zh: {
			summary: '发往 {url} 的通知未送达：{cause}',
			hint: '请检查地址和网络：`curl -sI {url}`。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
