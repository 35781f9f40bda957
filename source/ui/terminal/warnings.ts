/**
Node prints a warning of its own (a deprecation, a leak, a timer below zero) to standard error at once, across the screen.
While there is a screen they wait, and are printed when the terminal is given back.
*/
const most = 20;

/** Returns the way back, which prints what waited. */
export function holdWarnings(): () => void {
	const printers = process.listeners('warning');
	const held: Error[] = [];

	function hold(warning: Error): void {
		if (held.length < most) {
			held.push(warning);
		}
	}

	process.removeAllListeners('warning');
	process.on('warning', hold);
	return () => {
		process.off('warning', hold);
		for (const print of printers) {
			process.on('warning', print);
			for (const warning of held) {
				print(warning);
			}
		}
		held.length = 0;
	};
}
