/* SPDX-License-Identifier: Apache-2.0 */
/* listeners.c: see listeners.h. */
#include "tracer/corpus/listeners.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>

#define BACKLOG 64
/* Below the range that the kernel gives to outgoing connections: ip(7), ip_local_port_range. */
#define PORT_FIRST 12000
#define PORT_COUNT 18000
#define PORT_TRIES 64

static struct sockaddr_in local(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static int listen_at(int type, int port, int *ret_fd, int *ret_port)
{
	struct sockaddr_in address = local(port);
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int queue = BACKLOG;

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    (type == SOCK_STREAM && listen(fd, BACKLOG) < 0) ||
	    getsockname(fd, (struct sockaddr *)&address, &length) < 0) {
		int error = -errno;

		close(fd);
		return error;
	}
	/* Also whom a Fast Open connection would come to; not every kernel has it. */
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, 23 /* TCP_FASTOPEN */, &queue, sizeof(queue));
	*ret_fd = fd;
	*ret_port = ntohs(address.sin_port);
	return 0;
}

static int listen_unix(int type, const char *name, size_t length, int *ret_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (length > sizeof(address.sun_path)) {
		close(fd);
		return -ENAMETOOLONG;
	}
	memcpy(address.sun_path, name, length);
	if (bind(fd, (struct sockaddr *)&address, size) < 0 ||
	    (type == SOCK_STREAM && listen(fd, BACKLOG) < 0)) {
		int error = -errno;

		close(fd);
		return error;
	}
	*ret_fd = fd;
	return 0;
}

/* NAME for streams, NAME.dgram for datagrams.  An abstract one begins with a NUL. */
static int listen_twice(const char *name, bool is_abstract, int *ret_stream, int *ret_datagrams)
{
	char text[PATH_MAX + 8] = "";
	char *start = text + is_abstract;
	int error;

	snprintf(start, PATH_MAX, "%s", name);
	error = listen_unix(SOCK_STREAM, text, strlen(start) + 1, ret_stream);
	if (error < 0)
		return error;
	strcat(start, ".dgram");
	return listen_unix(SOCK_DGRAM, text, strlen(start) + 1, ret_datagrams);
}

static int open_unix(struct listeners *listeners, const char *base, struct fill *fill)
{
	int error;

	snprintf(fill->value[FILL_UNIX], PATH_MAX, "%s/sock", base);
	snprintf(fill->value[FILL_ABSTRACT], PATH_MAX, "pyjail-corpus-%d-%d", getpid(),
		 listeners->port);
	error = listen_twice(fill->value[FILL_UNIX], false, &listeners->unix_path,
			     &listeners->path_datagrams);
	return error < 0 ? error : listen_twice(fill->value[FILL_ABSTRACT], true,
						&listeners->unix_abstract,
						&listeners->abstract_datagrams);
}

static int find_free_port(int *ret_port)
{
	int error = -EADDRINUSE;

	for (int i = 0; error == -EADDRINUSE && i < PORT_TRIES; i++) {
		unsigned number = 0;
		int fd = -1, port = 0;

		if (getrandom(&number, sizeof(number), 0) < 0)
			return -errno;
		error = listen_at(SOCK_STREAM, PORT_FIRST + (int)(number % PORT_COUNT), &fd, &port);
		if (error == 0) {
			close(fd);
			*ret_port = port;
		}
	}
	return error;
}

int listeners_open(struct listeners *listeners, const char *base, struct fill *fill)
{
	int tcp = 0, udp = 0, error;

	*listeners = (struct listeners){ -1, -1, -1, -1, -1, -1, 0 };
	error = find_free_port(&listeners->port);
	if (error == 0)
		error = listen_at(SOCK_STREAM, 0, &listeners->tcp, &tcp);
	if (error == 0)
		error = listen_at(SOCK_DGRAM, 0, &listeners->udp, &udp);
	if (error == 0)
		error = open_unix(listeners, base, fill);
	snprintf(fill->value[FILL_TCP], PATH_MAX, "%d", tcp);
	snprintf(fill->value[FILL_UDP], PATH_MAX, "%d", udp);
	snprintf(fill->value[FILL_PORT], PATH_MAX, "%d", listeners->port);
	return error;
}

void listeners_close(struct listeners *listeners)
{
	int *const fds[] = { &listeners->tcp, &listeners->udp, &listeners->unix_path,
			     &listeners->unix_abstract, &listeners->path_datagrams,
			     &listeners->abstract_datagrams };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

static bool has_connection(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0)
		close(fd);
	/* ECONNABORTED: it came, and went again. */
	return fd >= 0 || errno == ECONNABORTED;
}

static bool has_datagram(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) >= 0;
}

bool listeners_reached(const struct listeners *listeners, char *out, size_t size)
{
	const char *what = NULL;

	if (has_connection(listeners->tcp))
		what = "a TCP connection";
	else if (has_datagram(listeners->udp))
		what = "a datagram";
	else if (has_connection(listeners->unix_path))
		what = "a connection to the path socket";
	else if (has_connection(listeners->unix_abstract))
		what = "a connection to the abstract socket";
	else if (has_datagram(listeners->path_datagrams))
		what = "a datagram to the path socket";
	else if (has_datagram(listeners->abstract_datagrams))
		what = "a datagram to the abstract socket";
	if (what)
		snprintf(out, size, "%s arrived", what);
	return what != NULL;
}

bool listeners_can_connect(const struct listeners *listeners)
{
	struct sockaddr_in address = local(listeners->port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is_there = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	if (fd >= 0)
		close(fd);
	return is_there;
}
