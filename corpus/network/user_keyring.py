# SPDX-License-Identifier: Apache-2.0
# tries: store a key with the user's other keys, for later (S106, S108)
# proof: object
# expect: add_key system deny EPERM
# wall2: no: Landlock does not know keys
#
# The kernel keeps keys per user: what is stored there outlives the process, and whoever runs as the
# same user finds it by its description.
import ctypes

SYS_ADD_KEY, KEY_SPEC_USER_KEYRING = 248, -4

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(SYS_ADD_KEY, b'user', b'pyjail-@PORT@', b'left behind', 11, KEY_SPEC_USER_KEYRING)
