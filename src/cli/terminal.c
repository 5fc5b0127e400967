/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
/* What the terminal can show, as far as the environment tells. */
#include "cli/cli.h"
#include "core/ascii.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool mtp_cli_use_color(const mtp_request *request)
{
    const char *when = mtp_request_get(request, "color");
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

    if (strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    return !mtp_request_get(request, "output") && isatty(STDOUT_FILENO) &&
           !(no_color && *no_color) && terminal && strcmp(terminal, "dumb") != 0;
}

/* The name of the locale of characters, as POSIX looks for it. */
static const char *locale_name(void)
{
    static const char *const variable[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < sizeof variable / sizeof *variable; i++) {
        const char *value = getenv(variable[i]);

        if (value && *value) {
            return value;
        }
    }
    return "C";
}

bool mtp_cli_use_ascii(const mtp_request *request)
{
    const char *charset = mtp_request_get(request, "charset"), *dot;

    if (strcmp(charset, "auto") != 0 || mtp_request_get(request, "output")) {
        return strcmp(charset, "ascii") == 0;
    }
    dot = strrchr(locale_name(), '.');
    return !dot || (!mtp_ascii_same_part(dot + 1, "UTF-8", 5) &&
                    !mtp_ascii_same_part(dot + 1, "UTF8", 4));
}
