/** Which action of a hook event enforces something. */
import type {KillAction} from './verdict.js';

type EnforcingAction = Exclude<KillAction, 'POST'>;

/** By enum KprobeAction; strongest first, for an event that carries one in `action` and another in `return_action`. */
const enforcements: ReadonlyMap<number, EnforcingAction> = new Map([
	[3, 'SIGKILL'],
	[13, 'NOTIFYENFORCER'],
	[10, 'SIGNAL'],
	[5, 'OVERRIDE'],
]);

/** The enforcement that a hook event tells of; undefined where it only reports. */
export function enforcementOf(action: number, returnAction: number): EnforcingAction | undefined {
	if (action < 3 && returnAction < 3) {
		return undefined;
	}

	for (const [number, name] of enforcements) {
		if (action === number || returnAction === number) {
			return name;
		}
	}

	return undefined;
}
