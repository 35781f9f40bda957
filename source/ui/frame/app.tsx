/**
The whole screen, top to bottom:

    header      who, where, health                              1 row
    chips       what am I looking at                            1 row
    body        processes │ events │ detail, side by side or
                stacked; or one view: policies, nodes           the free rows
    timeline    when                                            0, 1 or 5 rows
    kills       the alerts                                      3 rows and more
    message     the worst open problem, else the last flash     1 row
    input       prompt                                          0 or 1 row
    key bar                                                     1 row

React only paints: it is given bands of ready rows (screen.ts) and hands each changed row to Ink as one `<Text>`.
*/
import {Box, Text} from 'ink';
import {memo, type ReactNode, useSyncExternalStore} from 'react';

/** Rows of one pane, each exactly `width` cells, colours included. */
export type Column = {readonly width: number; readonly rows: readonly string[]};

/** Panes side by side. */
export type Band = {readonly id: string; readonly height: number; readonly columns: readonly Column[]};

export type Frame = {readonly columns: number; readonly rows: number; readonly bands: readonly Band[]};

export type FrameSource = {
	readonly subscribe: (listener: () => void) => () => void;
	readonly current: () => Frame;
};

type RowProperties = {readonly text: string};

const Row = memo(function Row({text}: RowProperties): ReactNode {
	return <Text wrap="truncate-end">{text}</Text>;
});

type ColumnProperties = {readonly column: Column; readonly height: number};

const ColumnBox = memo(function ColumnBox({column, height}: ColumnProperties): ReactNode {
	return (
		<Box flexDirection="column" flexShrink={0} width={column.width} height={height}>
			{column.rows.map((text, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
				<Row key={row} text={text} />
			))}
		</Box>
	);
});

type AppProperties = {readonly source: FrameSource};

export function App({source}: AppProperties): ReactNode {
	const frame = useSyncExternalStore(source.subscribe, source.current);
	return (
		<Box flexDirection="column" width={frame.columns} height={frame.rows}>
			{frame.bands.map(band => (
				<Box key={band.id} flexShrink={0} height={band.height}>
					{band.columns.map((column, index) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a column is its place in the band
						<ColumnBox key={index} column={column} height={band.height} />
					))}
				</Box>
			))}
		</Box>
	);
}
