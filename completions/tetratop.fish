# fish completion for tetratop: put it into ~/.config/fish/completions, or source it.
function __tetratop_complete
	set -l words (commandline -opc) (commandline -ct)
	set -l lines ($words[1] __complete $words[2..-1] 2>/dev/null)
	test (count $lines) -gt 0; or return
	if test "$lines[-1]" = ':0'
		__fish_complete_path (commandline -ct)
	else
		string match -v -r '^:\d+$' -- $lines
	end
end
complete -c tetratop -f -a '(__tetratop_complete)'
