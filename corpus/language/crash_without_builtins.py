# SPDX-License-Identifier: Apache-2.0
# tries: crash the process that holds the sandbox, with operators and attributes only (P60, P61)
# proof: tracer
# expect: none
# status: signal SEGV
# wall2: no: nothing in Landlock makes a crash a result
# for: exec
#
# Freeing an object that holds an object that holds an object is recursion in C, and the recursion
# limit does not count it.  `enumerate` is found among all classes.  Whatever was to happen after
# exec() does not happen.

enumerate = [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == 'enumerate'][0]

nested = ()
for i in b'x' * 1000000:
    nested = enumerate(nested)
nested = ()
