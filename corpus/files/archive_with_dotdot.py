# SPDX-License-Identifier: Apache-2.0
# tries: unpack an archive whose members climb out of the folder, by name and by link (P41)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write deny EACCES @CANARY@/new
# expect: openat write deny EACCES @CANARY@/newer
#
# The script names only the folder to unpack into.  The second way is a link in the archive and a
# member below the link: each name alone looks as if it stayed inside.

import io
import tarfile

archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode='w') as tar:
    link = tarfile.TarInfo('way')
    link.type, link.linkname = tarfile.SYMTYPE, '@CANARY@'
    tar.addfile(link)
    for name in '../canary/new', 'way/newer':
        tar.addfile(tarfile.TarInfo(name))

archive.seek(0)
with tarfile.open(fileobj=archive) as tar:
    tar.extraction_filter = lambda member, path: member
    for member in tar:
        try:
            tar.extract(member, '@WORK@', set_attrs=False)
        except OSError:
            pass
