/* SPDX-License-Identifier: Apache-2.0 */
/* test_attack_names.c: names and metadata changed without opening; refusals inside leave. */
#include "base/fail.h"
#include "tests/support/attack.h"

#define SOCKETS \
	"import socket\n" \
	"def end(kind, path):\n" \
	"    s = socket.socketpair(socket.AF_UNIX, kind)[0] if kind else socket.socket(socket.AF_UNIX)\n" \
	"    s.bind(path)\n"

#define METADATA \
	"import array, fcntl, struct\n" \
	"has_xattr = attempt(os.setxattr, W, 'user.try', b'x') is None\n" \
	"ME = (os.getuid(), os.getgid())\n" \
	"PAST = struct.pack('qqqq', 1, 0, 1, 0)\n"

/* Where /w is allowed, what the policy says about /w/N/prot must survive every rearrangement. */
#define CARVED_WRITES \
	"O = os.O_WRONLY | os.O_TRUNC\n"

static const struct attack attacks[] = {
	{ .name = "names removed and moved", .call = "rename", .verdict = "deny", .code =
	  "v(lambda D, w: os.unlink(D + '/t'))\n"
	  "v(lambda D, w: sc(263, AT_FDCWD, b(D + '/l'), 0))\n"
	  "v(lambda D, w: (attempt(os.unlink, D + '/d/f'), os.rmdir(D + '/d')))\n"
	  "v(lambda D, w: (attempt(os.unlink, D + '/d/f'),\n"
	  "                sc(263, os.open(D, os.O_PATH), b'd', 0x200)))\n"
	  "v(lambda D, w: os.rename(D + '/t', w + '/t'))\n"
	  "v(lambda D, w: os.rename(D + '/t', D + '/other'))\n"
	  "v(lambda D, w: os.rename(D, w + '/dir'))\n"
	  "v(lambda D, w: (open('n', 'w').close(), os.rename('n', D + '/t')))\n"
	  "v(lambda D, w: (open('n', 'w').close(), os.rename('n', D + '/new')))\n"
	  "v(lambda D, w: (os.mkdir('n'), os.rename('n', D + '/new')))\n"
	  "v(lambda D, w: (open('n', 'w').close(),\n"
	  "                sc(316, AT_FDCWD, b(w + '/n'), AT_FDCWD, b(D + '/t'), 2)))\n"
	  "v(lambda D, w: (open('n', 'w').close(),\n"
	  "                sc(316, AT_FDCWD, b(D + '/t'), AT_FDCWD, b(w + '/n'), 2)))\n"
	  "v(lambda D, w: (open('n', 'w').close(),\n"
	  "                sc(316, AT_FDCWD, b(w + '/n'), AT_FDCWD, b(D + '/new'), 1)))\n"
	  "v(lambda D, w: sc(316, AT_FDCWD, b(D + '/t'), AT_FDCWD, b(w + '/t'), 4),\n"
	  "  sure=os.geteuid() == 0)\n"
	  "v(lambda D, w: sc(264, os.open(D, os.O_PATH), b't', os.open(w, os.O_PATH), b't'))\n"
	  "v(lambda D, w: os.replace(D + '/d/f', D + '/t'))\n"
	  "v(lambda D, w: os.unlink('/proc/self/root' + D + '/t'))\n"
	  "v(lambda D, w: (os.chdir(D), os.unlink('/proc/self/cwd/t')))\n"
	  "v(lambda D, w: os.unlink(f'/proc/self/fd/{os.open(D, os.O_PATH)}/t'))\n" },
	{ .name = "names made", .call = "mkdir", .verdict = "deny", .code = SOCKETS
	  "v(lambda D, w: os.mkdir(D + '/new'))\n"
	  "v(lambda D, w: os.mkdir('new', dir_fd=os.open(D, os.O_PATH)))\n"
	  "v(lambda D, w: os.mkdir(D + '/new/'))\n"
	  "v(lambda D, w: os.mkfifo(D + '/new'))\n"
	  "v(lambda D, w: os.mknod(D + '/new'))\n"
	  "v(lambda D, w: os.mknod(D + '/new', 0o140644))\n"
	  "v(lambda D, w: os.mknod(D + '/new', 0o20666, os.makedev(1, 3)), sure=False)\n"
	  "v(lambda D, w: os.symlink('x', D + '/new'))\n"
	  "v(lambda D, w: os.symlink('x', 'new', dir_fd=os.open(D, os.O_PATH)))\n"
	  "v(lambda D, w: os.link(D + '/t', D + '/new'))\n"
	  "v(lambda D, w: os.link(D + '/t', w + '/new'))\n"
	  "v(lambda D, w: (open('n', 'w').close(), os.link('n', D + '/new')))\n"
	  "v(lambda D, w: (open('n', 'w').close(), os.link('n', D + '/d/new')))\n"
	  "v(lambda D, w: os.link(D + '/l', w + '/new', follow_symlinks=False))\n"
	  "v(lambda D, w: end(None, D + '/new'))\n"
	  "v(lambda D, w: end(socket.SOCK_STREAM, D + '/new'))\n"
	  "v(lambda D, w: end(socket.SOCK_SEQPACKET, D + '/new'))\n"
	  "v(lambda D, w: end(socket.SOCK_DGRAM, D + '/new'))\n"
	  "v(lambda D, w: (os.chdir(D), end(socket.SOCK_STREAM, 'new')))\n"
	  "v(lambda D, w: (os.chdir(D), open('new', 'x')))\n" },
	{ .name = "metadata by name", .call = "chmod", .verdict = "deny", .code = METADATA
	  "v(lambda D, w: os.chmod(D + '/t', 0o777))\n"
	  "v(lambda D, w: os.chmod(D, 0o700))\n"
	  "v(lambda D, w: os.chmod('t', 0o777, dir_fd=os.open(D, os.O_PATH)))\n"
	  "v(lambda D, w: sc(452, AT_FDCWD, b(D + '/t'), 0o600, 0), sure=False)\n"
	  "v(lambda D, w: os.chown(D + '/t', *ME))\n"
	  "v(lambda D, w: os.lchown(D + '/l', *ME))\n"
	  "v(lambda D, w: os.chown(D + '/l', *ME))\n"
	  "v(lambda D, w: os.chown('t', *ME, dir_fd=os.open(D, os.O_PATH)))\n"
	  "v(lambda D, w: sc(132, b(D + '/t'), 0))\n"
	  "v(lambda D, w: sc(235, b(D + '/t'), 0))\n"
	  "v(lambda D, w: sc(261, AT_FDCWD, b(D + '/t'), PAST))\n"
	  "v(lambda D, w: sc(280, AT_FDCWD, b(D + '/l'), PAST, 0))\n"
	  "v(lambda D, w: sc(280, AT_FDCWD, b(D + '/l'), PAST, 0x100))\n"
	  "v(lambda D, w: os.setxattr(D + '/t', 'user.a', b'x'), sure=has_xattr)\n"
	  "v(lambda D, w: os.setxattr(D + '/d', 'user.a', b'x', follow_symlinks=False), sure=has_xattr)\n"
	  "v(lambda D, w: sc(463, AT_FDCWD, b(D + '/t'), 0, b'user.a',\n"
	  "                  struct.pack('QII', ctypes.addressof(ctypes.create_string_buffer(b'x')), 1, 0),\n"
	  "                  16), sure=False)\n"
	  "v(lambda D, w: sc(469, AT_FDCWD, b(D + '/t'), struct.pack('QIIII', 0x40, 0, 0, 0, 0), 24, 0),\n"
	  "  sure=False)\n"
	  "v(lambda D, w: os.truncate(D + '/t', 0))\n"
	  "v(lambda D, w: os.truncate(D + '/t', 1 << 20))\n"
	  "v(lambda D, w: os.removexattr(D + '/t', 'security.capability'), sure=False)\n" },
	{ .name = "a protected folder inside an allowed one", .is_carved = true, .code = CARVED_WRITES
	  "v(lambda D, w: os.rename(w, w + '-moved'))\n"
	  "v(lambda D, w: (os.rename(w, w + '-moved'), os.open(w + '-moved/prot/t', O)))\n"
	  "v(lambda D, w: os.rename(D, w + '/free'))\n"
	  "v(lambda D, w: (os.link(D + '/t', 'alias'), os.open('alias', O)))\n"
	  "v(lambda D, w: (os.symlink('prot', 's'), os.open('s/t', O)))\n"
	  "v(lambda D, w: (os.mkdir('x'), sc(316, AT_FDCWD, b'x', AT_FDCWD, b'prot', 2)))\n"
	  "v(lambda D, w: (os.mkdir('x'), sc(316, AT_FDCWD, b'prot', AT_FDCWD, b'x', 2)))\n"
	  "v(lambda D, w: (open('x', 'w').close(), os.rename('x', 'prot/t')))\n"
	  "v(lambda D, w: os.rename('prot/t', 'x'))\n"
	  "v(lambda D, w: os.unlink('prot/t'))\n"
	  "v(lambda D, w: os.open('t', O, dir_fd=os.open('prot', os.O_PATH)))\n"
	  "v(lambda D, w: (os.symlink('prot/made', 's'), open('s', 'w')))\n"
	  "v(lambda D, w: (os.mkdir(w + '-x'), sc(316, AT_FDCWD, b(w), AT_FDCWD, b(w + '-x'), 2)))\n"
	  "v(lambda D, w: sc(264, os.open(W, os.O_PATH), b(os.path.basename(w)), AT_FDCWD, b(w + '-y')))\n"
	  "v(lambda D, w: os.chmod(D, 0o700))\n"
	  "v(lambda D, w: os.open(f'/proc/self/cwd/prot/t', O))\n"
	  "v(lambda D, w: (os.open(D + '/', os.O_TMPFILE | os.O_RDWR), os.mkdir(D + '/m')))\n"
	  "v(lambda D, w: sc(165, b(w), b(D), 0, 4096, 0), sure=False)\n"
	  "def swap_parents(D, w):\n"
	  "    os.mkdir(w + '-a'); os.mkdir(w + '-a/prot'); open(w + '-a/prot/t', 'w').write('mine')\n"
	  "    sc(316, AT_FDCWD, b(w + '-a'), AT_FDCWD, b(w), 2)\n"
	  "v(swap_parents)\n"
	  "v(lambda D, w: (os.rename('/proc/self/cwd', w + '-z')), sure=False)\n"
	  "v(lambda D, w: (os.symlink(D, w + '/s'), os.rename(w + '/s/t', w + '/t')))\n"
	  "v(lambda D, w: (os.symlink(D, w + '/s'), os.rename(w + '/s/', w + '/free')), sure=False)\n" },
	{ .name = "reading a protected folder inside an allowed one", .is_carved = true, .code =
	  "shown = lambda p: show(os.open(p, os.O_RDONLY))\n"
	  "v(lambda D, w: shown('prot/t'))\n"
	  "v(lambda D, w: (os.link('prot/t', 'alias'), shown('alias')))\n"
	  "v(lambda D, w: (os.rename('prot/t', 'alias'), shown('alias')))\n"
	  "v(lambda D, w: (os.rename('prot', 'free'), shown('free/t')))\n"
	  "v(lambda D, w: (os.rename(w, w + '-m'), shown(w + '-m/prot/t')))\n"
	  "v(lambda D, w: (os.symlink('prot/t', 's'), shown('s')))\n"
	  "v(lambda D, w: (open('x', 'w').close(), sc(316, AT_FDCWD, b'x', AT_FDCWD, b'prot/t', 2),\n"
	  "                shown('x')))\n"
	  "v(lambda D, w: shown(f'/proc/self/fd/{os.open(D, os.O_PATH)}/t'))\n"
	  "v(lambda D, w: print(os.listdir(D), open(D + '/t').read()))\n"
	  "v(lambda D, w: show(os.open('/proc/self/fd/%d' % os.open(D + '/t', os.O_PATH), os.O_RDONLY)))\n"
	  "v(lambda D, w: (os.chdir(D), shown('d/../t')))\n"
	  "v(lambda D, w: shown('prot/l'))\n"
	  "v(lambda D, w: (os.symlink(D, 's'), shown('s/../prot/l')))\n"
	  "v(lambda D, w: (os.link(D + '/l', 'copy', follow_symlinks=False), os.mkdir('q'),\n"
	  "                os.rename('copy', D + '/copy'), shown(D + '/copy')))\n" },
};

int main(void)
{
	return attack_main("attack_names", attacks, ARRAY_SIZE(attacks), NULL);
}
