# SPDX-License-Identifier: Apache-2.0
# tries: find the importer of built-in modules among all classes, load posix, run a shell (P01)
# proof: changed
# expect: execve exec deny EACCES /usr/bin/dash
# for: exec
#
# No import statement and no function written in Python is needed: BuiltinImporter is the class
# behind `import posix`, and its loader is a method that anybody can call.

importer = [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == 'BuiltinImporter'][0]
importer.load_module('posix').system('echo PWNED >> @CANARY@/file')
