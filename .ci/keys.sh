#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The README's table of keys, made from tui/keys.def.
#   keys.sh          prints it
#   keys.sh check    fails when the README has another one between its two marks
#   keys.sh write    puts it there
set -eu
begin='<!-- keys: made by .ci/keys.sh -->'
end='<!-- end of keys -->'

table() {
	echo "$begin"
	awk '
	function shown(key) {
		if (key ~ /^CTRL/) { letter = substr(key, 7, 1); return "Ctrl-" (letter == "]" ? "]" : toupper(letter)) }
		if (key ~ /^.\\n/) return "Enter"
		if (key ~ /^.\\t/) return "Tab"
		if (key == "\047\\\\\047") return "\\"
		if (key ~ /^\047/) return substr(key, 2, 1) == " " ? "Space" : substr(key, 2, 1)
		if (key == "KEY_NPAGE") return "PgDn"
		if (key == "KEY_PPAGE") return "PgUp"
		if (key == "KEY_BTAB") return "Shift-Tab"
		if (key == "KEY_ESCAPE") return "Esc"
		if (key == "KEY_F(1)") return "F1"
		return toupper(substr(key, 5, 1)) tolower(substr(key, 6))
	}
	BEGIN {
		where["LIST"] = "lists"; where["ANYWHERE"] = "anywhere"; where["QUESTION"] = "a question"
		where["OUTPUT"] = "Output"; where["FOCUS"] = "the script\047s terminal"; where["RULE"] = "the rule"
		where["PAGE"] = ""; where["SORT"] = ""; where["QUIT"] = "quitting"
		print "| where | key | what it does |"; print "|---|---|---|"
	}
	/^KEY\(/ {
		match($0, /^KEY\([A-Z]+, */); context = substr($0, 5); sub(/,.*/, "", context)
		rest = substr($0, RLENGTH + 1)
		# The key is a character in quotes, which may be a comma, or a word.
		if (rest ~ /^\047/) { match(rest, /^\047(\\.|.)\047/); key = substr(rest, 1, RLENGTH) }
		else { match(rest, /^[A-Z_]+(\([^)]*\))?/); key = substr(rest, 1, RLENGTH) }
		rest = substr(rest, RLENGTH + 1); sub(/^, */, "", rest)
		action = rest; sub(/,.*/, "", action)
		match($0, /"[^"]*"\)$/); help = substr($0, RSTART + 1, RLENGTH - 3)
		if (where[context] == "" || context == "PAGE") next
		id = context SUBSEP action
		if (!(id in text)) { order[++count] = id; text[id] = help; names[id] = "" }
		name = shown(key); if (name == "|") name = "\\|"
		if (index(" " names[id] " ", " `" name "` ") == 0)
			names[id] = names[id] (names[id] == "" ? "" : " ") "`" name "`"
	}
	END {
		for (i = 1; i <= count; i++) {
			split(order[i], part, SUBSEP); place = where[part[1]]
			printf "| %s | %s | %s |\n", place == last ? "" : place, names[order[i]], text[order[i]]
			last = place
		}
	}' tui/keys.def
	echo "$end"
}

in_readme() {
	sed -n "\|^$begin\$|,\|^$end\$|p" README.md
}

case ${1:-print} in
print)
	table
	;;
check)
	if [ "$(table)" = "$(in_readme)" ]; then
		echo "  OK   keys of the README"
	else
		echo "keys: README.md has another table than tui/keys.def makes: .ci/keys.sh write" >&2
		exit 1
	fi
	;;
write)
	new=$(mktemp)
	table >"$new.table"
	awk -v table="$new.table" -v begin="$begin" -v end="$end" '
	$0 == begin { while ((getline line < table) > 0) print line; inside = 1 }
	!inside { print }
	$0 == end { inside = 0 }' README.md >"$new"
	cat "$new" >README.md
	rm -f "$new" "$new.table"
	;;
esac
