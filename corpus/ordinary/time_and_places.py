# SPDX-License-Identifier: Apache-2.0
# tries: use time zones, locales, calendars and clocks, which are looked up in files of the system
# needs: python>=3.9

import calendar
import datetime
import gettext
import locale
import os
import sys
import time
import zoneinfo

try:
    berlin = zoneinfo.ZoneInfo('Europe/Berlin')
except zoneinfo.ZoneInfoNotFoundError:
    sys.stderr.write('skip: no time zone database\n')
    sys.exit(77)

summer = datetime.datetime(2020, 7, 1, tzinfo=berlin)
assert summer.utcoffset() == datetime.timedelta(hours=2)
assert len(zoneinfo.available_timezones()) > 400

os.environ['TZ'] = 'Asia/Tokyo'
time.tzset()
assert time.localtime(0).tm_hour == 9
assert datetime.datetime.fromisoformat('2024-05-01T12:00+02:00').timestamp() == 1714557600

locale.setlocale(locale.LC_ALL, '')
try:
    locale.setlocale(locale.LC_ALL, 'xx_YY')
except locale.Error as e:
    print(e)
assert calendar.monthrange(2024, 2) == (3, 29)
assert gettext.translation('nothing', fallback=True).gettext('text') == 'text'
before = time.monotonic()
time.sleep(0.01)
assert time.monotonic() - before >= 0.01
print(summer.strftime('%A %x'), locale.getlocale())
