/* SPDX-License-Identifier: Apache-2.0 */
/* test_scratch_kinds.c: what is no plain file, in a scratch view: O_PATH, devices, sockets. */
#include <string.h>
#include <unistd.h>

#include "tests/support/live.h"
#include "tests/support/suite.h"

/* Descriptors that only name a file: of the layer, of the real tree, of a folder to start from. */
START_TEST(path_descriptors)
{
	struct jail jail;

	jail_write_file("real", "12345");
	jail_write_file("changed", "12");
	live_script(&jail, (const char *const[]){ "--scratch", NULL },
	    "import os\nos.chdir(os.path.dirname(os.path.abspath(__file__)))\n"
	    "def name(p, flags=0, **more):\n"
	    "    fd = os.open(p, os.O_PATH | flags, **more)\n"
	    "    return (os.path.relpath(os.readlink(f'/proc/self/fd/{fd}')), os.fstat(fd).st_size)\n"
	    "open('changed', 'a').write('3'); os.makedirs('d/e'); open('d/g', 'w').write('1')\n"
	    "os.symlink('d/g', 'l')\n"
	    "for p in 'real', 'changed', os.path.abspath('d/g'), 'd/../l', '/proc/self/cwd/l':\n"
	    "    print(name(p))\n"
	    "print(name('l', os.O_NOFOLLOW))\n"
	    "fd = os.open('d', os.O_PATH)\n"
	    "print(name('g', dir_fd=fd), os.stat('e', dir_fd=fd).st_nlink)\n"
	    "os.rename('d', 'moved'); os.fchdir(fd); print(os.path.basename(os.getcwd()))\n"
	    "os.chdir('..')\n"
	    "os.chmod('changed', 0o640, follow_symlinks=False)\n"
	    "print(oct(os.stat('changed').st_mode))\n"
	    "for p, flags in ('d', 0), ('real', os.O_DIRECTORY), ('new', os.O_CREAT):\n"
	    "    try: name(p, flags)\n"
	    "    except OSError as e: print(type(e).__name__)\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out,
			 "('real', 5)\n('changed', 3)\n('d/g', 1)\n('d/g', 1)\n('d/g', 1)\n"
			 "('l', 3)\n('d/g', 1) 2\nmoved\n0o100640\n"
			 "FileNotFoundError\nNotADirectoryError\nFileNotFoundError\n");
	ck_assert_int_eq(jail_denied(&jail), 0);
	jail_free(&jail);
	ck_assert_str_eq(jail_read_file("changed"), "12");
}
END_TEST

/* Even where everything is allowed, a device is used and nothing else is done to it. */
START_TEST(devices_are_used_only)
{
	const char *const options[] = { "--scratch", "--allow-all", NULL };
	struct jail jail;

	live_script(&jail, options,
		    "import os\n"
		    "open('/dev/null', 'w').write('x'); os.write(os.openpty()[0], b'x')\n"
		    "os.chdir(os.path.dirname(os.path.abspath(__file__)))\n"
		    "open('f', 'w').close()\n"
		    "def node():\n"
		    "    os.mknod('null', 0o20666, os.makedev(1, 3)); open('null', 'w')\n"
		    "for f in (lambda: os.chmod('/dev/null', 0o666), lambda: os.unlink('/dev/null'),\n"
		    "          lambda: os.rename('/dev/null', 'n'), lambda: os.rename('f', '/dev/null'),\n"
		    "          lambda: os.link('/dev/null', '/dev/shm/n'), lambda: os.utime('/dev/null'),\n"
		    "          lambda: os.open('/dev/mem', os.O_WRONLY), node):\n"
		    "    try: f(); print('done')\n"
		    "    except (PermissionError, FileNotFoundError): print('refused')\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "refused\nrefused\nrefused\nrefused\nrefused\nrefused\n"
				   "refused\nrefused\n");
	jail_free(&jail);
}
END_TEST

