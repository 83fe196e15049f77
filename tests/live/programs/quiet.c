/* SPDX-License-Identifier: Apache-2.0 */
/* quiet.c: the program that the policy allows.  As an interpreter it tells whose script it got. */
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 2 || !strstr(argv[1], "/no/"))
		return 0;
	return write(STDOUT_FILENO, "PWNED\n", 6) == 6 ? 66 : 65;
}
