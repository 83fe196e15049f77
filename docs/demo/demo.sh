#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The writes of the public question "how can Python be sandboxed?", each run by ./pyjail.
# Shows each program, what pyjail says, and at the end that nothing on disk changed.
set -u
cd "$(dirname "$0")/../.."
python=/usr/bin/python3
folder=$(mktemp -d /tmp/pyjail-demo.XXXXXX)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/tree"
echo "precious" >"$folder/FILE"
echo "inside" >"$folder/tree/leaf"

listing() { (cd "$folder" && find . -printf '%p %m %s %T@ ' -exec sh -c '[ -f "$1" ] && cat "$1" || echo' _ {} \;); }

run() {
	echo
	printf '$ pyjail -c "%s"\n' "$1"
	./pyjail --python=$python -c "$1" 2>&1 | sed -e 's/^/    /'
}

before=$(listing)
f=$folder/FILE
run "open('$f', 'w').write('PWNED')"
run "open('$f', 'a').write('PWNED')"
if $python -c 'import numpy' 2>/dev/null; then
	run "import numpy; numpy.savetxt('$f', numpy.eye(3))"
else
	echo "skip: numpy is not installed (make deps installs it)"
fi
run "import subprocess; subprocess.call('echo PWNED >> $f', shell=True)"
run "import os; os.unlink('$f')"
run "import shutil; shutil.rmtree('$folder/tree')"
run "import ctypes; libc = ctypes.CDLL(None, use_errno=True)
print('libc.open gives', libc.open(b'$f', 0o1102, 0o644), 'errno', ctypes.get_errno())"
run "exec('''[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0].__init__.__globals__['__builtins__']['open']('$f', 'w')''', {'__builtins__': {}})"
run "import os; os.kill(os.getppid(), 9)"

echo
if [ "$before" = "$(listing)" ]; then
	echo "Nothing on disk changed.  $f still says: $(cat "$f")"
else
	echo "SOMETHING CHANGED in $folder" >&2
	exit 1
fi
