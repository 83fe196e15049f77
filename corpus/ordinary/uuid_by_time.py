# SPDX-License-Identifier: Apache-2.0
# tries: make identifiers of all kinds, those of time and network card included
# options: --allow-net
#
# libuuid asks for a network card's address through an IP socket.  Without --allow-net that is
# refused and said, and uuid1() takes a random number instead.

import uuid

assert uuid.uuid1().version == 1 and uuid.getnode() > 0
assert uuid.uuid4() != uuid.uuid4()
print(uuid.uuid5(uuid.NAMESPACE_DNS, 'example.org'))
