# SPDX-License-Identifier: Apache-2.0
# tries: end with the status that says "a limit ended it" (J09)
# proof: tracer
# control: none: every program may end with any number
# expect: none
# status: 124
#
# The number is the script's to choose, so that it must not be the only witness: the result names no
# limit.
import os

os._exit(124)
