/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "support/c_number.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static locale_t enter_c(locale_t *c)
{
    *c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return uselocale(*c);
}

static void leave_c(locale_t c, locale_t before)
{
    (void)uselocale(before);
    freelocale(c);
}

double c_strtod(const char *text, char **end)
{
    locale_t c, before = enter_c(&c);
    double value = strtod(text, end);

    leave_c(c, before);
    return value;
}

void c_print_g(char *text, size_t size, int digits, double value)
{
    locale_t c, before = enter_c(&c);

    (void)snprintf(text, size, "%.*g", digits, value);
    leave_c(c, before);
}
