/* SPDX-License-Identifier: Apache-2.0 */
/* test_ask_net.c: an answer about an address is about the one that was shown. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/screen_link.h"

#define BEGIN \
	"import ctypes, errno, os, signal, socket, struct, sys, threading, time\n" \
	"def say(x): print(x, flush=True)\n" \
	"def tried(f, *a):\n" \
	"    try: r = f(*a); return r if r else 'ok'\n" \
	"    except OSError as e: return errno.errorcode.get(e.errno, str(e.errno))\n"

static int servers[2], ports[2];

/* Two sockets on loopback, listening when they are streams. */
static void open_servers(int type)
{
	for (int i = 0; i < 2; i++) {
		struct sockaddr_in address = { .sin_family = AF_INET,
					       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		socklen_t length = sizeof(address);

		servers[i] = socket(AF_INET, type | SOCK_CLOEXEC, 0);
		ck_assert_int_eq(bind(servers[i], (struct sockaddr *)&address, length), 0);
		ck_assert_int_eq(getsockname(servers[i], (struct sockaddr *)&address, &length), 0);
		if (type == SOCK_STREAM)
			ck_assert_int_eq(listen(servers[i], 8), 0);
		ports[i] = ntohs(address.sin_port);
	}
}

static bool has_come(int server)
{
	struct pollfd one = { .fd = server, .events = POLLIN };

	return poll(&one, 1, 300) == 1;
}

static void answer(struct screen_link *link, const char *call, const char *action, bool allow)
{
	uint64_t question = link_question(link);

	ck_assert_str_eq(link->event.event.event.call, call);
	ck_assert_msg(strstr(link->event.event.event.action, action), "%s",
		      link->event.event.event.action);
	link_answer(link, question, allow, "");
}

static struct screen_link *start(const char *code)
{
	struct screen_link *link = link_new("ask net\n");
	char whole[4096];

	snprintf(whole, sizeof(whole), BEGIN "shown, other = %d, %d\n%s", ports[0], ports[1], code);
	link_start(link, whole);
	return link;
}

static void check_end(struct screen_link *link, const char *out)
{
	ck_assert_int_eq(link_end(link), 0);
	ck_assert_msg(strstr(link->out, out), "no \"%s\" in: %s", out, link->out);
	link_free(link);
}

START_TEST(an_address_is_asked_for)
{
	struct screen_link *link;
	char place[64];

	open_servers(SOCK_STREAM);
	link = start("s = socket.socket()\n"
		     "say('<%s %s>' % (tried(s.connect, ('127.0.0.1', other)),\n"
		     "                 tried(s.connect, ('127.0.0.1', shown))))\n"
		     "say('<%s>' % s.send(b'x'))\n");
	answer(link, "socket", "make a socket", true);
	snprintf(place, sizeof(place), "connect 127.0.0.1:%d", ports[1]);
	answer(link, "connect", place, false);
	snprintf(place, sizeof(place), "connect 127.0.0.1:%d", ports[0]);
	answer(link, "connect", place, true);
	link_wait_for(link, "<1>", 10);
	check_end(link, "<EPERM ok>");
	ck_assert(has_come(servers[0]));
	ck_assert(!has_come(servers[1]));
}
END_TEST

START_TEST(errors_are_as_without)
{
	struct screen_link *link;

	open_servers(SOCK_STREAM);
	close(servers[0]);
	link = start("s = socket.socket(); n = socket.socket(); n.settimeout(5)\n"
		     "say('<%s %s>' % (tried(s.connect, ('127.0.0.1', shown)),\n"
		     "                 tried(n.connect, ('127.0.0.1', other))))\n");
	answer(link, "socket", "", true);
	answer(link, "socket", "", true);
	answer(link, "connect", "", true);
	answer(link, "connect", "", true);
	check_end(link, "<ECONNREFUSED ok>");
}
END_TEST

START_TEST(a_rule_asks_no_more)
{
	struct screen_link *link;
	uint64_t question;

	open_servers(SOCK_STREAM);
	link = start("s = socket.socket()\nsay('<%s>' % tried(s.connect, ('127.0.0.1', shown)))\n");
	question = link_question(link);
	link_answer(link, question, true, "allow net");
	check_end(link, "<ok>");
	ck_assert(has_come(servers[0]));
}
END_TEST

#define SWAP \
	"libc = ctypes.CDLL(None, use_errno=True)\n" \
	"def address(port): return struct.pack('=H', 2) + struct.pack('>H', port) + bytes([127,0,0,1]) + bytes(8)\n" \
	"memory = ctypes.create_string_buffer(address(shown), 16)\n" \
	"def swap():\n" \
	"    while not os.path.exists('go'): time.sleep(0.01)\n" \
	"    for i in range(600): memory.raw = address(other); time.sleep(0.0005)\n" \
	"    say('<swapped>')\n" \
	"threading.Thread(target=swap).start()\n"

/* Another thread puts another address there while the question waits. */
START_TEST(the_address_in_memory_is_not_read_again)
{
	struct screen_link *link;
	uint64_t question;

	open_servers(_i ? SOCK_DGRAM : SOCK_STREAM);
	link = start(_i ? "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n" SWAP
			  "say('<%d>' % libc.sendto(s.fileno(), b'abc', 3, 0, memory, 16))\n"
			: "s = socket.socket()\n" SWAP
			  "say('<%d>' % libc.connect(s.fileno(), memory, 16))\n");
	answer(link, "socket", "", true);
	question = link_question(link);
	jail_write_file("go", "");
	link_wait_for(link, "<swapped>", 10);
	link_answer(link, question, true, "");
	check_end(link, _i ? "<3>" : "<0>");
	ck_assert(has_come(servers[0]));
	ck_assert(!has_come(servers[1]));
}
END_TEST

/* 192.0.2.0/24 answers nobody: the connect waits, the others run, a signal ends the waiting. */
START_TEST(a_connect_that_waits_gives_way)
{
	struct screen_link *link;

	open_servers(SOCK_STREAM);
	link = start("class Late(Exception): pass\n"
		     "def late(*a): raise Late\n"
		     "signal.signal(signal.SIGALRM, late)\n"
		     "s = socket.socket()\n"
		     "signal.setitimer(signal.ITIMER_REAL, 1.5)\n"
		     "try: say('<%s>' % tried(s.connect, ('192.0.2.1', 9)))\n"
		     "except Late: say('<late>')\n");
	answer(link, "socket", "", true);
	answer(link, "connect", "192.0.2.1:9", true);
	ck_assert_int_eq(link_end(link), 0);
	/* A machine without a way there says so at once. */
	ck_assert_msg(strstr(link->out, "<late>") || strstr(link->out, "<E"), "%s", link->out);
	link_free(link);
}
END_TEST

int main(void)
{
	return live_main_loops("ask_net", 60, (const struct live_loop[]){
		{ an_address_is_asked_for, 1 }, { errors_are_as_without, 1 },
		{ a_rule_asks_no_more, 1 }, { the_address_in_memory_is_not_read_again, 2 },
		{ a_connect_that_waits_gives_way, 1 },
		{ NULL, 0 } });
}
