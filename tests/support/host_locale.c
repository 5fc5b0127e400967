/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Preloaded into a program: before its main() runs, take the locale of the environment,
 * as a host of the library may have done. A run that was to prove that a decimal comma
 * changes nothing must not pass because the locale is missing: then the program ends.
 */
__attribute__((constructor)) static void take_the_locale(void)
{
    if (setlocale(LC_ALL, "") == NULL ||
        strcmp(localeconv()->decimal_point, ",") != 0) {
        fputs("host_locale: LC_ALL names no locale with a decimal comma\n", stderr);
        _Exit(99);
    }
}
