# SPDX-License-Identifier: Apache-2.0
# tries: load the system's certificates and shake hands in memory, without a network

import ssl

context = ssl.create_default_context()
assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname

client = ssl.create_default_context()
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
tls = client.wrap_bio(incoming, outgoing, server_hostname='example.org')
try:
    tls.do_handshake()
except ssl.SSLWantReadError:
    pass
assert outgoing.read().startswith(b'\x16\x03')         # a handshake record
print(ssl.OPENSSL_VERSION.split()[0], len(context.get_ca_certs()) >= 0)
