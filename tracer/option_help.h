/* SPDX-License-Identifier: Apache-2.0 */
/* option_help.h: the text of --help, made from the table of options.  One screen. */
#ifndef TRACER_OPTION_HELP_H
#define TRACER_OPTION_HELP_H

/* NULL: no memory.  The caller frees it. */
char *option_help(void);

#endif
