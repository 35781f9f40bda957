/** The completion scripts. Each asks the program; complete.ts decides on the candidates. */

import type {shells} from './table.js';

export type Shell = (typeof shells)[number];

const bash = `# bash completion for tetratop: source it, or put it into bash-completion's folder.
_tetratop() {
	# COMP_WORDS is cut at = and :, so the line itself is read; -f keeps a * from becoming files.
	local line=\${COMP_LINE:0:COMP_POINT} words directive text
	read -ra words <<<"$line"
	[[ $line == *[[:space:]] ]] && words+=('')
	local last=\${words[\${#words[@]}-1]} cut=''
	# What bash takes for the current word begins after the last break.
	[[ $last == *[=:]* ]] && cut=\${last%"\${last##*[=:]}"}

	COMPREPLY=()
	while IFS=$'\\t' read -r text _; do
		case $text in
			:[0-9]*) directive=$text ;;
			*) COMPREPLY+=("\${text#"$cut"}") ;;
		esac
	done < <("\${words[0]}" __complete "\${words[@]:1}" 2>/dev/null)

	[[ $directive == :0 ]] && compopt -o default
	[[ $directive == :6 || ( \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ) ]] && compopt -o nospace
	return 0
}
complete -F _tetratop tetratop
`;

const zsh = `#compdef tetratop
# zsh completion for tetratop: put it into a folder of $fpath as _tetratop, or source it after compinit.
_tetratop() {
	local -a candidates kinds
	local line directive
	while IFS= read -r line; do
		if [[ $line == :[0-9]* ]]; then
			directive=$line
			continue
		fi
		local text=\${line%%$'\\t'*} help=''
		[[ $line == *$'\\t'* ]] && help=\${line#*$'\\t'}
		# A kind is followed by a name, and not by a space.
		if [[ $text == */ ]]; then
			kinds+=("\${text//:/\\\\:}\${help:+:$help}")
		else
			candidates+=("\${text//:/\\\\:}\${help:+:$help}")
		fi
	done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)

	if [[ $directive == :0 ]]; then
		_files
	else
		_describe -V tetratop candidates
		_describe -V 'kind of target' kinds -S ''
	fi
}
if [[ $funcstack[1] == _tetratop ]]; then
	_tetratop "$@"
else
	compdef _tetratop tetratop
fi
`;

const fish = `# fish completion for tetratop: put it into ~/.config/fish/completions, or source it.
function __tetratop_complete
	set -l words (commandline -opc) (commandline -ct)
	set -l lines ($words[1] __complete $words[2..-1] 2>/dev/null)
	test (count $lines) -gt 0; or return
	if test "$lines[-1]" = ':0'
		__fish_complete_path (commandline -ct)
	else
		string match -v -r '^:\\d+$' -- $lines
	end
end
complete -c tetratop -f -a '(__tetratop_complete)'
`;

const scripts: Readonly<Record<Shell, string>> = {bash, zsh, fish};

export function completionScript(shell: Shell): string {
	return scripts[shell];
}
