# SPDX-License-Identifier: Apache-2.0
# tries: create a file by setting an attribute: the key log of a TLS context (P41)
# proof: changed
# expect: openat write deny EACCES @CANARY@/keys
# for: any
#
# A filter that looks at calls by name sees none: assigning to this attribute opens the file for
# appending in C, and OpenSSL writes a line into it.

import ssl

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
try:
    context.keylog_filename = '@CANARY@/keys'
except OSError as e:
    print(e)
