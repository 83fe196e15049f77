# SPDX-License-Identifier: Apache-2.0
# tries: recurse for ever without builtins: the limit bounds the depth, not the time (P61, P65)
# proof: exceeded
# options: --cpu=1
# expect: none
# status: limit cpu
# control: bounded
# needs: python>=3.9
# wall2: no: Landlock knows nothing of limits
# for: exec
#
# The call in `try` ends with RecursionError, and so does the one in `finally`, at every depth: two
# calls at each of a thousand levels are 2 to the power of 1000 calls.


def f():
    try:
        f()
    finally:
        f()


f()
