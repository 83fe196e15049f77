# SPDX-License-Identifier: Apache-2.0
# tries: read a CSV file with pandas, group and join it, and write the result
# options: --allow-read=@WORK@ --allow-write=@WORK@
#
# pandas asks platform.processor() while it is loaded, which runs `uname -p`: the default policy
# knows.

import sys

try:
    import pandas as pd
except ImportError:
    sys.stderr.write('skip: no pandas\n')
    sys.exit(77)

with open('@WORK@/sales.csv', 'w') as f:
    f.write('day,kind,amount\n2024-05-01,a,3\n2024-05-01,b,4\n2024-05-02,a,5\n')

sales = pd.read_csv('@WORK@/sales.csv', parse_dates=['day'])
totals = sales.groupby('kind').amount.sum()
assert totals.to_dict() == {'a': 8, 'b': 4}

totals.to_csv('@WORK@/totals.csv')
names = pd.DataFrame({'kind': ['a', 'b'], 'name': ['apples', 'beans']})
joined = pd.read_csv('@WORK@/totals.csv').merge(names)
assert joined.name.tolist() == ['apples', 'beans']
print(joined.to_string(index=False))
