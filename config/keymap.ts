/** Where a key is valid. `prompt` is the filter line: only its own keys mean anything there. */
export type Place = 'dashboard' | 'list' | 'detail' | 'facts' | 'help' | 'prompt';

/** One key and all that is known about it. Dispatch, the key line, the help screen and docs/keys.md read this table. */
export type Binding = {
	readonly command: string;
	/** Key names as `src/domain/key-decoder.ts` makes them: `j`, `up`, `ctrl+c`. */
	readonly keys: readonly string[];
	readonly title: {readonly en: string; readonly zh: string};
	/** Short form for the key line. */
	readonly short: {readonly en: string; readonly zh: string};
	readonly group: 'Move' | 'Look' | 'General';
	readonly places: readonly Place[];
	/** Order in the key line, first kept longest when the window is narrow; absent: not shown there. */
	readonly footer?: number;
};

const everywhere = ['dashboard', 'list', 'detail', 'facts', 'help'] as const;
const viewing = ['dashboard', 'list', 'detail', 'facts'] as const;

/** Every key of the program. Lower case looks; nothing here changes a server. */
export const keymap = [
	{
		command: 'up',
		keys: ['up', 'k'],
		title: {en: 'Move up', zh: '上移'},
		short: {en: 'up', zh: '上'},
		group: 'Move',
		places: everywhere,
	},
	{
		command: 'down',
		keys: ['down', 'j'],
		title: {en: 'Move down', zh: '下移'},
		short: {en: 'down', zh: '下'},
		group: 'Move',
		places: everywhere,
	},
	{
		command: 'page-up',
		keys: ['pageup', 'ctrl+u', 'ctrl+b'],
		title: {en: 'Page up', zh: '上一页'},
		short: {en: 'page up', zh: '上页'},
		group: 'Move',
		places: everywhere,
	},
	{
		command: 'page-down',
		keys: ['pagedown', 'ctrl+d', 'ctrl+f', 'space'],
		title: {en: 'Page down', zh: '下一页'},
		short: {en: 'page down', zh: '下页'},
		group: 'Move',
		places: everywhere,
	},
	{
		command: 'top',
		keys: ['g', 'home'],
		title: {en: 'To the top', zh: '到顶部'},
		short: {en: 'top', zh: '顶'},
		group: 'Move',
		places: everywhere,
	},
	{
		command: 'bottom',
		keys: ['G', 'end'],
		title: {en: 'To the bottom', zh: '到底部'},
		short: {en: 'bottom', zh: '底'},
		group: 'Move',
		places: everywhere,
	},
	{
		command: 'details-down',
		keys: ['J'],
		title: {en: 'Scroll the details below the list', zh: '向下滚动列表下方的详情'},
		short: {en: 'details', zh: '详情'},
		group: 'Move',
		places: ['list'],
	},
	{
		command: 'details-up',
		keys: ['K'],
		title: {en: 'Scroll the details back', zh: '向上滚动详情'},
		short: {en: 'details up', zh: '详情上移'},
		group: 'Move',
		places: ['list'],
	},
	{
		command: 'next-panel',
		keys: ['tab', 'right'],
		title: {en: 'Next panel', zh: '下一个面板'},
		short: {en: 'panel', zh: '面板'},
		group: 'Move',
		places: ['dashboard', 'list', 'facts'],
		footer: 5,
	},
	{
		command: 'previous-panel',
		keys: ['shift+tab', 'left'],
		title: {en: 'Previous panel', zh: '上一个面板'},
		short: {en: 'previous', zh: '上一个'},
		group: 'Move',
		places: ['dashboard', 'list', 'facts'],
	},
	{
		command: 'next-target',
		keys: [']'],
		title: {en: 'Next server of the same kind', zh: '同类的下一个服务器'},
		short: {en: 'next server', zh: '下一台'},
		group: 'Move',
		places: ['dashboard', 'facts'],
	},
	{
		command: 'previous-target',
		keys: ['['],
		title: {en: 'Previous server of the same kind', zh: '同类的上一个服务器'},
		short: {en: 'previous server', zh: '上一台'},
		group: 'Move',
		places: ['dashboard', 'facts'],
	},
	{
		command: 'panel',
		keys: ['1', '2', '3', '4', '5', '6'],
		title: {en: 'Go to panel 1-6', zh: '转到面板 1-6'},
		short: {en: 'go to', zh: '转到'},
		group: 'Move',
		places: viewing,
		footer: 6,
	},
	{
		command: 'open',
		keys: ['return'],
		title: {en: 'Open what is selected', zh: '打开所选项'},
		short: {en: 'open', zh: '打开'},
		group: 'Look',
		places: ['dashboard', 'list', 'facts'],
		footer: 3,
	},
	{
		command: 'detail',
		keys: ['d'],
		title: {en: 'Facts of the container, on the whole screen', zh: '容器详情（整屏）'},
		short: {en: 'facts', zh: '详情'},
		group: 'Look',
		places: ['dashboard', 'list', 'detail'],
		footer: 12,
	},
	{
		command: 'logs',
		keys: ['l'],
		title: {en: 'Live log of the container, on the whole screen', zh: '容器实时日志（整屏）'},
		short: {en: 'log', zh: '日志'},
		group: 'Look',
		places: ['dashboard', 'list', 'detail'],
		footer: 7,
	},
	{
		command: 'back',
		keys: ['escape', 'backspace'],
		title: {en: 'Back; clear the filter', zh: '返回；清除过滤'},
		short: {en: 'back', zh: '返回'},
		group: 'Look',
		places: everywhere,
		footer: 4,
	},
	{
		command: 'filter',
		keys: ['/'],
		title: {en: 'Filter the list; !text hides', zh: '过滤列表；!文字 表示排除'},
		short: {en: 'filter', zh: '过滤'},
		group: 'Look',
		places: viewing,
		footer: 8,
	},
	{
		command: 'sort',
		keys: ['s'],
		title: {en: 'Sort by the next column', zh: '按下一列排序'},
		short: {en: 'sort', zh: '排序'},
		group: 'Look',
		places: ['dashboard', 'list'],
		footer: 9,
	},
	{
		command: 'reverse',
		keys: ['I'],
		title: {en: 'Reverse the order', zh: '反向排序'},
		short: {en: 'reverse', zh: '反向'},
		group: 'Look',
		places: ['dashboard', 'list'],
	},
	{
		command: 'trouble',
		keys: ['x'],
		title: {en: 'Show only trouble', zh: '只看有问题的'},
		short: {en: 'only trouble', zh: '只看问题'},
		group: 'Look',
		places: viewing,
		footer: 10,
	},
	{
		command: 'freeze',
		keys: ['z'],
		title: {en: 'Freeze the screen; again to go on', zh: '冻结画面；再按继续'},
		short: {en: 'freeze', zh: '冻结'},
		group: 'Look',
		places: viewing,
		footer: 11,
	},
	{
		command: 'follow',
		keys: ['f'],
		title: {en: 'Follow the log', zh: '跟随日志'},
		short: {en: 'follow', zh: '跟随'},
		group: 'Look',
		places: ['detail'],
		footer: 5,
	},
	{
		command: 'wrap',
		keys: ['w'],
		title: {en: 'Wrap long log lines, or cut them', zh: '长日志行换行或截断'},
		short: {en: 'wrap', zh: '换行'},
		group: 'Look',
		places: ['detail'],
		footer: 6,
	},
	{
		command: 'refresh',
		keys: ['f5', 'R'],
		title: {en: 'Read everything again now', zh: '立即重新读取'},
		short: {en: 'refresh', zh: '刷新'},
		group: 'General',
		places: viewing,
	},
	{
		command: 'redraw',
		keys: ['ctrl+l'],
		title: {en: 'Draw the screen again', zh: '重绘屏幕'},
		short: {en: 'redraw', zh: '重绘'},
		group: 'General',
		places: everywhere,
	},
	{
		command: 'language',
		keys: ['L'],
		title: {en: 'Switch to Chinese', zh: '切换为英文'},
		short: {en: '中文', zh: 'English'},
		group: 'General',
		places: everywhere,
	},
	{
		command: 'suspend',
		keys: ['ctrl+z'],
		title: {en: 'Pause to the shell (fg returns)', zh: '挂起到 shell（fg 返回）'},
		short: {en: 'pause', zh: '挂起'},
		group: 'General',
		places: everywhere,
	},
	{
		command: 'help',
		keys: ['?', 'f1', 'h'],
		title: {en: 'All keys', zh: '全部按键'},
		short: {en: 'help', zh: '帮助'},
		group: 'General',
		places: everywhere,
		footer: 1,
	},
	{
		command: 'quit',
		keys: ['q'],
		title: {en: 'Leave; back from a full screen', zh: '退出；全屏时返回'},
		short: {en: 'leave', zh: '退出'},
		group: 'General',
		places: everywhere,
		footer: 2,
	},
	{
		command: 'leave',
		keys: ['ctrl+c'],
		title: {en: 'Leave at once', zh: '立即退出'},
		short: {en: 'leave', zh: '退出'},
		group: 'General',
		places: [...everywhere, 'prompt'],
	},
	{
		command: 'accept',
		keys: ['return'],
		title: {en: 'Keep the filter', zh: '保留过滤'},
		short: {en: 'keep', zh: '保留'},
		group: 'General',
		places: ['prompt'],
		footer: 1,
	},
	{
		command: 'abandon',
		keys: ['escape'],
		title: {en: 'Clear the filter', zh: '清除过滤'},
		short: {en: 'clear', zh: '清除'},
		group: 'General',
		places: ['prompt'],
		footer: 2,
	},
	{
		command: 'erase',
		keys: ['backspace', 'delete'],
		title: {en: 'Delete a character', zh: '删除一个字符'},
		short: {en: 'delete', zh: '删除'},
		group: 'General',
		places: ['prompt'],
	},
] as const satisfies readonly Binding[];

export type CommandId = (typeof keymap)[number]['command'];

/** The command that a key means in a place, if any. */
export function commandFor(key: string, place: Place): CommandId | undefined {
	const all: readonly (Binding & {readonly command: CommandId})[] = keymap;
	return all.find(binding => binding.places.includes(place) && binding.keys.includes(key))?.command;
}
