/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_C_NUMBER_H
#define MTP_TEST_C_NUMBER_H

#include <stddef.h>

/*
 * The C library's own conversions, with a point in every locale: tests compare
 * metapool's numbers with these, and also run in a process whose locale has a comma.
 */

/** strtod */
double c_strtod(const char *text, char **end);

/** snprintf with "%.*g" */
void c_print_g(char *text, size_t size, int digits, double value);

#endif