START_TEST(sockets_with_a_name)
{
	const char *const options[] = { "--scratch", "--allow-all", NULL };
	struct jail jail;

	jail_write_file("real", "");
	live_script(&jail, options,
		    "import os, socket, stat, struct\n"
		    "os.chdir(os.path.dirname(os.path.abspath(__file__)))\n"
		    "new = lambda: socket.socket(socket.AF_UNIX)\n"
		    "s = new(); os.umask(0o27); s.bind(os.path.abspath('s')); s.listen()\n"
		    "print(oct(os.stat('s').st_mode), sorted(os.listdir('.'))[-1] == 's.py')\n"
		    "os.mkdir('d'); os.rename('s', 'd/t'); os.symlink('d/t', 'l')\n"
		    "c = new(); c.connect('l'); a = s.accept()[0]; c.send(b'hello')\n"
		    "peer = a.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)\n"
		    "print(a.recv(9), struct.unpack('3i', peer)[0] == os.getpid())\n"
		    "for f in (lambda: new().bind('d/t'), lambda: new().bind('real'),\n"
		    "          lambda: new().bind('none/s'), lambda: new().connect('real'),\n"
		    "          lambda: new().connect('none'), lambda: new().bind('l')):\n"
		    "    try: f()\n"
		    "    except OSError as e: print(os.strerror(e.errno))\n"
		    "new().bind('\\0pyjail%d' % os.getpid()); new().bind('')\n"
		    "i = socket.socket(); i.bind(('127.0.0.1', 0)); i.listen()\n"
		    "socket.create_connection(i.getsockname()).close()\n"
		    "os.unlink('d/t'); print(os.listdir('d'))\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "0o140750 True\nb'hello' True\nAddress already in use\n"
				   "Address already in use\nNo such file or directory\n"
				   "Connection refused\nNo such file or directory\n"
				   "Address already in use\n[]\n");
	jail_free(&jail);
	ck_assert_int_lt(access(jail_path("s"), F_OK), 0);
}
END_TEST

START_TEST(a_watched_folder)
{
	struct jail jail;

	jail_write_file("real", "");
	live_script(&jail, (const char *const[]){ "--scratch", NULL },
		    "import ctypes, os\n"
		    "os.chdir(os.path.dirname(os.path.abspath(__file__)))\n"
		    "libc = ctypes.CDLL(None)\n"
		    "fd = libc.inotify_init1(os.O_NONBLOCK)\n"
		    "# IN_CREATE, IN_DELETE, IN_MOVED_TO\n"
		    "print(libc.inotify_add_watch(fd, b'.', 0x100 | 0x200 | 0x80) > 0)\n"
		    "print(libc.inotify_add_watch(fd, b'none', 0x100))\n"
		    "os.listdir('.'); open('new', 'w').close(); os.rename('new', 'other'); os.unlink('real')\n"
		    "said = os.read(fd, 4096)\n"
		    "while said:\n"
		    "    size = int.from_bytes(said[12:16], 'little')\n"
		    "    print(hex(int.from_bytes(said[4:8], 'little')),\n"
		    "          said[16:16 + size].rstrip(b'\\0').decode())\n"
		    "    said = said[16 + size:]\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "True\n-1\n0x100 new\n0x80 other\n0x200 real\n");
	jail_free(&jail);
}
END_TEST

/* Links that tell who reads them, whoever answers: the tracer does where metadata is judged. */
START_TEST(links_to_oneself)
{
	static const char *const options[] = { "--scratch", "--tmp", "--hide=/none", "--quiet" };
	struct jail jail;

	live_script(&jail, (const char *const[]){ options[_i], NULL },
		    "import os\n"
		    "pid = os.getpid()\n"
		    "print(os.readlink('/proc/self') == str(pid),\n"
		    "      os.readlink('/proc/thread-self') == f'{pid}/task/{pid}',\n"
		    "      os.path.realpath('/proc/self/cwd') == os.getcwd())\n");
	live_check_status(&jail, 0);
	ck_assert_str_eq(jail.out, "True True True\n");
	jail_free(&jail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scratch_kinds");
	TCase *tcase = tcase_create("scratch_kinds");

	tcase_add_checked_fixture(tcase, jail_setup, jail_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, path_descriptors);
	tcase_add_test(tcase, devices_are_used_only);
	tcase_add_test(tcase, sockets_with_a_name);
	tcase_add_test(tcase, a_watched_folder);
	tcase_add_loop_test(tcase, links_to_oneself, 0, 4);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
