/**
The names of the panes and of the views, for the rooms below the panes. The table in panes/pane-kinds.ts declares its keys
here, so that a name is known as soon as it has a row and no lower room imports a pane.
*/

/** One property a pane of the main screen. */
// biome-ignore lint/suspicious/noEmptyInterface: the table of the panes adds the properties
export interface PaneTable {}

/** One property a view: a pane that takes the whole screen. */
// biome-ignore lint/suspicious/noEmptyInterface: the table of the views adds the properties
export interface ViewTable {}

export type PaneId = keyof PaneTable;

export type ViewId = 'main' | keyof ViewTable;

/** Whatever can have the keys: a pane, or a view. */
export type KindId = keyof PaneTable | keyof ViewTable;
