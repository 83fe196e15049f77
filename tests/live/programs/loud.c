/* SPDX-License-Identifier: Apache-2.0 */
/* loud.c: a program that the policy does not allow: it must never get to say this. */
#include <unistd.h>

int main(void)
{
	return write(STDOUT_FILENO, "PWNED\n", 6) == 6 ? 66 : 65;
}
