# SPDX-License-Identifier: Apache-2.0
# tries: calculate and work on text with modules that need nothing from outside

import decimal
import difflib
import fractions
import hashlib
import heapq
import hmac
import itertools
import math
import random
import re
import secrets
import statistics
import string
import unicodedata

decimal.getcontext().prec = 30
assert str(decimal.Decimal(1) / 3) == '0.' + '3' * 30
assert sum(fractions.Fraction(1, n) for n in (2, 3, 6)) == 1
assert statistics.median([3, 1, 2]) == 2 and math.comb(10, 3) == 120
random.seed(1)
assert random.sample(range(9), 3) == random.Random(1).sample(range(9), 3)
assert len(secrets.token_bytes(9)) == 9 and 0 <= secrets.randbelow(5) < 5
assert hashlib.sha256(b'').hexdigest().startswith('e3b0c442')
assert hmac.compare_digest(hmac.new(b'k', b'm', 'sha512').digest(),
                           hmac.new(b'k', b'm', hashlib.sha512).digest())
assert len(hashlib.pbkdf2_hmac('sha256', b'p', b's', 1000)) == 32
assert re.sub(r'(\w+) (\w+)', r'\2 \1', 'a b') == 'b a'
assert unicodedata.name('ß') == 'LATIN SMALL LETTER SHARP S'
assert string.Template('$x').substitute(x=1) == '1'
assert list(heapq.merge([1, 3], [2])) == [1, 2, 3]
assert difflib.get_close_matches('wrod', ['word', 'sword'])[0] == 'word'
print(list(itertools.accumulate(range(5))))
