/** Fills `${NAME}` from the variables; a name without a value is a mistake here, not an empty field in a package. */
export function fillTemplate(text, variables) {
	return text
		.split('\n')
		.map(line =>
			line.trimStart().startsWith('#')
				? line
				: line.replaceAll(/\$\{(\w+)\}/g, (whole, name) => {
						const value = variables[name];

						if (value === undefined) {
							throw new Error(`${whole} has no value`);
						}

						return value;
					}),
		)
		.join('\n');
}
