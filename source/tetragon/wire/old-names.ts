/** Names that Tetragon has changed since v1.0. The number stayed the same, so on the wire nothing changed; in JSON the old name means the new one. */
import {table} from '../../runtime/table.js';

type Names = Readonly<Record<string, string>>;

/** Of values, by the name of the enum: old name → name in proto/. */
export const oldValues: Readonly<Record<string, Names>> = table<Names>({
	KprobeAction: {KPROBE_ACTION_NOTIFYKILLER: 'KPROBE_ACTION_NOTIFYENFORCER'},
});

/** Of fields, by the name of the message: old name → name in proto/. */
export const oldFields: Readonly<Record<string, Names>> = table<Names>({
	ProcessKprobe: {stack_trace: 'kernel_stack_trace', stackTrace: 'kernel_stack_trace'},
});
