import {Component, type ReactNode} from 'react';
import {makeLook} from '../../hooks/use-look.ts';
import {clean} from '../../src/domain/clean.ts';
import {Rows} from './rows.tsx';
import {span} from './spans.ts';

type Props = {readonly width: number; readonly height: number; readonly children: ReactNode};

/** Keeps a view that throws from taking the others with it: its place shows the cause. */
export class ViewBoundary extends Component<Props, {readonly cause?: string}> {
	override state: {readonly cause?: string} = {};

	/** Called by React with whatever a child threw. */
	static getDerivedStateFromError(error: unknown): {readonly cause: string} {
		return {cause: clean(error instanceof Error ? error.message : String(error), 300)};
	}

	/** The children, or the cause in the same place. */
	override render(): ReactNode {
		const {cause} = this.state;
		if (cause === undefined) return this.props.children;
		const text = makeLook('en', false).say('view.failed', {cause});
		return (
			<Rows
				lines={[[span(text, {color: 'red'})]]}
				width={this.props.width}
				height={this.props.height}
			/>
		);
	}
}
