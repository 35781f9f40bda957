# bash completion for tetratop: source it, or put it into bash-completion's folder.
_tetratop() {
	# COMP_WORDS is cut at = and :, so the line itself is read; -f keeps a * from becoming files.
	local line=${COMP_LINE:0:COMP_POINT} words directive text
	read -ra words <<<"$line"
	[[ $line == *[[:space:]] ]] && words+=('')
	local last=${words[${#words[@]}-1]} cut=''
	# What bash takes for the current word begins after the last break.
	[[ $last == *[=:]* ]] && cut=${last%"${last##*[=:]}"}

	COMPREPLY=()
	while IFS=$'\t' read -r text _; do
		case $text in
			:[0-9]*) directive=$text ;;
			*) COMPREPLY+=("${text#"$cut"}") ;;
		esac
	done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)

	[[ $directive == :0 ]] && compopt -o default
	[[ $directive == :6 || ( ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ) ]] && compopt -o nospace
	return 0
}
complete -F _tetratop tetratop
