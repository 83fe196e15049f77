# SPDX-License-Identifier: Apache-2.0
# tries: unpack an archive into an allowed folder; a member's name leads out of it (P41)
# proof: changed
# options: --allow-read=@WORK@ --allow-write=@WORK@
# expect: openat write deny EACCES @CANARY@/member
# for: any
#
# What is written where is decided by data.  The program names only its own folder.

import io
import tarfile

buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode='w') as archive:
    archive.addfile(tarfile.TarInfo('inside'))
    archive.addfile(tarfile.TarInfo('../canary/member'))

buffer.seek(0)
with tarfile.open(fileobj=buffer) as archive:
    if hasattr(tarfile, 'fully_trusted_filter'):        # without it, 3.14 refuses by itself
        archive.extraction_filter = tarfile.fully_trusted_filter
    try:
        archive.extractall('@WORK@')
    except OSError as e:
        print(e)
