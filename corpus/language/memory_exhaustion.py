# SPDX-License-Identifier: Apache-2.0
# tries: take memory without end, with literals and operators only (P62)
# proof: exceeded
# options: --memory=96M
# expect: none
# status: limit memory
# control: bounded
# wall2: no: Landlock knows nothing of limits
# for: exec
#
# No builtins, no attributes, no calls: nothing that a filter could refuse.

held = ()
while True:
    held = (held, b'x' * 1000000)
