/* SPDX-License-Identifier: Apache-2.0 */
/* wire.c: see wire.h. */
#include "tracer/events/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/fail.h"

/* Room for a few of the largest messages; unix(7): a packet must fit as a whole. */
#define BUFFER_BYTES (4 * (int)WIRE_JSON_MAX)

int wire_pair(int ret_ends[2])
{
	int ends[2], size = BUFFER_BYTES;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
		return -errno;
	/* As much as the system allows: its default takes one of the largest. */
	for (int i = 0; i < 2; i++)
		setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	ret_ends[0] = ends[0];
	ret_ends[1] = ends[1];
	return 0;
}

static int send_error(int error)
{
	switch (error) {
	case EAGAIN:
	case ENOBUFS:
	case EINTR:
		return -EAGAIN;
	case ECONNRESET:
	case ENOTCONN:
		return -EPIPE;
	default:
		return -error;
	}
}

int wire_send(int fd, enum wire_kind kind, uint64_t question, bool flag, const void *body,
	      size_t size)
{
	struct wire_head head = { .version = WIRE_VERSION, .kind = kind, .question = question,
				  .flag = flag, .size = (uint32_t)size };
	struct iovec iov[2] = { { &head, sizeof(head) }, { (void *)body, size } };
	struct msghdr message = { .msg_iov = iov, .msg_iovlen = size ? 2 : 1 };

	/* With room for the NUL that the other side puts behind it. */
	if (size >= WIRE_JSON_MAX)
		return -EMSGSIZE;
	if (sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return send_error(errno);
	return 0;
}

/* Reads one packet; `ret_size` is what came, cut or not. */
static int receive(int fd, struct wire_message *message, struct msghdr *header, size_t *ret_size)
{
	struct iovec iov[2] = { { &message->head, sizeof(message->head) },
				{ message->body, sizeof(message->body) - 1 } };
	ssize_t n;

	*header = (struct msghdr){ .msg_iov = iov, .msg_iovlen = 2 };
	/* Without room for control data, descriptors that come along are closed: recvmsg(2). */
	n = recvmsg(fd, header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -EPIPE;
	*ret_size = (size_t)n;
	return 1;
}

static bool is_well_formed(const struct wire_message *message, const struct msghdr *header,
			   size_t size)
{
	const struct wire_head *head = &message->head;

	return !(header->msg_flags & (MSG_TRUNC | MSG_CTRUNC)) && size >= sizeof(*head) &&
	       head->version == WIRE_VERSION && head->kind < WIRE_KINDS && head->flag <= 1 &&
	       head->size == size - sizeof(*head);
}

int wire_receive(int fd, struct wire_message *ret_message)
{
	struct msghdr header;
	size_t size = 0;
	int got = receive(fd, ret_message, &header, &size);

	if (got <= 0)
		return got;
	/* An empty packet cannot be told from the end; neither side sends any. */
	if (size == 0)
		return -EPIPE;
	if (!is_well_formed(ret_message, &header, size))
		return -EBADMSG;
	ret_message->body[size - sizeof(ret_message->head)] = '\0';
	return 1;
}
