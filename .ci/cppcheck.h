/* SPDX-License-Identifier: Apache-2.0 */
/* cppcheck does not read the system's headers: what uthash's loop means, in its own terms. */
#define HASH_ITER(hh, head, el, tmp) \
	for ((el) = (head), (tmp) = (head); (el); (el) = (tmp), (tmp) = (el))
