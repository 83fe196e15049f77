# SPDX-License-Identifier: Apache-2.0
# tries: end with the status of a program that was killed (J09)
# proof: tracer
# control: none: every program may end with any number
# expect: none
# status: 137
#
# A caller that reads 137 as SIGKILL blames memory, or an operator.  The result tells them apart.
import os

os._exit(137)
