/**
Node prints its warnings (a deprecation, a leak, a timer below zero) to standard error at once, over the screen. While the
screen is open they are kept, and printed when the terminal is given back.
*/
const most = 20;

/** Keeps warnings from now on. Returns a function that prints them and stops keeping. */
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
