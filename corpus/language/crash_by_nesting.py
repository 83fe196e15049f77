# SPDX-License-Identifier: Apache-2.0
# tries: crash the process that holds the sandbox, with names that every rewriter allows (P60, P61)
# proof: tracer
# expect: none
# status: signal SEGV
# wall2: no: nothing in Landlock makes a crash a result
# for: restricted
#
# Freeing an object that holds an object that holds an object is recursion in C; slices are freed
# that way and not counted.  No guard on attributes, items or names has anything to say, and the
# host dies with its script.

nested = None
for i in range(999):        # RestrictedPython's range gives no more
    for j in range(999):
        nested = slice(nested)
nested = None
