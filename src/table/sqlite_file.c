/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/sqlite_file.h"

#include <string.h>

bool mtp_is_sqlite(const char *bytes, size_t length)
{
    static const char magic[] = "SQLite format 3"; /* its NUL included */

    return length >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}
