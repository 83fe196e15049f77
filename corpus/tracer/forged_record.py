# SPDX-License-Identifier: Apache-2.0
# tries: change the record and the result of its own run, or keep them from being written (J02)
# proof: tracer
# options: --allow-read=@BASE@ --allow-write=@BASE@ --deny-write=@CANARY@
# control: none: without the jail there is no record
# expect: openat write deny EACCES @BASE@/record.jsonl
# expect: openat write deny EACCES @BASE@/result.json
# expect: unlink delete deny EACCES @BASE@/record.jsonl
# expect: rename delete deny EACCES @BASE@/record.jsonl
# expect: rename * deny EACCES @BASE@/result.json
# expect: mkdir write allow * @BASE@/.pyjail-result.*
#
# They lie in a folder where everything else may be written.  The result takes its name when it is
# complete: a folder that has its first name, which was made of the jail's number, was in its way.

import os

def attempt(action, *args):
    try:
        return action(*args)
    except OSError:
        return None

for name in 'record.jsonl', 'result.json':
    path = '@BASE@/' + name
    attempt(os.open, path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    attempt(os.unlink, path)
    attempt(os.rename, path, '@WORK@/moved')
    attempt(os.mkdir, '@WORK@/' + name)
    attempt(os.rename, '@WORK@/' + name, path)
    attempt(os.symlink, '/dev/null', path)
attempt(os.mkdir, '@BASE@/.pyjail-result.%d' % os.getppid())
