# SPDX-License-Identifier: Apache-2.0
# tries: pickle, copy and shelve objects, classes of its own included
# options: --allow-read=@WORK@ --allow-write=@WORK@

import copy
import dataclasses
import datetime
import pickle
import shelve


@dataclasses.dataclass
class Point:
    x: int
    y: list


point = Point(1, [datetime.date(2024, 5, 1), {2, 3}])
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    assert pickle.loads(pickle.dumps(point, protocol)) == point
assert copy.deepcopy(point) == point

with open('@WORK@/point', 'wb') as f:
    pickle.dump(point, f)
with open('@WORK@/point', 'rb') as f:
    assert pickle.load(f) == point

with shelve.open('@WORK@/shelf', writeback=True) as shelf:
    shelf['point'] = point
    shelf['point'].y.append(4)
with shelve.open('@WORK@/shelf') as shelf:
    print(shelf['point'])
    assert shelf['point'].y[-1] == 4
